/// What the host says, as lines.
///
/// Guarantees: each is one JSON object on one line in UTF-8, whatever the texts hold.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/current_call.hpp"
#include "host/prompt_question.hpp"
#include "manifest/manifest.hpp"
#include "wfc/component.h"

namespace wfc::serve {

struct Greeting {
    std::string version, blobs;
    std::size_t calls = 0, components = 0;
};
std::string said_hello(std::uint64_t id, const Greeting& greeting, const std::vector<Manifest>& installed);
std::string said_loaded(std::uint64_t id, std::string_view component, const Manifest& manifest);
/// `problem`: the document of settings that were refused, or empty.
std::string said_configured(std::uint64_t id, std::string_view component, std::string_view problem);
/// `event`: a JSON object on one line.
std::string said_progress(std::uint64_t id, std::string_view event);

/// A file in the folder of blobs.
struct SavedBlob {
    std::string file;
    std::uint64_t bytes = 0;
};
struct Result {
    wfc_status status = WFC_INTERNAL;
    std::string document;  ///< on one line
    std::string outcome;   ///< of the document; empty where it has none
    std::map<std::string, SavedBlob> blobs{};
};
/// `ports`: of the operation.
std::string said_result(std::uint64_t id, const Result& result, const std::vector<std::string>& ports);

/// `type`: cancelled or answered.
std::string said_known(std::string_view type, std::uint64_t id, bool known);
std::string said_released(std::uint64_t id);
std::string said_unloaded(std::uint64_t id);
/// `fields`: a JSON object on one line. `component`: empty where the host itself speaks. `call`: in which it
/// was logged, or null.
std::string said_log(std::int32_t level, std::string_view event, std::string_view fields,
                     std::string_view component, const CallNames* call = nullptr);
std::string said_error(std::optional<std::uint64_t> id, std::string_view error, std::string_view sentence);

/// Questions. Seconds: nothing where there is no end.
std::string said_url(std::uint64_t id, std::string_view url, std::optional<std::uint64_t> expires_in_s);
std::string said_code(std::uint64_t id, const DeviceQuestion& question, std::int64_t expires_in_s);
std::string said_complaint(std::uint64_t id, std::string_view problem, std::string_view sentence);
std::string said_done(std::uint64_t id, bool succeeded);

}  // namespace wfc::serve
