/// wfc.prompt/1 for a person at this machine: the system's browser, a one-shot listener on the redirect's
/// port, and a terminal where there is no browser.
///
/// Guarantees: listens on loopback alone, 127.0.0.1 and, where the machine has it, ::1, both on the same
/// port, or not at all; takes one visit of the exact path with the right `state` (compared in constant time),
/// by GET or form_post, from a browser that names a loopback host; answers everything else and keeps
/// listening; nothing of a query is logged or shown; closes after one answer, cancel or deadline, within 200
/// ms. The page at which the person waits says how it ended, in the browser's language (English, Japanese).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/pasted_address.hpp"
#include "host/prompt_question.hpp"
#include "wfc/component.h"
#include "wfc/secret.hpp"

namespace wfc {

/// The person at a terminal. All on the thread of the call.
class PromptTerminal {
  public:
    PromptTerminal() = default;
    PromptTerminal(const PromptTerminal&) = delete;
    PromptTerminal& operator=(const PromptTerminal&) = delete;
    virtual ~PromptTerminal() = default;

    /// Whether somebody may open a URL that is shown; where not, no browser means that nobody is there.
    virtual bool reads_url() { return true; }
    /// What comes now, whole, before anything of it is shown: for one that speaks to a program. The outcome
    /// is not shown otherwise.
    virtual void asked(const PromptQuestion&) {}
    /// "Opening the browser …": `opened` tells whether that worked; where not, the person is to open `url`
    /// and may paste the address of the page that fails to load at the end.
    virtual void show_url(std::string_view url, bool opened) = 0;
    virtual void show_code(std::string_view url, std::string_view user_code, std::int64_t expires_in_s) = 0;
    /// A descriptor that becomes readable when the person types; -1 where nobody can paste.
    virtual int descriptor() = 0;
    /// Takes what was typed, without waiting; a whole line, or nothing yet. It is not shown.
    virtual std::optional<SecretString> pasted() = 0;
    /// The line that was pasted cannot be used: a sentence.
    virtual void complain(std::string_view sentence) = 0;
    /// The same with the reason.
    virtual void refused(Pasted, std::string_view sentence) { complain(sentence); }
    /// Nothing more is asked: the terminal is as before.
    virtual void done() noexcept = 0;
};

/// Opens `url` with the system's browser. False where there is none. Does not wait for it.
using OpenBrowser = std::function<bool(const std::string& url)>;

/// The browser of this desktop: $BROWSER, else xdg-open where a display is there. The URL stands in its argv,
/// as it does everywhere: it holds no secret.
bool open_system_browser(const std::string& url);

/// One question at a time; another thread's is answered WFC_UNAVAILABLE `{"problem": "busy"}` meanwhile, and
/// a port that this process may not listen on `{"problem": "port-denied", "address"}`. A redirect's member
/// `expires_in_s` ends the wait as the call's deadline does.
class PromptService {
  public:
    /// `terminal` may be null: then there must be a browser. Both outlive this.
    PromptService(PromptTerminal* terminal, OpenBrowser open_browser);
    ~PromptService();  ///< a page that still waits is told that the program has ended
    PromptService(const PromptService&) = delete;
    PromptService& operator=(const PromptService&) = delete;

    const wfc_prompt* table() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace wfc
