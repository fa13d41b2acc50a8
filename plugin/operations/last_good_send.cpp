#include "operations/last_good_send.hpp"

#include <charconv>
#include <utility>

namespace mailsend {
namespace {

constexpr std::int64_t between_writes_s = 60;

std::int64_t number_in(const std::string& text) noexcept {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value > 0 ? value : 0;
}

}  // namespace

LastGoodSend::LastGoodSend(std::string account, const wfc::Host& host)
    : key_("account.sent/" + std::move(account)), host_(host) {}

void LastGoodSend::happened() noexcept {
    const std::int64_t now = host_.clock().unix_ms() / 1000;
    std::int64_t before = written_.load();
    if (now >= before && now - before < between_writes_s) return;
    if (!written_.compare_exchange_strong(before, now)) return;  // another thread writes it
    try {
        const wfc::State state = host_.state();
        if (!state.offered()) return;
        const auto stored = state.get(key_);
        // Whoever wrote in between wrote the same.
        state.put(key_, std::to_string(now), stored ? stored->version : 0);
    } catch (const std::exception&) {  // what was sent was sent
    }
}

std::int64_t LastGoodSend::when() const noexcept {
    try {
        const wfc::State state = host_.state();
        if (!state.offered()) return 0;
        const auto stored = state.get(key_);
        return stored ? number_in(stored->bytes) : 0;
    } catch (const std::exception&) {
        return 0;
    }
}

}  // namespace mailsend
