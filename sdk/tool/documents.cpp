#include "tool/documents.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "host/file_source.hpp"
#include "host/host_document.hpp"
#include "host/log_writer.hpp"
#include "host/printable.hpp"
#include "tool/stop.hpp"
#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

using Json = nlohmann::ordered_json;  // the component's order of members is part of how it reads

constexpr std::size_t most = std::size_t{64} << 20;

/// A string member for people, or empty.
std::string member(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? printable(found->get<std::string>(), false, 16384)
                                                     : std::string();
}

std::string explanation(const Json& error, const Style& style) {
    const auto found = error.find("explanation");
    if (found == error.end() || !found->is_object()) return {};
    std::string out;
    if (const std::string title = member(*found, "title"); !title.empty())
        out += "  " + style.bold(title) + "\n";
    if (const std::string cause = member(*found, "cause"); !cause.empty()) out += "  " + cause + "\n";
    if (const auto steps = found->find("steps"); steps != found->end() && steps->is_array()) {
        int number = 0;
        for (const Json& step : *steps) {
            if (step.is_string()) {
                out += "  " + std::to_string(++number) + ". " + printable(step.get<std::string>()) + "\n";
            }
        }
    }
    if (const std::string link = member(*found, "link"); !link.empty()) out += "  " + link + "\n";
    return out;
}

}  // namespace

std::string read_document(const std::filesystem::path& path, bool standard_input) {
    const bool stdin_named = standard_input && path == "-";
    const std::string name = stdin_named ? "standard input" : path.string();
    FileDescriptor opened;
    if (!stdin_named) {
        opened.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
        if (!opened) throw Stop(exit_unreadable, name + " cannot be read: " + std::strerror(errno));
    }
    std::string out, buffer(std::size_t{256} << 10, '\0');
    for (;;) {
        const std::size_t wanted = std::min(buffer.size(), most + 1 - out.size());
        const ssize_t n = ::read(stdin_named ? STDIN_FILENO : opened.get(), buffer.data(), wanted);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Stop(exit_unreadable, name + " cannot be read: " + std::strerror(errno));
        out.append(buffer, 0, static_cast<std::size_t>(n));
        if (n == 0 || out.size() > most) return out;
    }
}

std::string contract_breach(std::string_view sentence) {
    return host_document("failed", {"host.contract_broken"}, sentence);
}

std::string outcome_of(std::string_view document) {
    // Whoever shows it goes into it step by step, and a stack ends.
    if (detail::nests_deeper(document, deepest_document))
        throw std::invalid_argument("the component's result nests deeper than " +
                                    std::to_string(deepest_document) + " levels");
    const Json parsed = Json::parse(document, nullptr, false);
    if (!parsed.is_object()) throw std::invalid_argument("the component's result is not one JSON object");
    const auto outcome = parsed.find("outcome");
    return outcome != parsed.end() && outcome->is_string() ? outcome->get<std::string>() : "";
}

void write_out(std::string_view rest) noexcept {
    while (!rest.empty()) {
        const ssize_t n = ::write(STDOUT_FILENO, rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) break;  // nobody reads it; the exit code still tells
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
}

void show_document(std::string_view document) {
    const Json parsed = Json::parse(document, nullptr, false);
    write_out(parsed.dump(isatty(STDOUT_FILENO) == 1 ? 2 : -1, ' ', false, Json::error_handler_t::replace) +
              "\n");
}

void explain_document(std::string_view document, LogWriter& log, const Style& style) {
    const Json parsed = Json::parse(document, nullptr, false);
    if (!parsed.is_object()) return;
    if (const auto warnings = parsed.find("warnings"); warnings != parsed.end() && warnings->is_array()) {
        for (const Json& warning : *warnings) {
            if (!warning.is_string()) continue;
            log.notice(3, style.yellow("warning: ") + printable(warning.get<std::string>()),
                       warning.get<std::string>());
        }
    }
    const auto error = parsed.find("error");
    if (error == parsed.end() || !error->is_object()) return;
    const std::string message = member(*error, "message");
    if (message.empty()) return;
    const std::string where = member(*error, "pointer");
    std::string shown =
        style.red("error: ") + message + (where.empty() ? "" : style.dim(" (at " + where + ")"));
    if (const std::string more = explanation(*error, style); !more.empty()) {
        shown += "\n" + more.substr(0, more.size() - 1);  // the line's own end follows
    }
    log.notice(4, shown, message);
}

}  // namespace wfc::tool
