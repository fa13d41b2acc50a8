#include "oauth/token_doctor.hpp"
