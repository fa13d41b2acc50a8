/// The answer to one request for the metrics.
///
/// Guarantees: GET /metrics alone gets them; where only this machine can reach the port, a request must name
/// this machine too (Host), so that no page of a browser reads them under a name of its own (DNS rebinding).
/// Every answer ends the connection.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "host/request_reader.hpp"

namespace wfc::metrics {

/// Whether the value of a Host field (RFC 9110 section 7.2) is 127.0.0.1, [::1] or localhost, with whatever
/// port: a tunnel has another one, and a page cannot choose these names for itself.
bool names_this_machine(std::string_view host);

/// `request` is whole, or refused. `loopback`: Host is looked at. `text`: makes the metrics.
std::string answer_to(const RequestReader& request, bool loopback, const std::function<std::string()>& text);

}  // namespace wfc::metrics
