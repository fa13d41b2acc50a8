/// What the server says in more than one place. Internal to it.
#pragma once

#include <string>

#include "serve/call.hpp"
#include "serve/request.hpp"

namespace wfc::serve {

inline Result cancelled_in_line() {
    return Call::without(WFC_CANCELLED, "cancelled", "host.cancelled", "permanent", "never",
                         "it was cancelled before it was its turn; nothing was begun");
}

inline Refusal stuck_behind(const std::string& component) {
    return {"stuck",
            "a call of \"" + component +
                "\" was cancelled, or its time was over, and it does not end; load another component"};
}

}  // namespace wfc::serve
