/// Integers that JSON may hold and 64 bits may not. Internal to this folder; no I/O, any thread.
#pragma once

#include <string_view>

namespace wfc::flow {

/// Throws Problem for an integer beyond 64 bits in a document that `parse_json` took: it has become a double
/// there, so that another number would reach the component.
void refuse_large_integers(std::string_view json);

}  // namespace wfc::flow
