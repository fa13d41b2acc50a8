/// A connection through an HTTP proxy: CONNECT (RFC 9110 section 9.3.6).
///
/// Guarantees: takes no byte behind the proxy's answer, so that a greeting which came along is still there to
/// be read; the answer's head is bounded (16 KiB). Speaks to the proxy in clear and does not sign in to it.
///
/// What it cannot do: keep to the host's egress policy behind the proxy. Names are resolved by the proxy, so
/// that the policy sees the proxy's address, and the target's only where that is an IP literal or loopback by
/// its name. A host that must keep mail away from some addresses has to tell the proxy, or allow none.
#pragma once

#include "net/connect.hpp"
#include "outcome/failure.hpp"

namespace mailsend::net {

/// To be called before anything is connected to. Asks egress about a target that is an IP literal, or a name
/// that always means loopback (RFC 6761), where each address must be allowed: which one is taken only the
/// proxy knows. Throws Failure(connect, "egress.denied").
void ask_egress_behind_proxy(const Endpoint& target, const wfc::Egress& egress);

/// Asks the proxy at the other end of `stream` for a way to `target`, whose name the proxy resolves;
/// afterwards the stream leads there. `proxy` is for the words of a failure. Throws Failure with stage
/// connect and conditions proxy.connect | proxy.unavailable | proxy.auth_required | proxy.target_unreachable
/// | proxy.garbage | proxy.closed | proxy.timeout; Cancelled; TimedOut (overall only).
void open_tunnel(Stream& stream, const Endpoint& proxy, const Endpoint& target, const Patience& patience);

/// A failure to resolve or reach `proxy`, told from one of the server behind it: proxy.not_found |
/// proxy.unreachable, or the same condition where it is about this machine.
Failure about_proxy(const Failure& failure, const Endpoint& proxy);

}  // namespace mailsend::net
