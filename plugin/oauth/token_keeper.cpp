#include "oauth/token_keeper.hpp"
