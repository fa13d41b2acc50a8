#include "template/template.hpp"
