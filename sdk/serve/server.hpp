/// `wfc serve`: what an engine asks for, until it ends.
///
/// Guarantees: each request gets exactly one answer; a wrong line harms nothing else; calls run at the same
/// time, as many as was said; after the end of the input, or `stop`, those that run have three seconds and
/// are cancelled then, and the process is gone within five, whatever a component does and whether or not the
/// engine reads: the thread that reads requests runs no component and waits for no reader. See PROTOCOL.md.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "serve/blob_folder.hpp"
#include "serve/line_reader.hpp"
#include "serve/request.hpp"
#include "serve/session.hpp"
#include "serve/watchdog.hpp"
#include "serve/workers.hpp"

namespace wfc::serve {

struct ServerOptions {
    std::vector<std::filesystem::path> components;  ///< the whole search path
    std::size_t calls = 32;                         ///< at the same time
    std::string version;                            ///< of the host
    /// How long after its cancel, or its deadline, a call is given up.
    std::chrono::milliseconds stuck_after = std::chrono::seconds(10);
};

class Server {
  public:
    static constexpr std::size_t most_components = 256;

    /// What is given outlives this; `around.log_level` is the engine's to choose. `leave` ends the process at
    /// once, where a component does not end. Throws std::system_error.
    Server(ServerOptions options, Surroundings around, BlobFolder& blobs, std::function<void()> leave);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Until the end; `input` is not closed.
    void run(int input);
    /// The end has come. Any thread.
    void stop() noexcept;
    /// Cancels what runs and says at once the result of every call and the answer of every change that has
    /// none yet. Whoever calls this ends the process then. Any thread.
    void give_up() noexcept;

  private:
    struct Running {
        std::shared_ptr<Session> session;
        std::shared_ptr<Call> call;
        std::uint64_t cancelled_ms = 0;  ///< by wfc.clock/1; 0: it was not
        bool stuck = false;              ///< its result was said for it, and it still has its place
    };
    enum class Changes { settings, existence };
    struct Change {
        std::shared_ptr<Session> session;
        Changes what;
    };
    using Sessions = std::map<std::string, std::shared_ptr<Session>>;

    // server.cpp: lines in, and the end.
    bool take_lines(LineReader& reader);
    void take_line(LineReader::Line line);
    Request understood(SecretString line) const;
    void wake() const noexcept;
    void take(Request request);
    void rounds();
    int patience();

    // server_end.cpp: what does not end by itself, and the end of everything.
    void begin_end();
    void cancel_all();
    void abandon() noexcept;
    void give_up_stuck(std::uint64_t now_ms);
    void make_way(const std::shared_ptr<Session>& session);

    // server_calls.cpp and server_changes.cpp: what is asked for.
    void carry_out(std::uint64_t id, Hello& asked);
    void carry_out(std::uint64_t id, Load& asked);
    void carry_out(std::uint64_t id, Configure& asked);
    void carry_out(std::uint64_t id, Invoke& asked);
    void carry_out(std::uint64_t id, Cancel& asked);
    void carry_out(std::uint64_t id, Answer& asked);
    void carry_out(std::uint64_t id, Release& asked);
    void carry_out(std::uint64_t id, Unload& asked);
    void change(std::uint64_t id, const std::shared_ptr<Session>& session, Changes what,
                std::function<std::string(Session&)> work);
    bool claim_change(std::uint64_t id);
    std::vector<std::pair<std::uint64_t, Change>> changing();
    std::shared_ptr<Session> named(const std::string& component);
    bool stuck(const std::shared_ptr<Session>& session);
    void perform(Session& session, Call& call, bool without_settings);
    void forget(std::uint64_t id);
    void settle(Call& call, const Result& result);
    static void enter(const std::shared_ptr<Session>& session, std::uint64_t key, Turn turn,
                      std::function<void(Session&)> work);
    void withdraw(const Running& running, const Result& result);
    std::vector<Running> running();

    ServerOptions options_;
    Surroundings around_;
    BlobFolder& blobs_;
    std::function<void()> leave_;
    FileDescriptor wake_;
    std::atomic<bool> stopping_{false};
    bool greeted_ = false, cancelled_ = false, lines_left_ = false;
    std::uint64_t last_id_ = 0;
    std::optional<std::chrono::steady_clock::time_point> closing_{};
    Sessions sessions_{};
    std::mutex mutex_{};  ///< of what follows, for other threads use it, too
    std::map<std::uint64_t, Running> calls_{};
    std::map<std::uint64_t, Change> changes_{};  ///< that wait to be alone with a component, or are
    Workers workers_;
    Watchdog leaves_, abandons_;
};

}  // namespace wfc::serve
