/// Waits for the one visit that ends a sign-in, and answers every other.
///
/// Guarantees: at most 16 connections at once, 10 s for each, so that neither a browser's spare connections
/// nor a slow client keep the right visit out; stops listening at the moment the right visit is there.
/// One thread; waits only in `wait`.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>

#include "host/browser_connection.hpp"
#include "host/loopback_listener.hpp"
#include "host/redirect_visit.hpp"

namespace wfc {

/// A browser whose visit was the right one: it shows nothing yet.
struct WaitingBrowser {
    BrowserConnection connection;
    std::string language;
};

struct RightVisit {
    VisitParameters parameters;
    WaitingBrowser browser;
};

class RedirectServer {
  public:
    static constexpr std::size_t most_connections = 16;
    static constexpr std::uint64_t patience_ms = 10'000;

    /// Throws CannotListen.
    explicit RedirectServer(ExpectedVisit expected);

    /// Serves for up to `most_ms`; ends early with the right visit, or when `other` (a descriptor, or -1)
    /// becomes readable.
    struct Round {
        std::optional<RightVisit> visit{};
        bool other_readable = false;
        bool other_gone = false;  ///< it was closed at the far end, or is none
    };
    Round wait(int most_ms, int other);

  private:
    using Connections = std::list<BrowserConnection>;
    void accept_all(const Descriptor& listening, std::uint64_t now_ms);
    std::optional<RightVisit> serve(BrowserConnection& connection);
    void forget(std::uint64_t now_ms);

    ExpectedVisit expected_;
    LoopbackListener listener_;
    Connections connections_{};
};

}  // namespace wfc
