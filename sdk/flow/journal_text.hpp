/// The journal's records as JSON.
#pragma once

#include <string>
#include <string_view>

#include "flow/journal.hpp"

namespace wfc::flow {

std::string text_of(const FlowRecord& record);
std::string text_of(const RunRecord& record);
/// Throw std::invalid_argument for what is no record.
FlowRecord flow_record(std::string_view text);
RunRecord run_record(std::string_view text);

}  // namespace wfc::flow
