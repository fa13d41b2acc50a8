#include "mail_send.hpp"

#include <array>

#include "diagnosis/diagnosis.hpp"
#include "message/message.hpp"
#include "operations/account_secret.hpp"
#include "operations/explain.hpp"
#include "operations/invocation.hpp"
#include "operations/problem_facts.hpp"
#include "outcome/document.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

struct Operation {
    std::string_view id;
    wfc_status (*run)(Invocation&);
    /// Instead of `run`, where no account is needed ("settings": "optional" in the manifest).
    wfc_status (*run_alone)(wfc::Call&, Language) = nullptr;
};

constexpr std::array operations = {Operation{"send", send},
                                   Operation{"send-batch", send_batch},
                                   Operation{"test-connection", test_connection},
                                   Operation{"send-test", send_test},
                                   Operation{"validate", validate},
                                   Operation{"preview", preview},
                                   Operation{"sign-in", sign_in},
                                   Operation{"sign-out", sign_out},
                                   Operation{"account-status", account_status},
                                   Operation{"explain", nullptr, explain_pasted}};

/// The language that refused settings asked for, so that the refusal is in it.
Language language_of(std::string_view settings_json) {
    try {
        const nlohmann::json json = wfc::parse_json(settings_json, WFC_INVALID_SETTINGS, "settings");
        const auto found = json.is_object() ? json.find("language") : json.end();
        return found != json.end() && *found == "ja" ? Language::ja : Language::en;
    } catch (const wfc::Problem&) {
        return Language::en;
    }
}

}  // namespace

void MailSend::configure(std::string_view settings_json) {
    language_ = language_of(settings_json);
    if (host_.table<wfc_clock>(WFC_CLOCK) == nullptr) {  // without one no wait would ever end
        throw wfc::Problem(WFC_UNSUPPORTED, {}, "the host offers no wfc.clock/1, which mail-send requires");
    }
    account_ = std::make_shared<Account>(parse_settings(settings_json), host_);
}

wfc_status MailSend::invoke(wfc::Call& call) {
    const Language language = account_ ? account_->settings().language : language_;
    const Reader reader = account_ ? account_->reader() : Reader(language_);
    const auto answer = [&](Verdict verdict, Facts facts, wfc_status status) {
        call.result(failed_document(verdict, explained(std::move(facts), reader)));
        return status;
    };
    for (const Operation& operation : operations) {
        if (operation.id != call.operation()) continue;
        if (operation.run_alone == nullptr && !account_)
            throw wfc::Problem(WFC_INVALID_SETTINGS, {}, "no settings were given before the first call");
        try {
            if (operation.run_alone != nullptr) return operation.run_alone(call, language);
            Invocation invocation{*account_, host_, call, patience_of(*account_, host_, call),
                                  host_.clock().monotonic_ms()};
            return operation.run(invocation);
        } catch (const wfc::Problem&) {
            throw;
        } catch (const Failure& failure) {
            return answer(Verdict::failed, failure.facts(), WFC_FAILED);
        } catch (const Cancelled& cancelled) {
            return answer(Verdict::cancelled, Failure(Stage::host, "cancelled", cancelled.what()).facts(),
                          WFC_CANCELLED);
        } catch (const net::TimedOut& late) {
            return answer(Verdict::failed, Failure(Stage::host, "deadline.passed", late.what()).facts(),
                          WFC_FAILED);
        } catch (const SourceBroken& broken) {
            return answer(
                Verdict::failed,
                Failure(Stage::data, broken.condition(), broken.what()).at(broken.pointer()).facts(),
                WFC_FAILED);
        } catch (const wfc::StreamFailed& broken) {
            return answer(Verdict::failed, Failure(Stage::host, "host.files", broken.what()).facts(),
                          WFC_FAILED);
        } catch (const std::exception& defect) {
            return answer(Verdict::failed, Failure(Stage::host, "component.internal", defect.what()).facts(),
                          WFC_INTERNAL);
        }
    }
    std::array<std::string_view, operations.size()> ids;
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = operations[i].id;
    std::string sentence = "mail-send has no operation \"" + std::string(call.operation()) + "\"";
    if (const auto near = wfc::nearest(call.operation(), ids); !near.empty()) {
        sentence.append("; did you mean \"").append(near).append("\"?");
    }
    throw wfc::Problem(WFC_UNSUPPORTED, {}, sentence);
}

/// Sessions that no call uses end now; those of a host that calls on do so at the next call.
void MailSend::quiesce() {
    if (account_) account_->pool().close();
}

std::string MailSend::document(const wfc::Problem& problem) const {
    const bool refused_settings =
        problem.status() == WFC_INVALID_SETTINGS && dynamic_cast<const MissingSecret*>(&problem) == nullptr;
    const Reader reader = account_ && !refused_settings ? account_->reader() : Reader(language_);
    return failed_document(Verdict::failed, explained(facts_of(problem), reader));
}

}  // namespace mailsend
