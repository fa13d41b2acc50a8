/// A dialogue written down: what the server says, what the client must say, and what must come out of it.
///
///     # The server refuses the only recipient.
///     settings: {"server": {"security": "none"}}
///     expect: {"outcome": "rejected"}
///     expect-status: failed
///     S: 220 mail.example.test ESMTP
///     C: EHLO client.example.test
///
/// Guarantees: every line is understood or refused with its number. The format is described in README.md.
/// Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace transcript {

enum class Kind {
    say,      ///< S: or S> : `text` are the bytes
    drip,     ///< S! drip TIME TEXT: `text` byte by byte, one per `time`
    flood,    ///< S! flood N TEXT: `text` `count` times, as long as the client is there
    hear,     ///< C: the line must be `text`
    match,    ///< C~ the line must match the RE2 `text` as a whole
    bytes,    ///< C+ what it sends, without line ends of its own, must match the RE2 `text` as a whole
    message,  ///< C* reads a message to its final dot
    chunk,    ///< C= BDAT and its octets, after others or alone; with `text` LAST the last one (RFC 3030)
    holds,    ///< M~ the RE2 `text` must be found in that message
    tls,      ///< S! tls: handshake
    cut,      ///< S! cut
    reset,    ///< S! reset
    close,    ///< S! close: as a polite server does
    silence,  ///< S! silence: waits until the client goes
    swallow,  ///< S! swallow: reads whatever comes until the client goes
    delay,    ///< S! delay TIME
    quiet,    ///< S! quiet TIME: the client must not say anything meanwhile
};

struct Line {
    Kind kind = Kind::say;
    std::string text;
    std::chrono::milliseconds time{0};
    std::size_t count = 0;
    std::size_t number = 0;  ///< in the file
    std::string source;      ///< as it stands there
};

struct Transcript {
    std::string sentence;
    nlohmann::json settings = nlohmann::json::object();
    nlohmann::json input = nlohmann::json::object();
    std::string operation = "send";
    std::map<std::string, std::string> secrets;
    nlohmann::json expect = nlohmann::json::object();
    std::string expect_status = "ok";
    std::optional<std::chrono::milliseconds> within;  ///< longest time the call may take
    std::optional<std::chrono::milliseconds>
        cancel_after;  ///< the host asks to stop, so long after the server stood still
    std::vector<std::vector<Line>> connections;

    /// Throws std::runtime_error "line 3: …".
    static Transcript parse(std::string_view text);
    static Transcript load(const std::string& path);
};

}  // namespace transcript
