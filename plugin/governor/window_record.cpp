#include "governor/window_record.hpp"

#include <nlohmann/json.hpp>

#include "wfc/json.hpp"

namespace mailsend::governor {

namespace {

constexpr std::size_t usual_record = 4u << 10, largest_record = 32u << 10;
constexpr std::uint64_t rebase_after_ms = 1'000;
/// What a clock that was set back between two changes of the base may have left in the future.
constexpr std::uint64_t ahead_ms = 10'000;
/// About 285,000 years: sums of such numbers fit.
constexpr std::uint64_t last_time_ms = std::uint64_t{1} << 53;

std::uint64_t number(const nlohmann::json& value, std::uint64_t most) {
    if (!value.is_number_integer() || value < 0 || value > most) throw std::invalid_argument("number");
    return value.get<std::uint64_t>();
}

void restore(Window& window, const nlohmann::json& list, std::uint64_t latest_ms) {
    if (!list.is_array() || list.size() > Window::most_slices) throw std::invalid_argument("slices");
    Window::Counts counts;
    for (const nlohmann::json& pair : list) {
        if (!pair.is_array() || pair.size() != 2) throw std::invalid_argument("slice");
        counts.emplace_back(number(pair[0], last_time_ms), number(pair[1], Window::most));
    }
    if (!window.restore(std::move(counts), latest_ms)) throw std::invalid_argument("slices");
}

}  // namespace

std::uint64_t WindowRecord::time_at(const Moment& now) const noexcept {
    return time_ms + elapsed_ms(base, now).value_or(0);
}

void WindowRecord::rebase(const Moment& now) noexcept {
    const auto moved = elapsed_ms(base, now);
    if (moved && *moved < rebase_after_ms) return;
    time_ms += moved.value_or(0);
    base = now;
}

void WindowRecord::count(std::uint64_t at_ms, std::uint64_t addressees, std::uint64_t messages) {
    for (Window* window : {&minute, &day, &recipients}) window->forget(at_ms);
    minute.count(at_ms, messages);
    day.count(at_ms, messages);
    if (addressees > 0) recipients.count(at_ms, addressees);
}

void WindowRecord::take_back(std::uint64_t at_ms, std::uint64_t addressees, std::uint64_t messages) {
    minute.take_back(at_ms, messages);
    day.take_back(at_ms, messages);
    recipients.take_back(at_ms, addressees);
}

void WindowRecord::move(std::uint64_t from_ms, std::uint64_t to_ms, std::uint64_t addressees) {
    minute.move(from_ms, to_ms, 1);
    day.move(from_ms, to_ms, 1);
    if (addressees > 0) recipients.move(from_ms, to_ms, addressees);
    for (Window* window : {&minute, &day, &recipients}) window->forget(to_ms);
}

void WindowRecord::fill_minute(std::uint64_t at_ms) {
    minute.count(at_ms, Window::most);
}

std::string encoded(const WindowRecord& record) {
    std::string out;
    out.reserve(usual_record);
    const auto add = [&out](const char* name, auto number) { (out += name) += std::to_string(number); };
    const auto list = [&out](const char* name, const Window& window) {
        out += name;
        const char* between = "";
        for (const auto& [slice, amount] : window.counts()) {
            ((out += between) += '[') += std::to_string(slice);
            ((out += ',') += std::to_string(amount)) += ']';
            between = ",";
        }
        out += ']';
    };
    add(R"({"format":)", 1);
    add(R"(,"unix_ms":)", record.base.unix_ms);
    add(R"(,"monotonic_ms":)", record.base.monotonic_ms);
    add(R"(,"time_ms":)", record.time_ms);
    list(R"(,"minute":[)", record.minute);
    list(R"(,"day":[)", record.day);
    list(R"(,"recipients":[)", record.recipients);
    return out += '}';
}

std::optional<WindowRecord> decoded(std::string_view bytes) {
    try {
        const nlohmann::json json = wfc::parse_json(bytes, WFC_FAILED, "record", {largest_record, 4});
        if (!json.is_object() || json.at("format") != 1) return std::nullopt;
        WindowRecord record;
        record.base.unix_ms = static_cast<std::int64_t>(number(json.at("unix_ms"), last_time_ms));
        record.base.monotonic_ms = number(json.at("monotonic_ms"), last_time_ms);
        record.time_ms = number(json.at("time_ms"), last_time_ms);
        const std::uint64_t latest_ms = record.time_ms + ahead_ms;
        restore(record.minute, json.at("minute"), latest_ms);
        restore(record.day, json.at("day"), latest_ms);
        restore(record.recipients, json.at("recipients"), latest_ms);
        return record;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace mailsend::governor
