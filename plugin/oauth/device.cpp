#include "oauth/device.hpp"
