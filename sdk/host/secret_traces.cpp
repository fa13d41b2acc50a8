#include "host/secret_traces.hpp"

#include <algorithm>
#include <string>

#include "host/secret_forms.hpp"

namespace wfc {

namespace {

constexpr std::size_t shortest = 4;       ///< of what is looked for everywhere
constexpr std::size_t shortest_part = 8;  ///< of what is looked for of a longer value

bool alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool encoded_character(char c) {
    return alphanumeric(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

/// Times, numbers, addresses and lists of words are no secrets, whatever document they stand in.
bool could_be_secret(std::string_view string) {
    return string.size() >= shortest_part && string.find_first_of(" @") == string.npos &&
           string.find("://") == string.npos && string.find_first_not_of("0123456789-:.TZ+") != string.npos;
}

/// Where the beginning of `secret` ends `text`, which was cut off there. Longer ones are found anywhere.
std::size_t cut_off(std::string_view text, std::string_view secret, std::size_t least) {
    std::size_t size = std::min({text.size(), secret.size() - 1, std::size_t{12}});
    for (; size >= least; --size) {
        if (text.substr(text.size() - size) == secret.substr(0, size)) return size;
    }
    return 0;
}

/// The lines of `value` that can be secret: those of a key, but not what says that it is one.
template <class Use>
void each_line(std::string_view value, Use use) {
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t end = std::min(value.find('\n', at), value.size());
        if (end - at >= 16 && value.compare(at, 5, "-----") != 0) use(value.substr(at, end - at));
        at = end + 1;
    }
}

}  // namespace

void SecretTraces::public_word(std::string_view word) {
    const SecretString small = folded(word);
    public_.emplace(small.reveal());
    public_runs_.add(small.reveal());
}

void SecretTraces::add(std::string_view value) {
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.remove_suffix(1);
    if (value.empty()) return;
    SecretString small = folded(value);
    const bool ordinary = value.size() < shortest || public_.find(small.reveal()) != public_.end();
    wholes_.push_back(std::move(small));
    if (ordinary) return;
    const bool lines = value.find('\n') != value.npos, json = value.front() == '{';
    add_part(value, !lines && !json);
    if (value.size() < shortest_part) return;
    if (lines && !json) each_line(value, [&](std::string_view line) { add_part(line, true); });
    if (!json) return;
    for (std::size_t at = value.find('"'); at != value.npos; at = value.find('"', at)) {
        std::size_t end = at + 1;
        while (end < value.size() && value[end] != '"') end += value[end] == '\\' ? 2 : 1;
        if (end >= value.size()) return;
        const std::string_view string = value.substr(at + 1, end - at - 1);
        const std::size_t next = value.find_first_not_of(" \t\r\n", end + 1);
        const bool name = next != value.npos && value[next] == ':';
        if (!name && string.compare(0, 10, "-----BEGIN") == 0) {
            SecretString key;
            for (std::size_t i = 0; i < string.size(); ++i) {
                const bool feed = string.substr(i, 2) == "\\n";
                key.append(feed ? "\n" : &string[i], 1);
                if (feed) ++i;
            }
            each_line(key.reveal(), [&](std::string_view line) { add_part(line, true); });
        } else if (!name && could_be_secret(string)) {
            add_part(string, true);
        }
        at = end + 1;
    }
}

void SecretTraces::add_part(std::string_view part, bool alone) {
    keep(part, false, alone);
    if (part.size() < shortest) return;
    const SecretString escaped = percent_encoded(part, false);
    const bool blanks = part.find(' ') != part.npos, escapes = escaped.size() != part.size();
    if (blanks) {
        keep(with_plus(part).reveal(), false, alone);
        keep(percent_encoded(part, true).reveal(), false, alone);
    }
    if (escapes) keep(escaped.reveal(), false, alone);
    if (alone) plain_.add(folded(without_gaps(part).reveal()).reveal(), &public_runs_);
    const SecretString little = utf16(part, false), big = utf16(part, true);
    for (std::size_t before = 0; before < 3; ++before) {
        add_base64(part, before);
        if (escapes) add_base64(escaped.reveal(), before);
        if (part.size() < shortest_part) continue;
        add_base64(little.reveal(), before);
        add_base64(big.reveal(), before);
    }
    keep(hexadecimal(part).reveal(), true, alone);
    if (part.size() < shortest_part) return;
    keep(hexadecimal(little.reveal()).reveal(), true, alone);
    if (!alone) return;
    plain_.add(folded(without_gaps(little.reveal()).reveal()).reveal(), &public_runs_);
    plain_.add(folded(without_gaps(big.reveal()).reveal()).reveal(), &public_runs_);
}

void SecretTraces::add_base64(std::string_view part, std::size_t before) {
    const SecretString core = base64_core(part, before, false);
    keep(core.reveal(), true, true);
    if (core.reveal().find_first_of("+/") != core.reveal().npos)
        keep(base64_core(part, before, true).reveal(), true, true);
}

void SecretTraces::keep(std::string_view text, bool encoded, bool alone) {
    if (text.size() < shortest) return;
    SecretString small = folded(text);
    if (encoded) encoded_.add(small.reveal());
    if (!encoded && alone) plain_.add(small.reveal(), &public_runs_);
    // In small letters four characters of base64 would be found in many a word.
    traces_.push_back({encoded && text.size() < 12 ? SecretString(text) : std::move(small), encoded});
}

bool SecretTraces::is_one(std::string_view text) const {
    if (wholes_.empty()) return false;
    const SecretString small = folded(text);
    return std::any_of(wholes_.begin(), wholes_.end(),
                       [&](const SecretString& each) { return each.reveal() == small.reveal(); });
}

void SecretTraces::find(std::string_view text, bool gaps, std::vector<Span>& into) const {
    if (traces_.empty()) return;
    const SecretString small = folded(text);
    plain_.find(small.reveal(), into);
    const auto whole = [&](std::size_t begin, std::size_t end) {
        while (!gaps && begin > 0 && encoded_character(text[begin - 1])) --begin;
        while (!gaps && end < text.size() && encoded_character(text[end])) ++end;
        into.emplace_back(begin, end);
    };
    std::vector<Span> encoded;
    encoded_.find(small.reveal(), encoded);
    for (const auto& [begin, end] : encoded) whole(begin, end);
    if (gaps) return;
    std::string_view cut = small.reveal();
    if (cut.size() >= 3 && cut.substr(cut.size() - 3) == "…") cut.remove_suffix(3);
    for (const Trace& trace : traces_) {
        const std::string_view wanted = trace.text.reveal();
        const bool exact = trace.encoded && wanted.size() < 12;
        const std::string_view where = exact ? text : small.reveal();
        for (std::size_t at = trace.encoded && !exact ? where.npos : where.find(wanted); at != where.npos;
             at = where.find(wanted, at + wanted.size())) {
            if (exact) {
                whole(at, at + wanted.size());
            } else {
                into.emplace_back(at, at + wanted.size());
            }
        }
        if (const std::size_t size =
                wanted.size() > shortest_part ? cut_off(cut, wanted, trace.encoded ? 7 : shortest) : 0;
            size != 0)
            into.emplace_back(cut.size() - size, cut.size());
    }
}

}  // namespace wfc
