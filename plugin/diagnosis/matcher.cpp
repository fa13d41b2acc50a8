#include "diagnosis/matcher.hpp"

#include <algorithm>

#include "diagnosis/provider_signs.hpp"

namespace mailsend::diagnosis {
namespace {

/// What decides stands at the beginning; a server that sends more only costs time.
constexpr std::size_t text_limit = 2048;

bool is_letter_or_digit(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

bool of_an_address(char c) noexcept {
    return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || c == '+' || c == '%';
}

/// Makes the letters of addresses in `text` dumb: a mailbox called spam@ or no.such.user@ is no verdict of
/// the server. The form of an address, its length and all that stands around it stay, and so do URLs.
void blank_addresses(std::string& text) noexcept {
    bool url = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == ' ' || c == '\t' || c == '<') url = false;
        if (c == '/' && at >= 2 && text[at - 1] == '/' && text[at - 2] == ':') url = true;
        if (c != '@' || url) continue;
        std::size_t begin = at;
        while (begin > 0 && of_an_address(text[begin - 1])) --begin;
        for (std::size_t i = begin; i < text.size() && (i == at || of_an_address(text[i])); ++i) {
            if (is_letter_or_digit(text[i])) text[i] = 'x';
        }
    }
}

/// Whether `value` is `word`, which is in small letters; ASCII only.
bool is_word(std::string_view value, std::string_view word) noexcept {
    return std::equal(value.begin(), value.end(), word.begin(), word.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
    });
}

/// Two ascending lists as one.
class Candidates {
  public:
    Candidates(layout::Table<std::uint16_t> first, layout::Table<std::uint16_t> second)
        : lists_{first, second} {}

    std::optional<std::uint16_t> next() noexcept {
        const bool some = at_[0] < lists_[0].size();
        const bool others = at_[1] < lists_[1].size();
        if (!some && !others) return std::nullopt;
        const std::size_t list = some && (!others || lists_[0][at_[0]] < lists_[1][at_[1]]) ? 0 : 1;
        return lists_[list][at_[list]++];
    }

  private:
    std::array<layout::Table<std::uint16_t>, 2> lists_;
    std::array<std::size_t, 2> at_{};
};

}  // namespace

Evidence::Evidence(const Facts& facts, const Catalogue& catalogue) : facts_(facts), catalogue_(catalogue) {
    if (facts.reply) {
        code_ = facts.reply->code;
        text_ = facts.reply->text();
        if (text_.size() > text_limit) text_.resize(text_limit);
        blank_addresses(text_);
        status_ = facts.reply->enhanced();
        // A status that contradicts the reply says nothing (RFC 3463 section 2; postfix treats it as absent).
        if (status_ && status_->status_class != code_ / 100) status_.reset();
    }
    const Texts names = catalogue.detail_names();
    details_.resize(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = facts.details.find(std::string(names[i]));
        if (found != facts.details.end()) details_[i].value = &found->second;
    }
}

std::size_t Evidence::entry() {
    layout::Table<std::uint16_t> observed;
    if (!facts_.condition.empty()) observed = catalogue_.about_condition(facts_.condition);
    layout::Table<std::uint16_t> said;
    if (code_ != 0) said = catalogue_.about_reply(code_);
    Candidates candidates(observed, said);
    while (const auto number = candidates.next()) {
        if (agrees(catalogue_.record(*number))) return *number;
    }
    return catalogue_.size() - 1;
}

std::uint32_t Evidence::providers() {
    if (!providers_) {
        if (!text_.empty() && !text_shown_) text_shown_ = catalogue_.expressions().shown_by(text_);
        providers_ = providers_of(facts_, text_shown_ ? &*text_shown_ : nullptr, catalogue_);
    }
    return *providers_;
}

bool Evidence::agrees(const layout::Entry& entry) {
    if (entry.stages != 0 && (entry.stages >> static_cast<int>(facts_.stage) & 1) == 0) return false;
    if (!agrees_in_code(entry) || !agrees_in_status(entry)) return false;
    if (entry.text != layout::none && !text_shows(entry.text)) return false;
    if (!agrees_in_details(entry)) return false;
    return entry.providers == 0 || (entry.providers & providers()) != 0;
}

bool Evidence::agrees_in_code(const layout::Entry& entry) const {
    const auto codes = catalogue_.codes(entry.codes);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const layout::CodeRange range = codes[i];
        if (code_ >= range.first && code_ <= range.last) return true;
    }
    return codes.size() == 0;
}

bool Evidence::agrees_in_status(const layout::Entry& entry) const {
    const auto statuses = catalogue_.statuses(entry.statuses);
    if (statuses.size() == 0) return true;
    if (!status_) return false;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        const layout::StatusRange range = statuses[i];
        if ((range.status_class == 0 || range.status_class == status_->status_class) &&
            range.subject == status_->subject && status_->detail >= range.first_detail &&
            status_->detail <= range.last_detail) {
            return true;
        }
    }
    return false;
}

bool Evidence::agrees_in_details(const layout::Entry& entry) {
    const auto conditions = catalogue_.details(entry.details);
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        if (!agrees(conditions[i])) return false;
    }
    return true;
}

bool Evidence::agrees(layout::DetailCondition condition) {
    Detail& detail = details_[condition.name];
    if (detail.value == nullptr) return false;
    const Texts words = catalogue_.texts(condition.words);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (is_word(*detail.value, words[i])) return true;
    }
    if (!words.empty()) return false;
    if (!detail.shown) detail.shown = shown_by_detail(*detail.value, catalogue_.expressions());
    return detail.shown->has(condition.expression);
}

bool Evidence::text_shows(std::uint16_t expression) {
    if (!text_shown_) text_shown_ = catalogue_.expressions().shown_by(text_);
    return text_shown_->has(expression);
}

}  // namespace mailsend::diagnosis
