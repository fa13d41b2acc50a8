#include "oauth/token_record.hpp"
