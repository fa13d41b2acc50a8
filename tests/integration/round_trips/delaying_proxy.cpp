#include "round_trips/delaying_proxy.hpp"

#include <algorithm>
#include <deque>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <string>

namespace test {

using Clock = std::chrono::steady_clock;

namespace {

void prepare(int fd) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/// Bytes on their way in one direction; an empty piece is the end.
class Lane {
  public:
    void put(std::string bytes, Clock::time_point arrives) { pieces_.push_back({std::move(bytes), arrives}); }
    bool idle() const noexcept { return pieces_.empty(); }
    bool ended() const noexcept { return ended_; }
    std::optional<Clock::time_point> next() const {
        return pieces_.empty() ? std::nullopt : std::optional(pieces_.front().arrives);
    }
    /// Hands over what has arrived; true if there was something.
    bool deliver(int to, Clock::time_point now) {
        bool any = false;
        while (!pieces_.empty() && pieces_.front().arrives <= now) {
            std::string& bytes = pieces_.front().bytes;
            if (bytes.empty()) {
                ::shutdown(to, SHUT_WR);
                ended_ = true;
            } else {
                const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
                any = true;
                if (sent >= 0 && static_cast<std::size_t>(sent) < bytes.size()) {
                    bytes.erase(0, static_cast<std::size_t>(sent));
                    pieces_.front().arrives = now + std::chrono::milliseconds(1);  // the reader is behind
                    continue;
                }
                if (sent < 0 && errno == EAGAIN) {
                    pieces_.front().arrives = now + std::chrono::milliseconds(1);
                    continue;
                }
            }
            pieces_.pop_front();
        }
        return any;
    }

  private:
    struct Piece {
        std::string bytes;
        Clock::time_point arrives;
    };
    std::deque<Piece> pieces_{};
    bool ended_ = false;
};

}  // namespace

/// One client's connection.
class DelayingProxy::Road {
  public:
    Road(DelayingProxy& proxy, int client) : proxy_(proxy), client_(client), began_(Clock::now()) {
        prepare(client_);
        ++proxy_.connections_;
    }
    ~Road() {
        ::close(client_);
        if (server_ >= 0) ::close(server_);
    }
    Road(const Road&) = delete;
    Road& operator=(const Road&) = delete;

    bool over() const noexcept { return to_client_.ended() && (client_ended_ || to_server_.ended()); }
    int client() const noexcept { return client_ended_ ? -1 : client_; }
    int server() const noexcept { return server_ended_ ? -1 : server_; }

    /// When something is to be done although nothing is to be read.
    std::optional<Clock::time_point> next() const {
        if (server_ < 0) return began_ + 3 * proxy_.one_way_;
        const auto there = to_server_.next(), back = to_client_.next();
        if (there && back) return std::min(*there, *back);
        return there ? there : back;
    }

    void read_client() {
        // The client holds its end of the connection only after the handshake's round trip.
        const auto arrives = std::max(Clock::now(), began_ + 2 * proxy_.one_way_) + proxy_.one_way_;
        for (std::string bytes; receive(client_, bytes, client_ended_);) {
            if (!bytes.empty() && last_ != Speaker::client) {
                ++proxy_.turns_;
                last_ = Speaker::client;
            }
            to_server_.put(std::move(bytes), arrives);
        }
    }
    void read_server() {
        const auto arrives = Clock::now() + proxy_.one_way_;
        for (std::string bytes; receive(server_, bytes, server_ended_);)
            to_client_.put(std::move(bytes), arrives);
    }
    void work() {
        const auto now = Clock::now();
        if (server_ < 0) {
            if (now < began_ + 3 * proxy_.one_way_) return;
            connect();
        }
        to_server_.deliver(server_, now);
        if (!to_client_.next() || *to_client_.next() > now) return;
        if (!client_ended_) read_client();
        // What left the server together arrives together.
        if (to_client_.deliver(client_, now + std::chrono::milliseconds(2))) {
            if (last_ == Speaker::nobody) ++proxy_.greetings_;
            last_ = Speaker::server;
        }
    }

  private:
    enum class Speaker { nobody, client, server };

    /// False when there is nothing more for now; an empty text is the end.
    static bool receive(int fd, std::string& bytes, bool& ended) {
        if (ended) return false;
        bytes.resize(64 * 1024);
        const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
        bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        ended = count <= 0;
        return true;
    }
    void connect() {
        server_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(proxy_.upstream_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(server_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            server_ended_ = true;
            to_client_.put({}, Clock::now());
        }
        prepare(server_);
    }

    DelayingProxy& proxy_;
    int client_, server_ = -1;
    Clock::time_point began_;
    Lane to_server_{}, to_client_{};
    bool client_ended_ = false, server_ended_ = false;
    Speaker last_ = Speaker::nobody;
};

DelayingProxy::DelayingProxy(std::uint16_t upstream, std::chrono::milliseconds one_way)
    : upstream_(upstream), one_way_(one_way) {
    if (::pipe2(wake_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    thread_ = std::thread([this] { serve(); });
}

DelayingProxy::~DelayingProxy() {
    ::close(wake_[1]);
    thread_.join();
    ::close(wake_[0]);
}

void DelayingProxy::accept_one() {
    const int client = listener_.accept();
    if (client >= 0) roads_.push_back(std::make_unique<Road>(*this, client));
}

void DelayingProxy::serve() {
    for (;;) {
        std::vector<pollfd> waiting = {{wake_[0], POLLIN, 0}, {listener_.fd(), POLLIN, 0}};
        auto until = Clock::now() + std::chrono::seconds(1);
        for (const auto& road : roads_) {
            waiting.push_back({road->client(), POLLIN, 0});
            waiting.push_back({road->server(), POLLIN, 0});
            if (const auto next = road->next()) until = std::min(until, *next);
        }
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        ::poll(waiting.data(), waiting.size(), static_cast<int>(std::max<std::int64_t>(rest, 0)));
        if (waiting[0].revents != 0) return roads_.clear();
        const std::size_t known = roads_.size();
        if (waiting[1].revents != 0) accept_one();
        for (std::size_t i = 0; i < known; ++i) {
            if (waiting[2 + 2 * i].revents != 0) roads_[i]->read_client();
            if (waiting[3 + 2 * i].revents != 0) roads_[i]->read_server();
            roads_[i]->work();
        }
        std::erase_if(roads_, [](const auto& road) { return road->over(); });
    }
}

}  // namespace test
