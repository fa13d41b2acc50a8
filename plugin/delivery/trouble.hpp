/// Names what went wrong on a connection: stage, condition, a sentence.
#pragma once

#include <optional>

#include "delivery/route.hpp"
#include "net/patience.hpp"
#include "net/stream.hpp"
#include "outcome/failure.hpp"

namespace mailsend::delivery {

/// A wait that was too long. `overall` tells the call's deadline from the stage's time-out.
Facts timed_out(Stage stage, bool overall, const Route& route);

/// Puts a failure of the stream into its stage: "conn.reset" while the greeting is awaited is "greet.reset".
Facts placed(Facts facts, Stage stage);

/// Where the peer hung up after it had asked for a client certificate and got none, the sentence says so. The
/// condition stays: many servers ask and do not mind, and a connection may break for any reason.
Facts hung_up_on(Facts facts, const std::optional<net::TlsFacts>& tls);

/// Names the protocol of a greeting that is no SMTP, where its first words tell: in the sentence, and as the
/// detail `protocol`.
Facts with_protocol(Facts facts);

/// Adds host, port and user for the explanation's placeholders, and whose server it is; with an access token
/// `proof`, and `token_bytes` where it is so long that a server may not take it.
Facts located(Facts facts, const Route& route);

/// No reply after the end of data: what is known of why goes into the sentence. The condition is
/// "outcome.unknown"; of a server that was silent for too long "data.timeout_final", which means the same.
Facts lost_after_end_of_data(const Facts& cause);

}  // namespace mailsend::delivery
