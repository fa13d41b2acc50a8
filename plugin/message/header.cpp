#include "message/header.hpp"

#include <algorithm>
#include <stdexcept>

#include "message/characters.hpp"
#include "message/encoded_word.hpp"

namespace mailsend {

namespace {

constexpr std::size_t line_width = 76;   ///< RFC 2047 section 2; RFC 5322 would allow 78
constexpr std::size_t name_limit = 100;  ///< ours: the name and its colon are never folded
constexpr std::size_t raw_limit = 880;   ///< the longest word left as it is; with the name it stays under 998
constexpr std::size_t address_limit = 900;
constexpr std::string_view blanks = " \t";

/// One field while it is written: knows the column and when to fold.
class Field {
  public:
    Field(std::string& wire, std::string_view name) : wire_(wire), column_(name.size() + 1) {
        wire_.append(name).append(":");
    }

    /// Adds `gap` and `word`, on a new line when they do not fit on this one; the gap is blanks only and not
    /// empty.
    void word(std::string_view word, std::string_view gap = " ") {
        const std::size_t size = gap.size() + word.size();
        // Right after the name a fold is only worth it where the word then fits.
        if (column_ + size > line_width && (begun_ || size <= line_width)) fold();
        wire_.append(gap).append(word);
        column_ += size;
        begun_ = true;
    }

    /// `text` as encoded words. Their blanks between each other vanish when they are read (RFC 2047
    /// section 6.2).
    void encoded(std::string_view text) {
        const WordEncoding encoding = shorter_encoding(text);
        // A name that fits into one word is not split: some readers show a blank at the seam.
        const std::size_t size = encoded_word_size(text, encoding);
        if (begun_ && size <= word_limit && column_ + 1 + size > line_width) fold();
        while (!text.empty()) {
            if (column_ + 1 + least_word_room > line_width) fold();
            wire_ += ' ';
            column_ += 1 + append_encoded_word(wire_, text, line_width - column_ - 1, encoding);
            if (!text.empty()) fold();
        }
        begun_ = true;
    }

    /// Adds `octets` to the last word, unfolded.
    void glue(std::string_view octets) {
        wire_ += octets;
        column_ += octets.size();
    }

    void end() { wire_ += "\r\n"; }

  private:
    void fold() {
        wire_ += "\r\n";
        column_ = 0;
    }

    std::string& wire_;
    std::size_t column_;
    bool begun_ = false;
};

void check_name(std::string_view name) {
    if (name.empty()) throw std::invalid_argument("a header field has no name");
    if (const char* why = forbidden_character(name))
        throw std::invalid_argument("the header name " + shown(name) + " " + why);
    if (name.size() > name_limit)
        throw std::invalid_argument("the header name " + shown(name) + " is longer than 100 octets");
    for (const char c : name) {
        // ftext of RFC 5322 section 3.6.8.
        if (c <= ' ' || c > '~' || c == ':') {
            throw std::invalid_argument("the header name " + shown(name) +
                                        " holds a character that no header name may hold");
        }
    }
}

void check_value(std::string_view name, std::string_view value) {
    if (const char* why = forbidden_character(value)) {
        throw std::invalid_argument("the header field " + std::string(name) + " " + why);
    }
}

/// The longest word of `text` with the blanks before it.
std::size_t longest_word(std::string_view text) noexcept {
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t word = std::min(text.find_first_not_of(blanks, at), text.size());
        const std::size_t end = std::min(text.find_first_of(blanks, word), text.size());
        longest = std::max(longest, end - at);
        at = end;
    }
    return longest;
}

/// Words and the blanks between them, none changed.
void add_words(Field& field, std::string_view text) {
    for (bool first = true; !text.empty(); first = false) {
        const std::size_t gap = first ? 0 : std::min(text.find_first_not_of(blanks), text.size());
        const std::size_t end = std::min(text.find_first_of(blanks, gap), text.size());
        field.word(text.substr(gap, end - gap), first ? std::string_view(" ") : text.substr(0, gap));
        text.remove_prefix(end);
    }
}

bool atoms_only(std::string_view phrase) noexcept {
    if (phrase.empty() || phrase.front() == ' ' || phrase.back() == ' ') return false;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        if (phrase[i] == ' ' ? phrase[i - 1] == ' ' : !is_atext(phrase[i])) return false;
    }
    return true;
}

void add_mailbox(Field& field, const Mailbox& mailbox) {
    const std::string& name = mailbox.display_name;
    const std::string address = mailbox.address.wire();
    if (name.empty()) {
        field.word(address);
        return;
    }
    const std::string bracketed = "<" + address + ">";
    std::string phrase;
    if (is_ascii(name) && !looks_encoded(name)) phrase = atoms_only(name) ? name : quoted_string(name);
    if (phrase.empty() || phrase.size() >= line_width) {
        field.encoded(name);
        field.word(bracketed);
    } else if (phrase.size() + bracketed.size() + 3 <= line_width) {  // two blanks and a comma
        field.word(phrase + " " + bracketed);
    } else {
        field.word(phrase);
        field.word(bracketed);
    }
}

}  // namespace

void HeaderBlock::text(std::string_view name, std::string_view value) {
    check_name(name);
    check_value(name, value);
    const bool bare = is_ascii(value) && !looks_encoded(value) &&
                      (value.empty() || (value.find_first_of(blanks) != 0 &&
                                         value.find_last_of(blanks) != value.size() - 1)) &&
                      longest_word(value) < line_width;
    Field field(wire_, name);
    if (bare) {
        add_words(field, value);
    } else {
        field.encoded(value);
    }
    field.end();
}

void HeaderBlock::custom(std::string_view name, std::string_view value) {
    check_name(name);
    check_value(name, value);
    const std::size_t from = std::min(value.find_first_not_of(blanks), value.size());
    value = value.substr(from, value.find_last_not_of(blanks) + 1 - from);
    // A URL may hold "=?"; only with the end of an encoded word does a reader decode it.
    const bool decodable = looks_encoded(value) && value.find("?=") != std::string_view::npos;
    Field field(wire_, name);
    if (is_ascii(value) && !decodable && longest_word(value) <= raw_limit) {
        add_words(field, value);
    } else {
        field.encoded(value);
    }
    field.end();
}

void HeaderBlock::mailboxes(std::string_view name, std::span<const Mailbox> value) {
    check_name(name);
    for (const Mailbox& mailbox : value) {
        check_value(name, mailbox.display_name);
        check_value(name, mailbox.address.local);
        check_value(name, mailbox.address.domain);
        if (mailbox.address.wire().size() > address_limit)
            throw std::invalid_argument("an address is too long");
    }
    Field field(wire_, name);
    for (std::size_t i = 0; i < value.size(); ++i) {
        add_mailbox(field, value[i]);
        if (i + 1 < value.size()) field.glue(",");
    }
    field.end();
}

void HeaderBlock::structured(std::string_view name, std::string_view value,
                             std::span<const Parameter> parameters) {
    check_name(name);
    check_value(name, value);
    if (!is_ascii(value) || longest_word(value) > raw_limit) {
        throw std::invalid_argument("the header field " + std::string(name) + " cannot hold " + shown(value));
    }
    for (const Parameter& parameter : parameters) {
        check_value(name, parameter.value);
        if (!is_token(parameter.name) || parameter.name.size() > 30) {
            throw std::invalid_argument("the parameter name " + shown(parameter.name) + " is not a token");
        }
    }
    Field field(wire_, name);
    add_words(field, value);
    for (const Parameter& parameter : parameters) {
        for (const ParameterPiece& piece : parameter_pieces(parameter)) {
            if (!piece.continues) field.glue(";");
            field.word(piece.text);
        }
    }
    field.end();
}

bool HeaderBlock::has(std::string_view name) const noexcept {
    std::string_view rest = wire_;
    while (!rest.empty()) {
        if (rest.size() > name.size() && rest[name.size()] == ':' &&
            equal_ignoring_case(rest.substr(0, name.size()), name)) {
            return true;
        }
        rest.remove_prefix(rest.find("\r\n") + 2);
    }
    return false;
}

std::vector<std::pair<std::string, std::string>> HeaderBlock::fields() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (std::string_view rest = wire_; !rest.empty();) {
        const std::size_t end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        if (blanks.find(line.front()) != std::string_view::npos) {
            // The blank after "Name:" is no part of the value, wherever the fold is.
            out.back().second += out.back().second.empty() ? line.substr(1) : line;
        } else {
            const std::size_t colon = line.find(':');
            const std::string_view value = line.substr(colon + 1);
            out.emplace_back(line.substr(0, colon), value.empty() ? value : value.substr(1));
        }
        rest.remove_prefix(end + 2);
    }
    return out;
}

}  // namespace mailsend
