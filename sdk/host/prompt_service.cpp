#include "host/prompt_service.hpp"
