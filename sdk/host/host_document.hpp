/// A result document where the host and not a component has something to say.
///
/// Guarantees: one JSON object with `format`, `outcome` and `error`, always valid UTF-8. Explains nothing:
/// hosts know nothing of what a component does.
#pragma once

#include <string>
#include <string_view>

namespace wfc {

/// What happened, in the words of the contract. `id` never changes once it was given.
struct HostError {
    std::string_view id;
    std::string_view stage = "host";
    std::string_view error_class = "permanent";
    std::string_view advice = "after-fix";
};

std::string host_document(std::string_view outcome, const HostError& error, std::string_view sentence);

}  // namespace wfc
