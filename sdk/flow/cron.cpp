#include "flow/cron.hpp"
