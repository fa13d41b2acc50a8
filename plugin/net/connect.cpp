#include "net/connect.hpp"

#include <Poco/Net/StreamSocketImpl.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>

#include "net/channel.hpp"
#include "net/dial.hpp"
#include "net/wait.hpp"

namespace mailsend::net {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// RFC 8305 section 5, "Connection Attempt Delay".
constexpr std::chrono::milliseconds attempt_delay{250};
constexpr int idle_ms = 1000;

/// The attempts of one connect, started one after the other, open at the same time.
class Race {
  public:
    Race(const Endpoint& endpoint, const std::vector<std::string>& addresses, const wfc::Egress& egress)
        : endpoint_(endpoint),
          addresses_(addresses),
          egress_(egress),
          refusals_(endpoint, leads_back(endpoint.host, addresses)) {}

    /// The first socket that is connected.
    Poco::Net::StreamSocket run(const Patience& patience) {
        for (;;) {
            start_due();
            if (open_.empty()) throw refusals_.failure();
            try {
                if (auto winner = await(patience)) return *winner;
            } catch (const TimedOut& late) {
                if (late.overall()) throw;
                for (const Attempt& attempt : open_) refusals_.note(attempt.address, refusal_of(ETIMEDOUT));
                throw refusals_.failure();
            }
        }
    }

  private:
    struct Attempt {
        std::string address;
        Poco::Net::StreamSocket socket;
    };

    /// Not the host's clock: the delay is about the network, and a host that stops its clock must still reach
    /// the second address.
    void start_due() {
        while (next_ < addresses_.size() && (open_.empty() || SteadyClock::now() >= next_start_)) {
            const std::string& address = addresses_[next_++];
            auto begun = dial(endpoint_, address, egress_);
            if (auto* refusal = std::get_if<Refusal>(&begun)) {
                refusals_.note(address, std::move(*refusal));
            } else {
                open_.push_back({address, std::get<Poco::Net::StreamSocket>(begun)});
                next_start_ = SteadyClock::now() + attempt_delay;
            }
        }
    }

    std::optional<Poco::Net::StreamSocket> await(const Patience& patience) {
        std::vector<pollfd> polled;
        for (const Attempt& attempt : open_) polled.push_back({attempt.socket.impl()->sockfd(), POLLOUT, 0});
        int most_ms = idle_ms;
        if (next_ < addresses_.size()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_start_ - SteadyClock::now());
            most_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, idle_ms));
        }
        if (wait_some(polled, most_ms, patience) == 0) return std::nullopt;
        // Backwards, so that the indices stay right while losers are taken out.
        for (std::size_t i = polled.size(); i-- > 0;) {
            if (polled[i].revents == 0) continue;
            const int error = open_[i].socket.impl()->socketError();
            if (error == 0) return open_[i].socket;
            refusals_.note(open_[i].address, refusal_of(error));
            open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
            next_start_ = SteadyClock::now();
        }
        return std::nullopt;
    }

    const Endpoint& endpoint_;
    const std::vector<std::string>& addresses_;
    const wfc::Egress& egress_;
    std::size_t next_ = 0;
    SteadyClock::time_point next_start_{};
    std::vector<Attempt> open_;
    Refusals refusals_;
};

}  // namespace

std::unique_ptr<Stream> connect(const Endpoint& endpoint, const std::vector<std::string>& addresses,
                                const wfc::Egress& egress, const Patience& patience) {
    patience.check();
    if (addresses.empty()) {
        throw Failure(Stage::connect, "net.unreachable", "there is no address to connect to")
            .with("host", endpoint.host);
    }
    Poco::Net::StreamSocket connected = Race(endpoint, addresses, egress).run(patience);
    connected.setNoDelay(true);
    return std::make_unique<Channel>(connected);
}

}  // namespace mailsend::net
