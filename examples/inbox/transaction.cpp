// MAIL, RCPT, DATA and BDAT (RFC 5321 section 3.3, RFC 3030).
#include <array>
#include <system_error>

#include "dialogue.hpp"
#include "dots.hpp"

namespace inbox {
namespace {

constexpr std::size_t max_recipients = 1000;
constexpr auto patience = std::chrono::minutes(10);

bool one_of(const std::string& value, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) {
        if (upper(value) == word) return true;
    }
    return false;
}

bool digits(std::string_view text, std::size_t longest) {
    return !text.empty() && text.size() <= longest &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether `keyword=value` is well formed and offered; nothing when the keyword is not known.
std::optional<bool> good(const Offers& offers, bool sender, const std::string& keyword,
                         const std::string& value) {
    if (sender && keyword == "SIZE" && offers.size) return digits(value, 20);
    if (sender && keyword == "BODY" && offers.eight_bit_mime) return one_of(value, {"7BIT", "8BITMIME"});
    if (sender && keyword == "SMTPUTF8" && offers.smtputf8) return value.empty();
    if (sender && keyword == "AUTH" && offers.auth()) return !value.empty();
    if (sender && keyword == "RET" && offers.dsn) return one_of(value, {"FULL", "HDRS"});
    if (sender && keyword == "ENVID" && offers.dsn) return !value.empty() && value.size() <= 100;
    if (!sender && keyword == "NOTIFY" && offers.dsn) return !value.empty();
    if (!sender && keyword == "ORCPT" && offers.dsn) return value.find(';') != std::string::npos;
    return std::nullopt;
}

}  // namespace

void Dialogue::forget_transaction() {
    in_mail_ = broken_chunks_ = too_big_ = disk_refused_ = false;
    envelope_.sender = {};
    envelope_.recipients.clear();
    incoming_.reset();
}

bool Dialogue::acceptable(const Path& path, bool sender) {
    for (const auto& [keyword, value] : path.parameters) {
        const std::optional<bool> sound = good(premises_.offers, sender, keyword, value);
        if (!sound) {
            complain(555, "5.5.4", "Parameter not offered: " + keyword);
            return false;
        }
        if (!*sound) {
            complain(501, "5.5.4", "Bad value of " + keyword);
            return false;
        }
    }
    const auto& parameters = sender ? path.parameters : envelope_.sender.parameters;
    if (!path.ascii && parameters.count("SMTPUTF8") == 0) {
        complain(553, "5.6.7", "A non-ASCII address needs SMTPUTF8");
        return false;
    }
    return true;
}

void Dialogue::mail(std::string_view argument) {
    if (!greeted_) return complain(503, "5.5.1", "Send EHLO first");
    if (in_mail_) return complain(503, "5.5.1", "Nested MAIL");
    read_script();
    const std::optional<Path> path = parse_path(argument, "FROM");
    if (!path) return complain(501, "5.5.4", "Syntax: MAIL FROM:<address>");
    if (!acceptable(*path, true)) return;
    const auto size = path->parameters.find("SIZE");
    const bool too_big =
        size != path->parameters.end() &&
        (size->second.size() > 15 || std::stoull(size->second) > premises_.offers.size_limit);
    const int said = too_big
                         ? answer(Stage::mail, 552, "5.3.4", "Message size exceeds the limit", path->address)
                         : answer(Stage::mail, 250, "2.1.0", "Ok", path->address);
    if (said / 100 != 2) return;
    forget_transaction();
    in_mail_ = true;
    envelope_.sender = *path;
}

void Dialogue::rcpt(std::string_view argument) {
    if (!in_mail_) return complain(503, "5.5.1", "Send MAIL first");
    const std::optional<Path> path = parse_path(argument, "TO");
    if (!path || path->address.empty()) return complain(501, "5.5.4", "Syntax: RCPT TO:<address>");
    if (!acceptable(*path, false)) return;
    if (envelope_.recipients.size() >= max_recipients) return complain(452, "4.5.3", "Too many recipients");
    if (answer(Stage::rcpt, 250, "2.1.5", "Ok", path->address) / 100 == 2)
        envelope_.recipients.push_back(*path);
}

void Dialogue::data(std::string_view argument) {
    if (!in_mail_) return complain(503, "5.5.1", "Send MAIL first");
    if (!argument.empty()) return complain(501, "5.5.4", "Syntax: DATA");
    if (envelope_.recipients.empty()) return complain(554, "5.5.1", "No valid recipients");
    if (incoming_ || broken_chunks_) return complain(503, "5.5.1", "DATA does not mix with BDAT");
    if (answer(Stage::data, 354, "", "Start mail input; end with <CRLF>.<CRLF>") != 354) return;
    envelope_.transfer = "DATA";
    receive_dotted();
    finish(Stage::dot);
}

void Dialogue::receive_dotted() {
    try {
        incoming_ = premises_.store->begin();
    } catch (const std::system_error&) {
        disk_refused_ = true;
    }
    Dots dots;
    std::string decoded;
    while (!dots.done()) {
        if (wire_.buffered().empty() && wire_.fill(patience) != Got::bytes) throw Over();
        decoded.clear();
        wire_.consume(dots.feed(wire_.buffered(), decoded));
        too_big_ =
            too_big_ || (incoming_ && incoming_->size() + decoded.size() > premises_.offers.size_limit);
        if (!too_big_ && !disk_refused_) disk_refused_ = !incoming_->append(decoded);
    }
}

void Dialogue::bdat(std::string_view argument) {
    const std::size_t blank = argument.find(' ');
    const std::string_view size = argument.substr(0, blank);
    const std::string last = blank == std::string_view::npos ? "" : upper(argument.substr(blank + 1));
    if (!premises_.offers.chunking) return complain(502, "5.5.1", "CHUNKING is not offered");
    if (!digits(size, 12) || (blank != std::string_view::npos && last != "LAST")) {
        return complain(501, "5.5.4", "Syntax: BDAT count [LAST]");
    }
    const std::size_t count = std::stoull(std::string(size));
    const bool allowed = in_mail_ && !envelope_.recipients.empty() && !broken_chunks_;
    if (allowed && !incoming_) {
        try {
            incoming_ = premises_.store->begin();
        } catch (const std::system_error&) {
            disk_refused_ = true;
        }
    }
    if (!receive(count)) throw Over();  // RFC 3030: the chunk is on its way whatever is answered
    if (!allowed) {
        broken_chunks_ = in_mail_;
        return complain(503, "5.5.1",
                        in_mail_ ? "No valid recipients, or a chunk was refused" : "Send MAIL first");
    }
    envelope_.transfer = "BDAT";
    if (!last.empty()) return finish(upcoming(Stage::bdat) != nullptr ? Stage::bdat : Stage::dot);
    if (answer(Stage::bdat, 250, "2.0.0", std::string(size) + " octets received") / 100 != 2) {
        broken_chunks_ = true;
        incoming_.reset();
    }
}

bool Dialogue::receive(std::size_t count) {
    while (count > 0) {
        if (wire_.buffered().empty() && wire_.fill(patience) != Got::bytes) return false;
        const std::string_view piece = wire_.buffered().substr(0, count);
        too_big_ = too_big_ || (incoming_ && incoming_->size() + piece.size() > premises_.offers.size_limit);
        if (incoming_ && !too_big_ && !disk_refused_) disk_refused_ = !incoming_->append(piece);
        count -= piece.size();
        wire_.consume(piece.size());
    }
    return true;
}

void Dialogue::finish(Stage stage) {
    const bool sound = !too_big_ && !disk_refused_ && incoming_;
    const int usual = too_big_ ? 552 : sound ? 250 : 452;
    // A script that cuts the line here leaves a message that was taken and never acknowledged: the case
    // `unknown` is about.
    const int planned = planned_code(upcoming(stage), usual);
    const bool take = sound && (planned == 0 || planned / 100 == 2);
    const std::string name = sound ? incoming_->name() : "";
    if (take && !incoming_->keep(envelope_)) disk_refused_ = true;
    incoming_.reset();  // gone before the client hears of it
    if (take && !disk_refused_) premises_.log("stored " + name + ".eml");
    if (too_big_) {
        answer(stage, 552, "5.3.4", "Message size exceeds the limit");
    } else if (!sound || disk_refused_) {
        answer(stage, 452, "4.3.1", "The store takes no more");
    } else {
        answer(stage, 250, "2.0.0", "Ok: queued as " + name);
    }
    forget_transaction();
}

}  // namespace inbox
