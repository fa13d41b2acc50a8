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

    /// True when all of `text` fits on this line, whatever it consists of.
    bool takes(std::string_view text) const noexcept {
        return !text.empty() && column_ + 1 + text.size() <= line_width;
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
    // ftext of RFC 5322 section 3.6.8.
    const auto is_ftext = [](char c) { return c > ' ' && c <= '~' && c != ':'; };
    if (!name.empty() && name.size() <= name_limit && std::all_of(name.begin(), name.end(), is_ftext)) return;
    if (name.empty()) throw std::invalid_argument("a header field has no name");
    if (const char* why = forbidden_character(name))
        throw std::invalid_argument("the header name " + shown(name) + " " + why);
    if (name.size() > name_limit)
        throw std::invalid_argument("the header name " + shown(name) + " is longer than 100 octets");
    throw std::invalid_argument("the header name " + shown(name) +
                                " holds a character that no header name may hold");
}

void check_value(std::string_view name, std::string_view value) {
    if (const char* why = forbidden_character(value)) {
        throw std::invalid_argument("the header field " + std::string(name) + " " + why);
    }
}

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

/// The first blank from `at` on, or the end.
std::size_t blank_from(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && !is_blank(text[at])) ++at;
    return at;
}

/// The first octet from `at` on that is no blank, or the end.
std::size_t word_from(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && is_blank(text[at])) ++at;
    return at;
}

/// True when no word of `text`, with the blanks before it, is longer than `limit`.
bool words_within(std::string_view text, std::size_t limit) noexcept {
    for (std::size_t at = 0; text.size() - at > limit;) {
        const std::size_t end = blank_from(text, word_from(text, at));
        if (end - at > limit) return false;
        at = end;
    }
    return true;
}

/// Words and the blanks between them, none changed.
void add_words(Field& field, std::string_view text) {
    if (field.takes(text)) return field.word(text);
    for (bool first = true; !text.empty(); first = false) {
        const std::size_t gap = first ? 0 : word_from(text, 0);
        const std::size_t end = blank_from(text, gap);
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

void add_mailbox(Field& field, const std::string& name, const std::string& address) {
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
                      (value.empty() || (!is_blank(value.front()) && !is_blank(value.back()))) &&
                      words_within(value, line_width - 1);
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
    if (is_ascii(value) && !decodable && words_within(value, raw_limit)) {
        add_words(field, value);
    } else {
        field.encoded(value);
    }
    field.end();
}

void HeaderBlock::mailboxes(std::string_view name, std::span<const Mailbox> value) {
    check_name(name);
    const std::size_t before = wire_.size();
    try {
        Field field(wire_, name);
        for (std::size_t i = 0; i < value.size(); ++i) {
            const Mailbox& mailbox = value[i];
            check_value(name, mailbox.display_name);
            check_value(name, mailbox.address.local);
            check_value(name, mailbox.address.domain);
            const std::string address = mailbox.address.wire();
            if (address.size() > address_limit) throw std::invalid_argument("an address is too long");
            add_mailbox(field, mailbox.display_name, address);
            if (i + 1 < value.size()) field.glue(",");
        }
        field.end();
    } catch (...) {
        wire_.resize(before);
        throw;
    }
}

void HeaderBlock::structured(std::string_view name, std::string_view value,
                             std::span<const Parameter> parameters) {
    check_name(name);
    check_value(name, value);
    if (!is_ascii(value) || !words_within(value, raw_limit)) {
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
    std::string plain;
    for (const Parameter& parameter : parameters) {
        if (plain_parameter(parameter, plain)) {
            field.glue(";");
            field.word(plain);
            continue;
        }
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

std::vector<std::pair<std::string, std::string>> unfolded(std::string_view wire) {
    std::vector<std::pair<std::string, std::string>> out;
    for (std::string_view rest = wire; !rest.empty();) {
        const std::size_t end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        if (is_blank(line.front())) {
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
