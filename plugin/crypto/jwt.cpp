#include "crypto/jwt.hpp"
