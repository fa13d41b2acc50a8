// Templates: any source is parsed or refused, any payload rendered or refused with its place, within the
// bounds, and values stay values. Before the first NUL the template, after it the payload.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "template/template.hpp"

namespace {

using mailsend::Escape;
using mailsend::Template;
using mailsend::TemplateFault;

constexpr std::size_t limit = 1 << 16;

bool nests_deep(std::string_view text) {
    return std::count(text.begin(), text.end(), '[') + std::count(text.begin(), text.end(), '{') > 32;
}

void check_fault(const TemplateFault& fault, std::string_view source) {
    if (std::string_view(fault.what()).empty() || fault.offset() > source.size()) std::abort();
    if (!fault.pointer().empty() && fault.pointer().front() != '/') std::abort();
}

void render(const Template& parsed, std::string_view source, const nlohmann::json& payload, Escape escape) {
    std::size_t steps = 100'000;
    std::vector<mailsend::Span> values;
    try {
        const std::string out = parsed.render(payload, {escape, limit, &steps, &values});
        if (out.size() > limit || (parsed.literal() && out != source)) std::abort();
        std::size_t at = 0;
        for (const mailsend::Span& span : values) {
            if (span.begin < at || span.end < span.begin || span.end > out.size()) std::abort();
            at = span.end;
            const std::string_view value = std::string_view(out).substr(span.begin, span.end - span.begin);
            if (escape == Escape::html && value.find_first_of("<>\"'") != value.npos) std::abort();
        }
        if (parsed.one_variable() && (values.size() != 1 || values[0].end != out.size())) std::abort();
    } catch (const TemplateFault& fault) {
        check_fault(fault, source);
        if (fault.cause() == TemplateFault::Cause::syntax) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string_view source = text.substr(0, text.find('\0'));
    const std::string_view document = source.size() < size ? text.substr(source.size() + 1) : "{}";
    if (nests_deep(document)) return 0;
    nlohmann::json payload = nlohmann::json::parse(document, nullptr, false);
    if (payload.is_discarded()) payload = std::string(document.size(), '<');
    try {
        const Template parsed(source);
        render(parsed, source, payload, Escape::none);
        render(parsed, source, payload, Escape::html);
    } catch (const TemplateFault& fault) {
        check_fault(fault, source);
        if (fault.cause() != TemplateFault::Cause::syntax) std::abort();
    }
    return 0;
}
