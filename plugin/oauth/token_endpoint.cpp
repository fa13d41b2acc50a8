#include "oauth/token_endpoint.hpp"
