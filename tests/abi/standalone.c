#include "wfc/component.h"

typedef wfc_module header_stands_alone;
