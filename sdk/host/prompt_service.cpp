#include "host/prompt_service.hpp"

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "host/component_host.hpp"
#include "host/pasted_address.hpp"
#include "host/prompt_question.hpp"
#include "host/redirect_server.hpp"
#include "wfc/problem.hpp"
#include "wfc/stream.hpp"
#include "wfc/view.hpp"

namespace wfc {

namespace {

constexpr int slice_ms = 200;          // how often the cancel is asked for
constexpr int page_ms = 200;           // for the last page to go out
constexpr std::uint64_t rest_ms = 50;  // see Person::descriptor

std::uint64_t now_ms() noexcept {
    return system_clock_table()->monotonic_ms(nullptr);
}

/// What ends the wait of a call.
class Limits {
  public:
    explicit Limits(const wfc_call* call) noexcept : call_(call), until_ms_(call->deadline_ms) {}

    void shorten(std::uint64_t ms) noexcept {
        const std::uint64_t until = now_ms() + ms;
        if (until_ms_ == 0 || until < until_ms_) until_ms_ = until;
    }
    bool cancelled() const noexcept { return call_->cancelled(call_) != 0; }
    bool passed() const noexcept { return until_ms_ != 0 && now_ms() >= until_ms_; }
    int slice() const noexcept {
        if (until_ms_ == 0) return slice_ms;
        const std::uint64_t now = now_ms();
        const std::uint64_t left = until_ms_ > now ? until_ms_ - now : 0;
        return static_cast<int>(std::min<std::uint64_t>(left, slice_ms));
    }

  private:
    const wfc_call* call_;
    std::uint64_t until_ms_;  // 0: no end
};

/// The terminal for the length of one question, or none; put back when that ends.
class Person {
  public:
    explicit Person(PromptTerminal* terminal) noexcept : terminal_(terminal) {}
    ~Person() {
        if (terminal_ != nullptr) terminal_->done();
    }
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;

    PromptTerminal* operator->() const noexcept { return terminal_; }
    explicit operator bool() const noexcept { return terminal_ != nullptr; }

    /// What to poll. A terminal that is readable and has nothing to say, as at its end, rests a moment.
    int descriptor() const {
        return gone_ || !terminal_ || now_ms() < rests_until_ ? -1 : terminal_->descriptor();
    }
    /// Of a wait, so that it ends when the rest does.
    int slice(int ms) const noexcept {
        const std::uint64_t now = now_ms();
        return now < rests_until_ ? std::min(ms, static_cast<int>(rests_until_ - now)) : ms;
    }
    void gone() noexcept { gone_ = true; }
    std::optional<SecretString> line() {
        auto typed = terminal_->pasted();
        if (!typed) rests_until_ = now_ms() + rest_ms;
        return typed;
    }

  private:
    PromptTerminal* terminal_;
    bool gone_ = false;
    std::uint64_t rests_until_ = 0;
};

wfc_status say(wfc_sink answer, wfc_status status, const nlohmann::json& document) {
    const std::string text = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const wfc_status written = answer.write(answer.ctx, view(text));
    return status == WFC_OK ? written : status;
}

wfc_status problem(wfc_sink answer, wfc_status status, std::string_view name) {
    return say(answer, status, {{"problem", name}});
}

}  // namespace

struct PromptService::State {
    PromptTerminal* terminal;
    OpenBrowser open_browser;
    wfc_prompt table{};
    std::mutex one_question{};
    std::optional<WaitingBrowser> browser{};

    State(PromptTerminal* person, OpenBrowser opener) : terminal(person), open_browser(std::move(opener)) {}

    bool opens(const std::string& url) const { return open_browser && open_browser(url); }

    void show(const PageText& page, const std::string& language, Mood mood) noexcept try {
        auto waiting = std::exchange(browser, std::nullopt);
        if (!waiting) return;
        waiting->connection.finish(http_answer(200, language, html_page(page, language, mood)), page_ms);
    } catch (...) {  // no memory for a page; what was to be told stands in the program, too
        browser.reset();
    }
    void say_goodbye() noexcept {
        if (browser) {
            const std::string language = browser->language;
            show(host_page(HostPage::arrived, language), language, Mood::neutral);
        }
    }

    wfc_status present(const wfc_call* call, std::string_view question, wfc_sink answer) {
        const std::unique_lock lock(one_question, std::try_to_lock);
        if (!lock) return problem(answer, WFC_UNAVAILABLE, "busy");
        const PromptQuestion read = read_prompt_question(question);
        if (const auto* outcome = std::get_if<OutcomeQuestion>(&read)) {
            if (terminal != nullptr) terminal->asked(read);
            return tell(*outcome, answer);
        }
        say_goodbye();
        const Limits limits(call);
        if (limits.cancelled()) return WFC_CANCELLED;
        if (limits.passed()) return problem(answer, WFC_UNAVAILABLE, "no-time-left");
        if (terminal != nullptr) terminal->asked(read);
        if (const auto* device = std::get_if<DeviceQuestion>(&read)) return ask(*device, answer);
        return ask(std::get<RedirectQuestion>(read), limits, answer);
    }

    wfc_status tell(const OutcomeQuestion& outcome, wfc_sink answer) {
        if (browser) {
            auto page = outcome.pages.find(browser->language);
            if (page == outcome.pages.end()) page = outcome.pages.begin();
            show(page->second, page->first, outcome.succeeded ? Mood::good : Mood::bad);
        }
        return say(answer, WFC_OK, nlohmann::json::object());
    }

    wfc_status ask(const DeviceQuestion& device, wfc_sink answer) {
        const bool opened = device.complete_url && opens(*device.complete_url);
        const Person person(terminal);
        if (person) {
            person->show_code(device.url, device.user_code, device.expires_in_s);
        } else if (!opened) {
            return problem(answer, WFC_UNSUPPORTED, "nobody");
        }
        return say(answer, WFC_OK, nlohmann::json::object());
    }

    wfc_status ask(const RedirectQuestion& question, Limits limits, wfc_sink answer) {
        if (question.expires_in_ms) limits.shorten(*question.expires_in_ms);
        try {
            RedirectServer server(
                {question.redirect.port, question.redirect.path, question.state.copy(), question.language});
            return wait(server, question, limits, answer);
        } catch (const CannotListen& failure) {
            return say(answer, WFC_UNAVAILABLE,
                       {{"problem", failure.taken() ? "port-in-use" : "port-denied"},
                        {"address", failure.address()}});
        }
    }

    wfc_status wait(RedirectServer& server, const RedirectQuestion& question, const Limits& limits,
                    wfc_sink answer) {
        const bool opened = opens(question.url);
        if (!opened && (terminal == nullptr || !terminal->reads_url()))
            return problem(answer, WFC_UNSUPPORTED, "nobody");
        Person person(terminal);
        if (person) person->show_url(question.url, opened);
        while (!limits.cancelled()) {
            if (limits.passed()) return problem(answer, WFC_UNAVAILABLE, "no-time-left");
            RedirectServer::Round round = server.wait(person.slice(limits.slice()), person.descriptor());
            if (round.other_gone) person.gone();
            if (round.visit) {
                browser.emplace(std::move(round.visit->browser));
                return answer.write(answer.ctx, view(round.visit->parameters.document().reveal()));
            }
            if (!round.other_readable) continue;
            if (const auto parameters = pasted(person, question)) {
                return answer.write(answer.ctx, view(parameters->document().reveal()));
            }
        }
        return WFC_CANCELLED;
    }

    /// Nothing until a line is the right address; the others are complained of. Takes all lines that are
    /// there: the terminal may have read more than one, and then nothing becomes readable.
    static std::optional<VisitParameters> pasted(Person& person, const RedirectQuestion& question) {
        while (const auto line = person.line()) {
            PastedAddress read = read_pasted(line->reveal(), question.redirect_uri, question.state.reveal());
            if (read.verdict == Pasted::right) return std::move(read.parameters);
            person->refused(read.verdict, pasted_complaint(read.verdict, question.language));
        }
        return std::nullopt;
    }
};

PromptService::PromptService(PromptTerminal* terminal, OpenBrowser open_browser)
    : state_(std::make_unique<State>(terminal, std::move(open_browser))) {
    state_->table = {
        sizeof state_->table, 0, state_.get(),
        [](void* ctx, const wfc_call* call, wfc_view question, wfc_sink answer) noexcept -> wfc_status {
            try {
                return static_cast<State*>(ctx)->present(call, text(question), answer);
            } catch (const Problem& refused) {
                return refused.status();  // nothing of the question is repeated: it holds the state
            } catch (...) {
                return WFC_UNAVAILABLE;
            }
        }};
}

PromptService::~PromptService() {
    state_->say_goodbye();
}

const wfc_prompt* PromptService::table() const noexcept {
    return &state_->table;
}

}  // namespace wfc
