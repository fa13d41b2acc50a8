// With REFUSED: a function that may throw, put into a table. The compiler must say no from C++17 on.
#include "wfc/component.h"

#ifdef REFUSED
static wfc_status take(void*, wfc_view) {
    return WFC_OK;
}
#else
static wfc_status take(void*, wfc_view) noexcept {
    return WFC_OK;
}
#endif

extern const wfc_sink sink;
const wfc_sink sink = {nullptr, take};
