#include "oauth/grants.hpp"
