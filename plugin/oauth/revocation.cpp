#include "oauth/revocation.hpp"
