#include "delivery/wire_log.hpp"

#include "outcome/credential_text.hpp"
#include "outcome/document.hpp"
#include "wfc/author.hpp"

namespace mailsend::delivery {
namespace {

constexpr std::size_t longest = 1024;

std::string quoted(std::string_view text) {
    return wfc::Component::quoted(printable(text, longest));
}

}  // namespace

std::string WireLog::fields(Stage stage, std::string_view name, std::string_view text) const {
    std::string shown = without_credentials(text);
    if (addresses_) shown = addresses_->applied(shown);
    return R"({"stage":")" + std::string(to_string(stage)) + "\",\"" + std::string(name) +
           "\":" + quoted(shown) + "}";
}

void WireLog::follow(smtp::SessionOptions& options) const {
    if (!log_.enabled(wfc::Level::trace)) return;
    options.sent = [wire = *this](Stage stage, std::string_view line) {
        wire.log_.write(wfc::Level::trace, "smtp.command", wire.fields(stage, "line", line));
    };
    options.replied = [wire = *this](Stage stage, const Reply& reply) {
        for (const std::string& line : reply.lines)
            wire.log_.write(wfc::Level::trace, "smtp.reply", wire.fields(stage, "line", line));
    };
}

void WireLog::connected(const net::Stream& stream) const {
    if (!log_.enabled(wfc::Level::trace)) return;
    log_.write(wfc::Level::trace, "net.connected",
               R"({"stage":"connect","address":)" + quoted(stream.peer_address()) + "}");
}

void WireLog::encrypted(const net::TlsFacts& facts) const {
    if (!log_.enabled(wfc::Level::trace)) return;
    log_.write(wfc::Level::trace, "tls.established",
               R"({"stage":"tls","version":)" + quoted(facts.version) +
                   ",\"cipher\":" + quoted(facts.cipher) + ",\"subject\":" + quoted(facts.subject) +
                   ",\"not_after\":" + std::to_string(facts.not_after_unix) + "}");
}

}  // namespace mailsend::delivery
