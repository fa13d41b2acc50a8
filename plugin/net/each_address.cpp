#include "net/each_address.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <cerrno>
#include <chrono>

#include "net/channel.hpp"
#include "net/dial.hpp"
#include "net/wait.hpp"

namespace mailsend::net {
namespace {

constexpr int idle_ms = 1000;

using SteadyClock = std::chrono::steady_clock;

/// What silent addresses get once another has answered. Not by the host's clock, as in connect.cpp.
constexpr std::chrono::seconds grace{1};

class Attempts {
  public:
    Attempts(const Endpoint& endpoint, const std::vector<std::string>& addresses, const Patience& patience)
        : endpoint_(endpoint),
          patience_(patience),
          begun_ms_(patience.now_ms()),
          refusals_(endpoint, leads_back(endpoint.host, addresses)) {}

    void start(const std::string& address, const wfc::Egress& egress) {
        survey_.tried.push_back({.address = address});
        auto begun = dial(endpoint_, address, egress);
        if (const auto* refusal = std::get_if<Refusal>(&begun)) {
            refuse(survey_.tried.size() - 1, *refusal);
        } else {
            open_.push_back({survey_.tried.size() - 1, std::get<Poco::Net::StreamSocket>(begun)});
        }
    }

    Survey run() {
        try {
            while (!open_.empty() && (!answered_ || SteadyClock::now() < *answered_ + grace)) settle_some();
        } catch (const TimedOut& late) {
            if (late.overall()) return ended();
        } catch (const Cancelled&) {
            return ended();
        }
        for (const Attempt& attempt : open_) refuse(attempt.index, refusal_of(ETIMEDOUT));
        if (!answered_) survey_.refused = refusals_.failure();
        return std::move(survey_);
    }

  private:
    Survey ended() {
        survey_.ended = std::current_exception();
        return std::move(survey_);
    }

    struct Attempt {
        std::size_t index;
        Poco::Net::StreamSocket socket;
    };

    void settle_some() {
        std::vector<pollfd> polled;
        for (const Attempt& attempt : open_) polled.push_back({attempt.socket.impl()->sockfd(), POLLOUT, 0});
        if (wait_some(polled, idle_ms, patience_) == 0) return;
        std::vector<Attempt> left;
        for (std::size_t i = 0; i < polled.size(); ++i) {
            if (polled[i].revents == 0) {
                left.push_back(open_[i]);
            } else {
                settle(open_[i]);
            }
        }
        open_ = std::move(left);
    }

    void settle(Attempt& attempt) {
        int error = attempt.socket.impl()->socketError();
        if (error == 0) {
            try {
                attempt.socket.setNoDelay(true);
                Tried& tried = survey_.tried[attempt.index];
                tried.stream = std::make_unique<Channel>(attempt.socket);
                tried.milliseconds = patience_.now_ms() - begun_ms_;
                if (!answered_) answered_ = SteadyClock::now();
                return;
            } catch (const Failure&) {  // gone again
                error = ECONNRESET;
            } catch (const Poco::Exception&) {
                error = ECONNRESET;
            }
        }
        refuse(attempt.index, refusal_of(error));
    }

    void refuse(std::size_t index, const Refusal& refusal) {
        Tried& tried = survey_.tried[index];
        Refusals alone(endpoint_);
        alone.note(tried.address, refusal);
        tried.refusal = alone.failure().facts();
        tried.milliseconds = patience_.now_ms() - begun_ms_;
        refusals_.note(tried.address, refusal);
    }

    const Endpoint& endpoint_;
    const Patience& patience_;
    std::uint64_t begun_ms_;
    Refusals refusals_;
    Survey survey_;
    std::vector<Attempt> open_;
    std::optional<SteadyClock::time_point> answered_;  ///< the first that did
};

}  // namespace

Survey try_each(const Endpoint& endpoint, const std::vector<std::string>& addresses,
                const wfc::Egress& egress, const Patience& patience) {
    patience.check();
    if (addresses.empty()) {
        throw Failure(Stage::connect, "net.unreachable", "there is no address to connect to")
            .with("host", endpoint.host);
    }
    Attempts attempts(endpoint, addresses, patience);
    for (const std::string& address : addresses) attempts.start(address, egress);
    return attempts.run();
}

}  // namespace mailsend::net
