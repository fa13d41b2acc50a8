#include <chrono>

#include "message/characters.hpp"
#include "message/draft_parser.hpp"
#include "wfc/json.hpp"

namespace mailsend {

namespace {

constexpr std::size_t max_date = 64;

/// Takes digits and separators off the front of a text; a miss makes everything after it a miss.
class DateReader {
  public:
    explicit DateReader(std::string_view text) : rest_(text) {}

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) value = value * 10 + digit();
        return value;
    }
    void separator(char lower) {
        if (lower_next() != lower) return fail();
        rest_.remove_prefix(1);
    }
    void fraction() {
        if (lower_next() != '.') return;
        rest_.remove_prefix(1);
        digit();
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
    }
    /// Minutes east of Greenwich.
    int zone() {
        const char sign = lower_next();
        if (sign != 'z' && sign != '+' && sign != '-') fail();
        if (!sound_) return 0;
        rest_.remove_prefix(1);
        if (sign == 'z') return 0;
        const int hours = digits(2);
        separator(':');
        const int minutes = digits(2);
        if (hours > 23 || minutes > 59) fail();
        return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    }
    bool finished() const noexcept { return sound_ && rest_.empty(); }

  private:
    char lower_next() const noexcept {
        if (rest_.empty()) return '\0';
        return rest_.front() >= 'A' && rest_.front() <= 'Z' ? static_cast<char>(rest_.front() + 32)
                                                            : rest_.front();
    }
    int digit() {
        if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
            fail();
            return 0;
        }
        const int value = rest_.front() - '0';
        rest_.remove_prefix(1);
        return value;
    }
    void fail() noexcept {
        sound_ = false;
        rest_ = {};
    }

    std::string_view rest_;
    bool sound_ = true;
};

}  // namespace

Place Place::at(std::string_view member) const {
    return {status, wfc::pointer_to(pointer, member)};
}

Place Place::at(std::size_t index) const {
    return at(std::to_string(index));
}

void Place::refuse(const std::string& why) const {
    throw wfc::Problem(status, pointer,
                       (pointer.empty() ? std::string("the document") : pointer) + " " + why);
}

void allow_only(wfc::Fields& fields, std::initializer_list<std::string_view> members) {
    for (const std::string_view member : members) fields.find(member);
    fields.done();
}

std::size_t character_count(std::string_view text) noexcept {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at += character_size(text, at)) ++count;
    return count;
}

bool longer_than(std::string_view text, std::size_t limit) noexcept {
    return text.size() > limit && character_count(text) > limit;
}

void check_line(std::string_view text, const Place& place, std::size_t limit) {
    if (longer_than(text, limit)) place.refuse("is longer than " + std::to_string(limit) + " characters");
    if (const char* why = forbidden_character(text)) place.refuse(why);
    if (text.find('\t') != std::string::npos) place.refuse("holds a control character");
}

void check_body(std::string_view text, const Place& place) {
    if (text.size() > max_body_bytes) place.refuse("is larger than 16 MiB; send it as an attachment");
    if (text.find('\0') != std::string_view::npos) place.refuse("holds a NUL character");
}

std::string line_of(const nlohmann::json& value, const Place& place, std::size_t limit) {
    if (!value.is_string()) place.refuse("must be a string, not " + wfc::Fields::describe(value));
    const auto& text = value.get_ref<const std::string&>();
    check_line(text, place, limit);
    return text;
}

ZonedTime zoned_time_of(const nlohmann::json& value, const Place& place) {
    return zoned_time_of(std::string_view(line_of(value, place, max_date)), place);
}

ZonedTime zoned_time_of(std::string_view text, const Place& place) {
    check_line(text, place, max_date);
    DateReader reader(text);
    const int year = reader.digits(4);
    reader.separator('-');
    const int month = reader.digits(2);
    reader.separator('-');
    const int day = reader.digits(2);
    reader.separator('t');
    const int hour = reader.digits(2);
    reader.separator(':');
    const int minute = reader.digits(2);
    reader.separator(':');
    const int second = reader.digits(2);
    reader.fraction();
    const int offset = reader.zone();
    if (!reader.finished()) {
        place.refuse("is no date and time of RFC 3339 with its zone, as in 2026-11-22T09:00:00+09:00");
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60)
        place.refuse("names a day or a time that does not exist");
    if (year < 1900) place.refuse("lies before the year 1900");
    const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
    return {std::int64_t{days} * 86'400 + hour * 3600 + minute * 60 + second - offset * 60, offset};
}

}  // namespace mailsend
