/// What was logged during a call, masked line by line.
///
/// Guarantees: what `wfc` itself writes into each line (time, level, event) stays; a secret that goes over
/// several lines of the same event that follow each other is found, too: then what holds a part of it is left
/// out whole. `stop` is asked before each line: when it says so, what follows is dropped.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "host/event_record.hpp"
#include "host/support_mask.hpp"

namespace wfc::tool {

std::string masked_lines(KeptLines lines, SupportMask& mask, const std::function<bool()>& stop);

}  // namespace wfc::tool
