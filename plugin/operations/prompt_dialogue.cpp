#include "operations/prompt_dialogue.hpp"

#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"
#include "outcome/masking.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

constexpr std::size_t max_answer_bytes = 256u << 10;

[[noreturn]] void refuse(const char* condition, const std::string& sentence) {
    throw Failure(Stage::token, condition, sentence);
}

json parsed_answer(const wfc::Prompt::Answer& answer) {
    if (answer.document.empty()) return json::object();
    try {
        json document =
            wfc::parse_json(answer.document.reveal(), WFC_INTERNAL, "answer", {max_answer_bytes, 8});
        return document.is_object() ? document : json::object();
    } catch (const wfc::Problem&) {
        return json::object();
    }
}

std::string word(const json& document, const char* member) {
    const auto found = document.find(member);
    return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
}

[[noreturn]] void refuse_answer(wfc_status status, const json& document, const std::string& redirect_uri) {
    if (status == WFC_CANCELLED) throw Cancelled();
    const std::string problem = word(document, "problem");
    const std::string named = word(document, "address");
    const std::string address = named.empty() ? redirect_uri : named;
    if (problem == "port-in-use") {
        throw Failure(
            Stage::token, "signin.port_in_use",
            "the address " + address + ", where the browser would come back to, is in use by another program")
            .with("address", address)
            .with("redirect_uri", redirect_uri)
            .at("/auth/redirect_uri");
    }
    if (problem == "port-denied") {
        throw Failure(Stage::token, "signin.port_denied",
                      "this program may not listen at " + address + ", where the browser would come back to")
            .with("address", address)
            .with("redirect_uri", redirect_uri)
            .at("/auth/redirect_uri");
    }
    if (problem == "busy") refuse("signin.busy", "this program waits for another sign-in already");
    if (problem == "no-time-left") refuse("signin.no_time_left", "nobody finished the sign-in in time");
    if (problem == "nobody")
        refuse("signin.nobody", "there is neither a browser nor a terminal where somebody could sign in");
    refuse("signin.not_offered", "this host cannot ask a person to sign in");
}

json presented(Invocation& invocation, const json& question, const std::string& redirect_uri) {
    const wfc::Prompt prompt = invocation.host.prompt();
    if (!prompt.offered()) refuse("signin.not_offered", "this host cannot ask a person to sign in");
    const wfc::Prompt::Answer answer = prompt.present(invocation.call.table(), question.dump());
    json document = parsed_answer(answer);
    if (answer.status != WFC_OK) refuse_answer(answer.status, document, redirect_uri);
    return document;
}

json page_of(const Facts& facts, Language language) {
    const Explanation told = diagnose(facts, language).explanation;
    return {{"title", told.title}, {"text", told.cause}, {"steps", told.steps}};
}

/// Nobody may be waiting any more, which changes nothing about the sign-in.
void tell(Invocation& invocation, bool succeeded, json pages) {
    const json question{{"kind", "outcome"}, {"succeeded", succeeded}, {"pages", std::move(pages)}};
    const wfc::Prompt prompt = invocation.host.prompt();
    if (prompt.offered())
        prompt.present(invocation.call.table(),
                       question.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

oauth::RedirectParameters ask_redirect(Invocation& invocation, const oauth::Authorization& authorization,
                                       const AccountOAuth& account, std::int64_t left_s) {
    const OAuthAuth& auth = account.auth();
    const json question{{"kind", "redirect"},
                        {"url", authorization.url()},
                        {"redirect_uri", auth.redirect_uri},
                        {"state", authorization.state()},
                        {"setting", "/auth/redirect_uri"},
                        {"account", account.consenting_account()},
                        {"expires_in_s", left_s},
                        {"language", to_string(invocation.language())}};
    const json answer = presented(invocation, question, auth.redirect_uri);
    oauth::RedirectParameters came;
    if (const auto parameters = answer.find("parameters");
        parameters != answer.end() && parameters->is_object()) {
        for (const auto& [name, value] : parameters->items()) {
            if (value.is_string()) came.emplace(name, wfc::SecretString(value.get_ref<const std::string&>()));
        }
    }
    return came;
}

void show_device_code(Invocation& invocation, const oauth::DeviceCode& code) {
    json question{{"kind", "device"},
                  {"url", code.verification_uri},
                  {"user_code", code.user_code},
                  {"expires_in_s", code.expires_in_s},
                  {"language", to_string(invocation.language())}};
    if (!code.verification_uri_complete.empty()) question["complete_url"] = code.verification_uri_complete;
    presented(invocation, question, {});
}

void tell_signed_in(Invocation& invocation, const std::string& who) {
    const std::string english = who.empty() ? "Signed in" : "Signed in as " + who;
    const std::string japanese = who.empty() ? "サインインしました" : who + " としてサインインしました";
    tell(invocation, true,
         {{"en", {{"title", english}, {"text", "You can close this window."}, {"steps", json::array()}}},
          {"ja",
           {{"title", japanese},
            {"text", "このウィンドウは閉じてかまいません。"},
            {"steps", json::array()}}}});
}

void tell_failed(Invocation& invocation, const Facts& facts) {
    const Facts shown = masked(facts, invocation.account.reader().hidden);
    tell(invocation, false, {{"en", page_of(shown, Language::en)}, {"ja", page_of(shown, Language::ja)}});
}

}  // namespace mailsend
