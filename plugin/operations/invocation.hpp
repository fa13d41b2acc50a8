/// What every operation works with, for the length of one call.
#pragma once

#include "net/patience.hpp"
#include "operations/account.hpp"
#include "outcome/explanation.hpp"
#include "wfc/author.hpp"

namespace mailsend {

/// One thread; valid until `invoke` returns.
struct Invocation {
    const Account& account;
    wfc::Host host;
    wfc::Call& call;
    net::Patience patience;
    std::uint64_t begun_ms = 0;  ///< on the clock's monotonic scale

    Language language() const noexcept { return account.settings().language; }
};

/// The call's deadline and the account's, whichever comes first.
net::Patience patience_of(const Account& account, const wfc::Host& host, const wfc::Call& call);

/// The ABI's status of a verdict.
wfc_status status_of(Verdict verdict) noexcept;

// The operations. Each writes one result document and returns its status, or throws: wfc::Problem for invalid
// input and settings, Failure, Cancelled.
wfc_status send(Invocation& invocation);
wfc_status send_batch(Invocation& invocation);
wfc_status test_connection(Invocation& invocation);
wfc_status preview(Invocation& invocation);
wfc_status send_test(Invocation& invocation);
wfc_status validate(Invocation& invocation);
wfc_status sign_in(Invocation& invocation);
wfc_status sign_out(Invocation& invocation);
wfc_status account_status(Invocation& invocation);

}  // namespace mailsend
