/// A document that cannot be used, as facts of a failure.
#pragma once

#include "outcome/failure.hpp"
#include "wfc/problem.hpp"

namespace mailsend {

/// With the condition that errors.json has for it, and the pointer to the member at fault. Any thread.
Facts facts_of(const wfc::Problem& problem);

}  // namespace mailsend
