#include "message/address.hpp"

#include <stdexcept>
#include <utility>

#include "message/characters.hpp"
#include "message/domain.hpp"

namespace mailsend {

namespace {

constexpr std::size_t local_limit = 64;  ///< RFC 5321 section 4.5.3.1.1

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw std::invalid_argument(shown(text) + " " + why);
}

/// Reads the grammar of RFC 5322 section 3.4 from left to right; comments are dropped, obsolete forms
/// refused.
class AddressReader {
  public:
    explicit AddressReader(std::string_view text) : text_(text) {
        if (const char* why = forbidden_character(text)) refuse(text, why);
        if (text.find('\t') != std::string_view::npos || holds_c1_control(text))
            refuse(text, "holds a control character");
        skip_blanks();
    }

    bool at_end() const noexcept { return at_ == text_.size(); }

    /// True after a comma, which it takes.
    bool take_comma() {
        if (at_end() || text_[at_] != ',') return false;
        ++at_;
        skip_blanks();
        return true;
    }

    /// One mailbox, up to a comma or the end.
    Mailbox mailbox() {
        start_ = at_;
        std::string phrase;
        Word last;
        for (std::size_t words = 0;; ++words) {
            const char next = peek();
            if (next == '<') return name_addr(std::move(phrase));
            if (next == '@') {
                if (words == 0) refuse(all(), "has nothing before the @");
                if (words > 1) refuse(all(), "has more than one word before the @");
                ++at_;
                return {{}, addr_spec(last)};
            }
            if (next == ':' || next == ';') refuse(all(), "is a group of addresses, which is not accepted");
            if (next == ',' || next == '\0') refuse(all(), words == 0 ? "has an empty address" : "has no @");
            const bool joined = words > 0 && glued_;
            last = word();
            if (!phrase.empty() && !joined) phrase += ' ';
            phrase += last.text;
        }
    }

    /// After the last mailbox nothing may follow.
    void finish() const {
        if (!at_end())
            refuse(text_, text_[at_] == ',' ? "holds more than one address" : "goes on after the address");
    }

  private:
    struct Word {
        std::string text;
        bool quoted = false;
    };

    /// The mailbox at hand, for sentences.
    std::string_view all() const noexcept { return text_.size() - start_ > 0 ? text_.substr(start_) : text_; }
    char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }

    /// Blanks and comments (CFWS). Comments nest; they are counted, not recursed into.
    void skip_blanks() {
        glued_ = true;
        for (std::size_t depth = 0; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '(') {
                ++depth;
            } else if (depth == 0 && c != ' ') {
                return;
            } else if (c == ')') {
                --depth;
            } else if (depth > 0 && c == '\\') {
                ++at_;
            }
            glued_ = false;
            if (depth > 0 && at_ + 1 >= text_.size()) refuse(text_, "has a comment without an end");
        }
        if (at_ > text_.size()) at_ = text_.size();
    }

    Word word() {
        Word out;
        if (peek() == '"') {
            out.quoted = true;
            for (++at_; peek() != '"'; ++at_) {
                if (!at_end() && text_[at_] == '\\') ++at_;
                if (at_end()) refuse(all(), "has a quotation mark without its partner");
                out.text += text_[at_];
            }
            ++at_;
        } else {
            // A dot is taken wherever it stands: names such as "J. Doe" are everywhere (RFC 5322
            // section 4.1).
            while (!at_end() && (is_atext(text_[at_]) || text_[at_] == '.')) out.text += text_[at_++];
            if (at_end() && out.text.empty()) refuse(all(), "ends in the middle of an address");
            if (out.text.empty())
                refuse(all(), std::string("has a \"") + text_[at_] + "\" where none may stand");
        }
        skip_blanks();
        return out;
    }

    Mailbox name_addr(std::string display_name) {
        ++at_;
        skip_blanks();
        if (peek() == '>') refuse(all(), "has nothing between < and >");
        if (peek() == '@') refuse(all(), "has nothing before the @");
        const Word local = word();
        if (peek() != '@') refuse(all(), peek() == '>' ? "has no @" : "has more than one word before the @");
        ++at_;
        AddrSpec address = addr_spec(local);
        if (peek() != '>') refuse(all(), "lacks the closing >");
        ++at_;
        skip_blanks();
        return {std::move(display_name), std::move(address)};
    }

    /// What follows the @, and the checks of both sides.
    AddrSpec addr_spec(const Word& local) {
        skip_blanks();
        const std::size_t from = at_;
        if (peek() == '[') {
            while (!at_end() && text_[at_] != ']') ++at_;
            if (!at_end()) ++at_;
        } else {
            while (!at_end() && (is_atext(text_[at_]) || text_[at_] == '.')) ++at_;
        }
        const std::string_view domain = text_.substr(from, at_ - from);
        skip_blanks();
        if (peek() == '@') refuse(all(), "has more than one @");
        if (local.text.empty()) refuse(all(), "has nothing before the @");
        if (domain.empty()) refuse(all(), "has no domain after the @");
        if (local.text.size() > local_limit) refuse(all(), "has more than 64 octets before the @");
        if (!local.quoted && !is_dot_atom(local.text)) {
            refuse(all(), "has a dot too many before the @; put that part in quotation marks if it is meant");
        }
        return {local.text, ascii_domain(domain)};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t start_ = 0;
    bool glued_ = true;  ///< no blank or comment stood before the next token
};

}  // namespace

std::string AddrSpec::wire() const {
    std::string out = is_dot_atom(local) ? local : quoted_string(local);
    out += '@';
    return out += domain;
}

bool AddrSpec::needs_smtputf8() const noexcept {
    return !is_ascii(local);
}

Mailbox parse_mailbox(std::string_view text) {
    AddressReader reader(text);
    if (reader.at_end()) throw std::invalid_argument("the address is empty");
    Mailbox mailbox = reader.mailbox();
    reader.finish();
    return mailbox;
}

std::vector<Mailbox> parse_mailbox_list(std::string_view text) {
    std::vector<Mailbox> mailboxes;
    AddressReader reader(text);
    if (reader.at_end()) return mailboxes;
    do {
        mailboxes.push_back(reader.mailbox());
    } while (reader.take_comma());
    reader.finish();
    return mailboxes;
}

AddrSpec parse_addr_spec(std::string_view text) {
    Mailbox mailbox = parse_mailbox(text);
    if (!mailbox.display_name.empty()) refuse(text, "holds a name; only an address may stand here");
    return std::move(mailbox.address);
}

}  // namespace mailsend
