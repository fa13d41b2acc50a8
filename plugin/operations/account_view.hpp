/// The member `account` of a result: who is signed in, since when, and what will end it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "operations/account_oauth.hpp"
#include "operations/invocation.hpp"

namespace mailsend {

struct ConsentSeen;

/// What warnings of an account are made of besides the clock: fetched once.
struct AccountSeen {
    std::optional<oauth::TokenRecord> record;
    /// Why the next send would fail, where that is known; explained for the account's reader.
    std::optional<Error> trouble;
};

/// Reads what is stored; asks no server. That the sign-in is known to be dead, or cannot be read, is its
/// `trouble`. Throws as TokenKeeper::record otherwise.
AccountSeen look_at(const AccountOAuth& account, const Reader& reader);

/// What happened and what to do, as one text. Of a dead sign-in, what the server had said: that is the cause.
std::string told(const Error& trouble, Language language);

/// For judge_consent; borrows from both.
ConsentSeen consent_of(const AccountOAuth& account, const AccountSeen& seen);

/// Sentences about what will end the sign-in, in the account's language; also for results of sending.
std::vector<std::string> account_warnings(const AccountOAuth& account, const AccountSeen& seen,
                                          Language language);

/// The whole member; with `error` where there is trouble.
nlohmann::ordered_json account_object(const AccountOAuth& account, const AccountSeen& seen,
                                      Language language);

/// The account's OAuth side; throws Failure(settings, "account.no_oauth") where it signs in otherwise.
const AccountOAuth& oauth_of(const Invocation& invocation);

/// Input of the account's operations: nothing but `format`. Throws wfc::Problem.
void check_empty_input(std::string_view input);

/// `{format, outcome: succeeded, account, warnings}` to the call.
void hand_over_account(Invocation& invocation, nlohmann::ordered_json account);

}  // namespace mailsend
