/// The person who typed the command, for wfc.prompt/1.
///
/// Guarantees: speaks on standard error alone, and where a program listens (JSON) as events "prompt.url" and
/// "prompt.code"; standard input is never touched: what is pasted comes from the process's own terminal,
/// which shows none of it and takes up to 64 KiB. Nothing can be pasted in JSON mode, without a terminal on
/// standard error, and in the background. Ctrl-C, Ctrl-D and signals end the call as they do without a
/// prompt. Where neither a terminal nor a program is there, nobody opens a URL; a code is shown in any case,
/// for it is entered elsewhere. English and Japanese.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "host/log_writer.hpp"
#include "host/prompt_service.hpp"
#include "tool/silent_terminal.hpp"
#include "tool/style.hpp"
#include "tool/typed_line.hpp"

namespace wfc::tool {

class TerminalPrompt final : public PromptTerminal {
  public:
    /// Both outlive this; `cancelled` is set when the person leaves. `language`: "ja", or anything else.
    TerminalPrompt(LogWriter& log, std::atomic<bool>& cancelled, std::string language);

    /// The call ends so long from now: a code is shown as good for no longer than that.
    void ends_in(std::chrono::milliseconds limit) { ends_ = std::chrono::steady_clock::now() + limit; }

    bool reads_url() override;
    void show_url(std::string_view url, bool opened) override;
    void show_code(std::string_view url, std::string_view user_code, std::int64_t expires_in_s) override;
    int descriptor() override;
    std::optional<SecretString> pasted() override;
    void complain(std::string_view sentence) override;
    void done() noexcept override;

  private:
    bool listen();
    std::optional<SecretString> take(std::string_view bytes);
    void say(const std::string& text);
    const char* in(const char* english, const char* japanese) const;

    LogWriter& log_;
    std::atomic<bool>& cancelled_;
    std::string language_;
    Style style_;
    std::unique_ptr<SilentTerminal> terminal_;
    FileDescriptor either_;  ///< readable when a key or a signal waits
    TypedLine line_;
    std::optional<std::chrono::steady_clock::time_point> ends_;
    bool overflown_ = false;  ///< the line that is typed is too long: the rest of it is dropped
};

}  // namespace wfc::tool
