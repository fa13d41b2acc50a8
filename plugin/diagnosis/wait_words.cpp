#include "diagnosis/wait_words.hpp"

#include <array>
#include <cstdint>

namespace mailsend::diagnosis {
namespace {

struct Unit {
    std::int64_t ms;
    const char* one;
    const char* many;
    const char* japanese;
};

/// From the largest to the smallest.
constexpr std::array units{Unit{86'400'000, "day", "days", "日"}, Unit{3'600'000, "hour", "hours", "時間"},
                           Unit{60'000, "minute", "minutes", "分"}, Unit{1000, "second", "seconds", "秒"}};

}  // namespace

std::string wait_words(std::chrono::milliseconds wait, Language language) {
    const std::int64_t ms = wait.count() < 1 ? 1 : wait.count();
    const Unit* unit = units.data();
    while (unit != &units.back() && ms < 2 * unit->ms) ++unit;
    const std::int64_t count = (ms - 1) / unit->ms + 1;
    if (language == Language::ja) return std::to_string(count) + " " + unit->japanese;
    return std::to_string(count) + " " + (count == 1 ? unit->one : unit->many);
}

}  // namespace mailsend::diagnosis
