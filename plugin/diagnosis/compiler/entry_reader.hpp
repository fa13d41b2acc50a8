/// One entry of the catalogue, read strictly (manifests/errors.schema.json says what its members mean).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "diagnosis/compiler/source.hpp"

namespace wfc {
class Fields;
}

namespace mailsend::diagnosis::compiler {

/// Throws std::runtime_error (wfc::Problem too) with a sentence that names the member; `owner` stays empty.
EntrySource read_entry(const nlohmann::json& json, const std::vector<ProviderSource>& providers);

/// The member's strings, none of them empty; no member, no strings. Throws as read_entry.
std::vector<std::string> strings(wfc::Fields& fields, const char* member);

}  // namespace mailsend::diagnosis::compiler
