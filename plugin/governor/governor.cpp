#include "governor/governor.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "crypto/digest.hpp"
#include "governor/admission.hpp"
#include "governor/store_tries.hpp"
#include "net/wait.hpp"

namespace mailsend::governor {

namespace {

/// Of those who wait for the same moment, one after the other; costs a minute's limit 1 part in 400.
constexpr int spread_ms = 250;

void wait_out(std::uint64_t wait_ms, const net::Patience& patience) {
    const std::uint64_t until_ms = patience.now_ms() + wait_ms;
    for (std::uint64_t now_ms = 0; (now_ms = patience.now_ms()) < until_ms;) {
        net::wait_some({}, static_cast<int>(std::min<std::uint64_t>(until_ms - now_ms, 1'000)), patience);
    }
}

}  // namespace

std::string governor_account(std::string_view server_host, std::string_view user_name) {
    std::string name = std::string(server_host) + '\0' + std::string(user_name);
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
    return crypto::sha256_hex(name);
}

/// What the components of a process know of one account.
struct Governor::Shared {
    explicit Shared(const std::string& account) : gate(account), slots(account) {}
    Gate gate;
    Slots slots;
    Spares spares;
};

Governor::Governor(std::shared_ptr<Shared> shared, const Limits& limits, const wfc::Host& host)
    : shared_(std::move(shared)), limits_(limits), host_(host) {}

std::shared_ptr<Governor> Governor::of(const std::string& account, const Limits& limits,
                                       const wfc::Host& host) {
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<Shared>> accounts;
    const std::lock_guard lock(mutex);
    std::erase_if(accounts, [](const auto& one) { return one.second.expired(); });
    std::weak_ptr<Shared>& known = accounts[account];
    std::shared_ptr<Shared> shared = known.lock();
    if (!shared) known = shared = std::make_shared<Shared>(account);
    return std::shared_ptr<Governor>(new Governor(std::move(shared), limits, host));
}

std::shared_ptr<Governor> Governor::apart(const std::string& account, const Limits& limits,
                                          const wfc::Host& host) {
    return std::shared_ptr<Governor>(new Governor(std::make_shared<Shared>(account), limits, host));
}

Slot Governor::connect(const net::Patience& patience) {
    if (!limits_.connections) return {};
    return Slot::take({shared_, &shared_->slots}, host_, std::max(1U, *limits_.connections), patience);
}

Spares& Governor::spares() const noexcept {
    return shared_->spares;
}

Passage Governor::admit(std::size_t recipients, const net::Patience& patience) {
    if (!limits_.rates()) return {};
    const std::uint64_t since_ms = patience.now_ms();
    Passage passage({shared_, &shared_->gate}, host_);
    for (;;) {
        const auto [admission, counted] = shared_->gate.ask(host_, limits_, recipients, patience);
        if (admission.granted()) {
            passage.admitted(counted, patience.now_ms() - since_ms);
            return passage;
        }
        const std::uint64_t left_ms = patience.remaining_ms();
        if (admission.never || admission.wait_ms >= left_ms)
            throw refused(admission, recipients, host_.clock().unix_ms());
        host_.log().write(wfc::Level::debug, "governor.waits",
                          std::string(R"({"limit":")") + admission.limit + R"(","wait_ms":)" +
                              std::to_string(admission.wait_ms) + "}");
        const std::uint64_t more_ms = left_ms - admission.wait_ms - 1;
        wait_out(admission.wait_ms + std::min(more_ms, static_cast<std::uint64_t>(jitter_ms(spread_ms))),
                 patience);
    }
}

}  // namespace mailsend::governor
