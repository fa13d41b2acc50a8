#include "oauth/authorization.hpp"
