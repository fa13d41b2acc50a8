// Settings and input: any bytes are parsed or refused with a sentence that names the member, and nothing
// else.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "message/draft.hpp"
#include "settings/settings.hpp"
#include "wfc/problem.hpp"

namespace {

template <class Parse>
void refuses_or_takes(Parse parse, wfc_status status) {
    try {
        parse();
    } catch (const wfc::Problem& problem) {
        if (problem.status() != status || std::string_view(problem.what()).empty()) std::abort();
        if (!problem.pointer().empty() && problem.pointer().front() != '/') std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    refuses_or_takes([&] { mailsend::parse_settings(text); }, WFC_INVALID_SETTINGS);
    refuses_or_takes([&] { mailsend::parse_draft(text, nlohmann::json::object(), {}); }, WFC_INVALID_INPUT);
    return 0;
}
