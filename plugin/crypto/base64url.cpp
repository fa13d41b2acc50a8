#include "crypto/base64url.hpp"
