/// What one request means to a host that waits for the end of a sign-in.
///
/// Guarantees: the right visit is one of the exact path, to a loopback name with the port (a page elsewhere
/// whose name was made to point here is none, "DNS rebinding"), by GET or form_post, with the right state.
/// No socket, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/request_reader.hpp"
#include "host/visit_parameters.hpp"
#include "wfc/secret.hpp"

namespace wfc {

struct ExpectedVisit {
    std::uint16_t port = 0;
    std::string path;
    SecretString state;
    std::string language;  ///< of browsers that say nothing of it
};

struct VisitVerdict {
    std::string language;
    std::optional<VisitParameters> right{};  ///< then there is no answer yet
    std::string answer{};                    ///< of HTTP, to any other visit
};

/// `request` is whole.
VisitVerdict judge_visit(const RequestReader& request, const ExpectedVisit& expected);
/// The answer to a request that was refused while it was read.
VisitVerdict refuse_visit(const RequestReader& request, const ExpectedVisit& expected);

}  // namespace wfc
