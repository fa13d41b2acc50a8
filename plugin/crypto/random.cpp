#include "crypto/random.hpp"
