// The operation `test-connection`: everything that sending does up to RCPT, then RSET; no mail. It goes on
// past what it can, so that one run names every problem.
#include "delivery/trouble.hpp"
#include "diagnosis/diagnosis.hpp"
#include "message/draft_parser.hpp"
#include "operations/account_identity.hpp"
#include "operations/connection_check.hpp"
#include "operations/sending.hpp"
#include "outcome/document.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::ordered_json;

std::optional<AddrSpec> recipient_of(std::string_view input) {
    const nlohmann::json json = wfc::parse_json(input, WFC_INVALID_INPUT, "input");
    wfc::Fields fields(json, "", WFC_INVALID_INPUT);
    allow_only(fields, {"format", "to"});
    fields.format();
    const nlohmann::json* const to = fields.find("to");
    if (to == nullptr) return std::nullopt;
    return mailbox_of(*to, {WFC_INVALID_INPUT, "/to"}).address;
}

/// The account's sender; without one the user name, where that is an address.
std::optional<AddrSpec> sender_address(const Settings& settings) {
    if (const auto sender = sender_of(settings)) return sender->mailbox.address;
    return address_in(user_name_of(settings));
}

/// What the reader may see: the account's own addresses, and the one that was asked about.
std::vector<std::string> addresses_shown(const Settings& settings, const std::optional<AddrSpec>& to) {
    std::vector<std::string> out = own_addresses(settings);
    if (to) out.push_back(to->wire());
    return out;
}

/// The rows of one call, from the token to the recipient.
class Test {
  public:
    Test(Invocation& invocation, std::optional<AddrSpec> to)
        : invocation_(invocation),
          to_(std::move(to)),
          shown_(addresses_shown(invocation.account.settings(), to_)),
          report_(
              plan(), [this](std::string_view event) { invocation_.call.progress(event); }, reader()) {}

    wfc_status run() {
        try {
            find_route();
            check();
        } catch (const Cancelled& cancelled) {
            report_.stop();
            const Stage at = check_ ? check_->stage() : Stage::token;
            return answer(Verdict::cancelled,
                          explained(Failure(at, "cancelled", cancelled.what()).facts(), reader()));
        }
        // A message would not have got as far as the connection.
        const std::optional<Error>& error = token_error_ ? token_error_ : check_->error();
        return answer(error ? Verdict::failed : Verdict::succeeded, error);
    }

  private:
    Reader reader() const {
        return Reader(invocation_.language(), invocation_.account.reader().hidden ? &shown_ : nullptr);
    }

    bool by_token() const { return invocation_.account.oauth() != nullptr; }

    std::vector<Stage> plan() const {
        const smtp::Protection protection = protection_of(invocation_.account.settings().server);
        std::vector<Stage> stages = stages_of_connection(protection);
        stages.pop_back();
        if (protection == smtp::Protection::starttls) stages.push_back(Stage::ehlo);  // once more, under TLS
        if (by_token()) stages.push_back(Stage::token);
        stages.insert(stages.end(), {Stage::auth, Stage::mail, Stage::rcpt});
        return stages;
    }

    /// The route; one without credentials where the token cannot be had, which is a row like any other.
    void find_route() {
        const std::uint64_t begun = invocation_.patience.now_ms();
        Row row{.stage = Stage::token};
        if (by_token()) report_.begin(Stage::token);
        const auto refused = [&](Facts facts) {
            token_error_ = explained(std::move(facts), reader());
            row.verdict = RowVerdict::failed;
            row.error = token_error_;
            row.text = words_of(*token_error_);
            route_ = invocation_.account.way();
        };
        try {
            route_ = invocation_.account.route(invocation_.patience, oauth::Asking::person);
            row.text = phrase("report.token", {}, invocation_.language());
        } catch (const Failure& failure) {
            if (failure.facts().stage != Stage::token) throw;
            refused(failure.facts());
        } catch (const net::TimedOut& late) {
            if (!by_token()) throw;
            refused(delivery::timed_out(Stage::token, late.overall(), invocation_.account.way()));
        }
        row.timing_ms = invocation_.patience.now_ms() - begun;
        if (by_token()) report_.hold(std::move(row));
    }

    void check() {
        check_.emplace(*route_, report_, invocation_.patience, reader());
        if (check_->open() && !token_error_) {
            if (!route_->credentials) skip(Stage::auth, "report.no_login");
            ask();
        }
        check_->leave();
        std::optional<Stage> failed;
        if (check_->error()) {
            failed = check_->error()->facts.stage;
        } else if (token_error_) {
            failed = Stage::token;
        }
        report_.skip_rest([&](Stage stage) { return why_skipped(stage, failed, invocation_.language()); });
    }

    void ask() {
        const std::optional<AddrSpec> from = sender_address(invocation_.account.settings());
        if (from) {
            check_->ask(*from, to_.value_or(*from));
        } else {
            skip(Stage::mail, "report.no_sender");
            skip(Stage::rcpt, "report.no_sender");
        }
    }

    void skip(Stage stage, const char* why) {
        report_.add({.stage = stage,
                     .verdict = RowVerdict::skipped,
                     .text = phrase(why, {}, invocation_.language())});
    }

    wfc_status answer(Verdict verdict, const std::optional<Error>& error) {
        const ordered_json extra{{"report", report_.document()}};
        if (error) {
            hand_over(invocation_, failed_document(verdict, *error, extra));
        } else {
            ordered_json document{{"format", 1}, {"outcome", to_string(verdict)}};
            document.update(extra);
            hand_over(invocation_, document.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
        }
        return status_of(verdict);
    }

    Invocation& invocation_;
    std::optional<AddrSpec> to_;
    AddressMask shown_;
    StageReport report_;
    std::optional<delivery::Route> route_{};
    std::optional<ConnectionCheck> check_{};
    std::optional<Error> token_error_{};
};

}  // namespace

wfc_status test_connection(Invocation& invocation) {
    return Test(invocation, recipient_of(invocation.call.input())).run();
}

}  // namespace mailsend
