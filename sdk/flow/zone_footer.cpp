#include "flow/zone_footer.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <istream>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "wfc/problem.hpp"

namespace wfc::flow {

/// Reads a rule from left to right.
class FooterReader {
  public:
    explicit FooterReader(std::string_view rule) : rule_(rule), rest_(rule) {}

    void read(Footer& out) {
        name();
        out.standard_ = out.summer_ = -time(24);  // POSIX counts westwards
        if (rest_.empty()) return;
        name();
        out.summer_ = rest_.starts_with(',') ? out.standard_ + 3600 : -time(24);
        expect(',');
        const Footer::Change start = change();
        expect(',');
        const Footer::Change end = change();
        out.changes_.emplace(start, end);
        if (!rest_.empty()) refuse();
    }

  private:
    bool take(char wanted) {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char wanted) {
        if (!take(wanted)) refuse();
    }

    void name() {
        const bool quoted = take('<');
        const std::size_t end =
            quoted ? std::min(rest_.find('>'), rest_.size())
                   : static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), letter) -
                                              rest_.begin());
        if (end < 3) refuse();
        rest_.remove_prefix(end);
        if (quoted) expect('>');
    }
    static bool letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

    unsigned number(unsigned low, unsigned high) {
        unsigned value = 0;
        std::size_t digits = 0;
        for (; digits < rest_.size() && digits < 3 && rest_[digits] >= '0' && rest_[digits] <= '9';
             ++digits) {
            value = value * 10 + static_cast<unsigned>(rest_[digits] - '0');
        }
        if (digits == 0 || value < low || value > high) refuse();
        rest_.remove_prefix(digits);
        return value;
    }

    /// [+-]hours[:minutes[:seconds]]
    std::int64_t time(unsigned most_hours) {
        const bool minus = take('-');
        if (!minus) take('+');
        std::int64_t seconds = std::int64_t{number(0, most_hours)} * 3600;
        if (take(':')) {
            seconds += std::int64_t{number(0, 59)} * 60;
            if (take(':')) seconds += number(0, 59);
        }
        return minus ? -seconds : seconds;
    }

    Footer::Change change() {
        using Kind = Footer::Change::Kind;
        Footer::Change out{Kind::day, 0, 0, 0, 7200};
        if (take('M')) {
            out.kind = Kind::week;
            out.month = number(1, 12);
            expect('.');
            out.week = number(1, 5);
            expect('.');
            out.day = number(0, 6);
        } else if (take('J')) {
            out.kind = Kind::julian;
            out.day = number(1, 365);
        } else {
            out.day = number(0, 365);
        }
        if (take('/')) out.time = time(167);
        return out;
    }

    [[noreturn]] void refuse() const {
        throw std::invalid_argument("its file ends with a rule that is not understood here: \"" +
                                    shortened(rule_) + "\"");
    }

    std::string_view rule_, rest_;
};

Footer::Footer(std::string_view rule, std::int64_t from) : from_(from) {
    FooterReader(rule).read(*this);
}

std::int64_t Footer::Change::local(std::chrono::year year) const {
    using namespace std::chrono;
    sys_days date = year / January / 1;
    if (kind == Kind::week) {
        const auto of_month = year / std::chrono::month(month);
        date = week == 5 ? sys_days(of_month / weekday(day)[last]) : sys_days(of_month / weekday(day)[week]);
    } else {
        // A Julian day never is 29 February: 60 is 1 March.
        date += days(kind == Kind::day ? day : day - 1 + (year.is_leap() && day >= 60 ? 1u : 0u));
    }
    return sys_seconds(date).time_since_epoch().count() + time;
}

Span Footer::at(std::int64_t unix_s) const {
    using Limits = std::numeric_limits<std::int64_t>;
    if (!changes_) return {from_, Limits::max(), standard_};
    const std::chrono::sys_seconds time{std::chrono::seconds(unix_s)};
    const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year();
    // A time of 167 hours carries a change into the next year; two years on each side are enough.
    std::array<std::pair<std::int64_t, bool>, 10> all;
    std::size_t size = 0;
    for (int of = -2; of <= 2; ++of) {
        const std::chrono::year other = year + std::chrono::years(of);
        all[size++] = {changes_->first.local(other) - standard_, true};
        all[size++] = {changes_->second.local(other) - summer_, false};
    }
    // Summer time all the year round ends and begins at one instant: the beginning counts.
    std::sort(all.begin(), all.end());
    const auto next = std::upper_bound(all.begin(), all.end(), std::pair(unix_s, true));
    const auto [begin, summer] = *std::prev(next);
    return {std::max(begin, from_), next->first, summer ? summer_ : standard_};
}

namespace {

/// What RFC 8536 section 3.1 calls the header. There are two: for 32 bits, with its data, and then for 64
/// bits.
class Header {
  public:
    static constexpr std::streamoff size = 44;

    /// Reads from where the file stands. Throws std::invalid_argument.
    explicit Header(std::istream& file) {
        if (!file.read(bytes_.data(), size) || std::string_view(bytes_.data(), 4) != "TZif") {
            throw std::invalid_argument("its file cannot be read, or is no time zone file");
        }
    }
    bool has_footer() const { return bytes_[4] >= '2'; }
    std::streamoff changes() const { return count(32); }
    /// Of the data that follows the first header.
    std::streamoff data_size() const {
        return changes() * 5 + count(36) * 6 + count(40) + count(28) * 8 + count(24) + count(20);
    }

  private:
    std::streamoff count(std::size_t at) const {
        std::streamoff value = 0;
        for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[i]);
        return value;
    }

    std::array<char, size> bytes_{};
};

/// The time of the last change of the data that begins where the file stands.
std::int64_t last_change(std::istream& file, std::streamoff changes) {
    if (changes == 0) return std::numeric_limits<std::int64_t>::min();
    std::array<char, 8> bytes{};
    file.seekg((changes - 1) * 8, std::ios::cur);
    if (!file.read(bytes.data(), bytes.size())) throw std::invalid_argument("its file is cut short");
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
}

/// The last line of a file, without its end.
std::string last_line(std::istream& file) {
    file.seekg(0, std::ios::end);
    const std::streamoff size = file.tellg(), length = std::min<std::streamoff>(size, 512);
    std::string tail(static_cast<std::size_t>(length), '\0');
    file.seekg(size - length);
    if (!file.read(tail.data(), length) || tail.back() != '\n') {
        throw std::invalid_argument("its file is cut short");
    }
    tail.pop_back();
    const std::size_t before = tail.rfind('\n');
    if (before == tail.npos) throw std::invalid_argument("its file is cut short");
    return tail.substr(before + 1);
}

}  // namespace

std::optional<Footer> read_footer(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const Header narrow(file);
    if (!narrow.has_footer()) return std::nullopt;
    file.seekg(narrow.data_size(), std::ios::cur);
    const std::int64_t from = last_change(file, Header(file).changes());
    const std::string rule = last_line(file);
    return rule.empty() ? std::nullopt : std::optional(Footer(rule, from));
}

}  // namespace wfc::flow
