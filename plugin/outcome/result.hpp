/// The result of one invocation before it becomes a document.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "outcome/explanation.hpp"
#include "outcome/reply.hpp"

namespace mailsend {

/// One connection made or reused on the way.
struct Attempt {
    std::string address;  ///< IP literal; empty when none was reached
    bool reused = false;
    std::map<std::string, std::uint64_t> timing_ms;  ///< by stage name
    std::optional<Error> error;                      ///< why this attempt was not the last
    std::optional<Facts> facts{};                    ///< what `error` is explained from
    std::size_t recipients = 0;                      ///< whom it was for
    std::uint64_t wait_ms = 0;                       ///< before it began
    std::uint64_t bytes_sent = 0;                    ///< of the protocol, inside TLS
    std::uint64_t bytes_received = 0;
};

struct RejectedRecipient {
    std::string recipient;
    Error error;
};

/// What is known of the server at the end.
struct ServerFacts {
    std::string host;
    std::string tls;   ///< "TLSv1.3", empty without TLS
    std::string auth;  ///< mechanism used, empty without
};

/// Outcome of `send`, per recipient.
struct SendResult {
    Verdict verdict = Verdict::failed;
    std::string message_id;
    std::vector<std::string> accepted;
    std::vector<RejectedRecipient> rejected;
    std::vector<std::string> not_attempted;
    std::vector<std::string> unknown;  ///< handed over, and never answered for
    std::optional<Reply> reply;        ///< to the end of data
    std::optional<Error> error;        ///< set unless accepted (partial: the first refusal)
    std::vector<Attempt> attempts;
    ServerFacts server;
    /// Nothing was sent, because all that could be sent had been: the members above are of the first time.
    bool duplicate = false;
    std::int64_t first_at_unix_ms = 0;  ///< with `duplicate`: when the first result was written down
    std::uint64_t total_ms = 0;         ///< of the whole invocation; the next three are parts of it
    std::uint64_t queue_ms = 0;         ///< waiting for limits and connections
    std::uint64_t ledger_ms = 0;        ///< asking and writing the ledger
    std::uint64_t retry_ms = 0;         ///< waiting between attempts
    std::vector<std::string> warnings;
};

}  // namespace mailsend
