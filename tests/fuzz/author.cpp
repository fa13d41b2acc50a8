// wfc/author.h: takes exactly the documents that a JSON library reads as an object of strings with the two
// known members, and gives the same strings.
#include "wfc/author.h"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace {

using nlohmann::json;

/// What the library makes of a document.
struct Verdict {
    bool json = false;   ///< it is JSON at all
    bool taken = false;  ///< and of the shape that is asked for
    std::string a, b;
};

bool of_the_shape(const json& document, const std::map<std::string, int>& names) {
    if (!document.is_object()) return false;
    for (const auto& [name, times] : names) {
        if (times != 1 || (name != "a" && name != "b" && name != "format")) return false;
    }
    if (names.count("a") == 0 || names.count("b") == 0) return false;
    const auto format = document.find("format");
    if (format != document.end() && (!format->is_number_unsigned() || *format != 1)) return false;
    return document["a"].is_string() && document["b"].is_string();
}

Verdict library(std::string_view text) {
    // The library skips a byte order mark and ends at a NUL; in JSON neither may stand (RFC 8259 section
    // 2, 8.1).
    if (text.substr(0, 3) == "\xef\xbb\xbf" || text.find('\0') != text.npos) return {};
    std::map<std::string, int> names;
    const json document = json::parse(
        text,
        [&](int depth, json::parse_event_t event, json& parsed) {
            if (depth == 1 && event == json::parse_event_t::key) ++names[parsed.get<std::string>()];
            return true;
        },
        false);
    Verdict verdict;
    verdict.json = !document.is_discarded();
    verdict.taken = verdict.json && of_the_shape(document, names);
    if (verdict.taken) {
        verdict.a = document["a"];
        verdict.b = document["b"];
    }
    return verdict;
}

/// What a value says that stands as it is written between its quotes.
std::string decoded(wfc_view value) {
    return json::parse("\"" + std::string(value.data, value.size) + "\"");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    wfc_member members[2] = {{"a", {nullptr, 0}, 0}, {"b", {nullptr, 0}, 0}};
    wfc_fault fault{nullptr, nullptr};
    const bool taken = wfc_read_strings({text.data(), size}, members, 2, &fault) == 1;
    const Verdict right = library(text);
    if (taken) {
        if (!right.taken || decoded(members[0].value) != right.a || decoded(members[1].value) != right.b)
            std::abort();
        return 0;
    }
    const std::string_view said(fault.sentence);
    if (said == "the document is not valid JSON" && right.json) std::abort();
    // The one difference: names are compared as they are written, so one with an escape is not known.
    const bool escaped =
        said == "the document has a member that is not known" && text.find('\\') != text.npos;
    if (right.taken && !escaped) std::abort();
    return 0;
}
