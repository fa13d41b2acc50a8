// The operation `account-status`: who is signed in, and whether the next run will find a token.
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"
#include "operations/account_view.hpp"

namespace mailsend {
namespace {

/// A failure that says nothing about the account: the network, a busy server. It may be gone when it matters.
bool may_pass(const Error& error) {
    return error.diagnosis.error_class != ErrorClass::permanent;
}

}  // namespace

/// Asks for a token as a run would, so that a sign-in which has ended is noticed now, and one that nobody
/// uses stays alive.
wfc_status account_status(Invocation& invocation) {
    check_empty_input(invocation.call.input());
    const AccountOAuth& account = oauth_of(invocation);
    const Language language = invocation.language();
    const Reader reader = invocation.account.reader();
    AccountSeen seen = look_at(account, reader);
    if (seen.record || !account.person_signs_in()) {
        try {
            account.credentials(invocation.patience, oauth::Asking::unattended);
            seen = look_at(account, reader);
        } catch (const Failure& failure) {
            seen = look_at(account, reader);
            seen.trouble = explained(failure.facts(), reader);
        }
    }
    nlohmann::ordered_json object = account_object(account, seen, language);
    if (seen.trouble && may_pass(*seen.trouble)) object["signed_in"] = seen.record.has_value();
    hand_over_account(invocation, std::move(object));
    return WFC_OK;
}

}  // namespace mailsend
