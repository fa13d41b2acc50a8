#include "wfc/component.h"
/* And what C components include besides. */
#include "wfc/author.h"

typedef wfc_module header_stands_alone;
