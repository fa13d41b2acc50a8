#include "delivery/wire_log.hpp"

#include "outcome/document.hpp"
#include "wfc/author.hpp"

namespace mailsend::delivery {
namespace {

std::string fields(Stage stage, std::string_view name, std::string_view text) {
    constexpr std::size_t longest = 1024;
    return R"({"stage":")" + std::string(to_string(stage)) + "\",\"" + std::string(name) +
           "\":" + wfc::Component::quoted(printable(text, longest)) + "}";
}

}  // namespace

void log_session_to(const wfc::Log& log, smtp::SessionOptions& options) {
    if (!log.enabled(wfc::Level::debug)) return;
    options.sent = [log](Stage stage, std::string_view line) {
        log.write(wfc::Level::debug, "smtp.command", fields(stage, "line", line));
    };
    options.replied = [log](Stage stage, const Reply& reply) {
        for (const std::string& line : reply.lines) {
            log.write(wfc::Level::debug, "smtp.reply", fields(stage, "line", line));
        }
    };
}

}  // namespace mailsend::delivery
