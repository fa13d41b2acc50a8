#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "loader/loader.hpp"
#include "tool/commands.hpp"
#include "tool/component_texts.hpp"
#include "tool/documents.hpp"
#include "tool/explained_text.hpp"
#include "tool/one_call.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

namespace {

constexpr const char* operation = "explain";
constexpr const char* nothing_given =
    "there is no text to explain; put it in quotes, as in wfc explain 'TEXT', or give it on standard input, "
    "as "
    "in wfc explain - < FILE";
/// More than that is not pasted; what comes after it is left where it is.
constexpr std::size_t most = std::size_t{1} << 20;

std::string standard_input() {
    if (isatty(STDIN_FILENO) == 1) throw Stop(exit_usage, nothing_given);
    std::string out(most, '\0');
    std::size_t size = 0;
    while (size < most) {
        const ssize_t n = ::read(STDIN_FILENO, out.data() + size, most - size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0)
            throw Stop(exit_unreadable,
                       std::string("standard input cannot be read: ") + std::strerror(errno));
        if (n == 0) break;
        size += static_cast<std::size_t>(n);
    }
    out.resize(size);
    return out;
}

/// The component that is named, in `words` too, which it leaves then; else the only one that can explain.
Manifest component_for(const ExplainOptions& options, std::vector<std::string>& words) {
    if (!options.type.empty()) return find_component(options.type, options.components);
    if (!words.empty()) {
        for (Manifest& each : installed(search_path(options.components))) {
            if (each.type != words.front() || each.operation(operation) == nullptr) continue;
            words.erase(words.begin());
            return std::move(each);
        }
    }
    return find_declaring(operation, search_path(options.components));
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

}  // namespace

int explain(const ExplainOptions& options, SecretStore& secrets) {
    std::vector<std::string> words = options.words;
    const Manifest manifest = component_for(options, words);
    const bool piped = words.empty() || (words.size() == 1 && words.front() == "-");
    const std::string text = piped ? standard_input() : joined(words);
    if (text.find_first_not_of(" \t\r\n") == text.npos) throw Stop(exit_usage, nothing_given);
    nlohmann::ordered_json input{{"reply", text}};
    if (!options.stage.empty()) input["stage"] = options.stage;
    if (!options.provider.empty()) input["provider"] = options.provider;
    const std::string language = language_of(options.language);
    // A language of the environment that the component does not have is nobody's fault.
    if (!options.language.empty() || manifest.texts.count(language) != 0) input["language"] = language;

    InvokeOptions call;
    call.type = manifest.type;
    call.operation = operation;
    call.components = options.components;
    call.json = options.json;
    call.language = language;
    call.input_text = input.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    const ComponentTexts texts(manifest, language);
    const auto show = [&](std::string_view document, LogWriter& log, const Style& errors) {
        if (options.json) {
            show_document(document);
        } else {
            write_out(explained_text(document, texts, language, Screen::of(STDOUT_FILENO),
                                     Style::of(STDOUT_FILENO)));
        }
        explain_document(document, log, errors);
    };
    return call_once(call, manifest, secrets, {show});
}

}  // namespace wfc::tool
