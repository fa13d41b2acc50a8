#include "tool/terminal_prompt.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "host/printable.hpp"

namespace wfc::tool {

namespace {

constexpr std::size_t longest_url = std::size_t{64} << 10;
/// Where a program listens: the level of what somebody has to act on, and which is therefore always written.
constexpr std::int32_t to_act_on = 3;

std::string fields(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

bool readable(int fd) noexcept {
    pollfd waiting{fd, POLLIN, 0};
    return poll(&waiting, 1, 0) == 1;
}

}  // namespace

TerminalPrompt::TerminalPrompt(LogWriter& log, std::atomic<bool>& cancelled, std::string language)
    : log_(log), cancelled_(cancelled), language_(std::move(language)), style_(Style::of(STDERR_FILENO)) {}

const char* TerminalPrompt::in(const char* english, const char* japanese) const {
    return language_ == "ja" ? japanese : english;
}

void TerminalPrompt::say(const std::string& text) {
    log_.end_progress();
    log_.notice(2, text, text);
}

/// Whether the person can paste: the terminal is silent from now on.
bool TerminalPrompt::listen() {
    if (terminal_) return true;
    if (log_.format() == LogFormat::json || isatty(STDERR_FILENO) != 1 || !in_foreground()) return false;
    terminal_ = SilentTerminal::open();
    either_.reset(epoll_create1(EPOLL_CLOEXEC));
    bool whole = terminal_ && terminal_->silenced() && either_;
    for (const int fd : {whole ? terminal_->keys() : -1, whole ? terminal_->signals() : -1}) {
        epoll_event event{};
        event.events = EPOLLIN;
        whole = whole && epoll_ctl(either_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
    }
    if (!whole) done();
    return whole;
}

bool TerminalPrompt::reads_url() {
    return log_.format() == LogFormat::json || isatty(STDERR_FILENO) == 1 || has_terminal();
}

void TerminalPrompt::show_url(std::string_view url, bool opened) {
    if (log_.format() == LogFormat::json) {
        log_.event(to_act_on, "prompt.url", fields({{"url", url}, {"opened", opened}}));
        return;
    }
    const bool can_paste = listen();
    std::string text =
        opened ? in("Your browser opens for the sign-in. If it does not, open this address in it:",
                    "サインインのためにブラウザを開きます。開かない場合は、このアドレスを開いてください。")
               : in("Open this address in a browser to sign in:",
                    "サインインするには、このアドレスをブラウザで開いてください。");
    text += "\n\n" + printable(url, false, longest_url) + "\n";
    if (can_paste) {
        text += std::string("\n") +
                in("Is the browser on another machine? Then its last page cannot be loaded: copy the address "
                   "of that page, paste it here and press Enter. What you paste is not shown.",
                   "ブラウザが別のコンピューターにある場合、最後のページは表示されません。そのページの"
                   "アドレスをコピーし、ここに貼り付けて Enter を押してください。貼り付けた内容は表示"
                   "されません。");
    }
    say(text);
}

void TerminalPrompt::show_code(std::string_view url, std::string_view user_code, std::int64_t expires_in_s) {
    if (log_.format() == LogFormat::json) {
        log_.event(to_act_on, "prompt.code",
                   fields({{"url", url}, {"user_code", user_code}, {"expires_in_s", expires_in_s}}));
        return;
    }
    if (ends_) {
        const auto left = std::chrono::ceil<std::chrono::seconds>(*ends_ - std::chrono::steady_clock::now());
        expires_in_s = std::min<std::int64_t>(expires_in_s, left.count());
    }
    const std::string minutes = std::to_string(expires_in_s < 60 ? 1 : expires_in_s / 60);
    const std::string address = printable(url, false, longest_url),
                      code = style_.bold(printable(user_code, false, 256));
    say(language_ == "ja" ? "ブラウザで " + address + " を開き、コード " + code + " を入力してください(" +
                                minutes + " 分間有効)。"
                          : "Open " + address + " in a browser and enter the code " + code + " (good for " +
                                minutes + " min).");
}

int TerminalPrompt::descriptor() {
    return terminal_ ? either_.get() : -1;
}

std::optional<SecretString> TerminalPrompt::pasted() {
    std::array<char, 4096> bytes;
    while (terminal_ && !cancelled_) {
        // The signal stays pending: it takes its course once the terminal is as before.
        if (readable(terminal_->signals())) {
            cancelled_ = true;
            break;
        }
        if (!readable(terminal_->keys())) break;
        const ssize_t n = ::read(terminal_->keys(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {  // the terminal is gone
            done();
            break;
        }
        auto line = take({bytes.data(), static_cast<std::size_t>(n)});
        wipe(bytes.data(), bytes.size());
        if (line) return line;
    }
    return std::nullopt;
}

/// What follows a whole line at once is dropped: nobody typed it as an answer to anything.
std::optional<SecretString> TerminalPrompt::take(std::string_view bytes) {
    for (const char byte : bytes) {
        switch (line_.take(byte)) {
            case TypedLine::Key::leave:
                cancelled_ = true;
                return std::nullopt;
            case TypedLine::Key::too_long:
                overflown_ = true;
                break;
            case TypedLine::Key::done: {
                SecretString line = line_.text();
                if (!std::exchange(overflown_, false)) {
                    if (line.empty()) break;
                    return line;
                }
                complain(in("what was pasted is longer than 64 KiB, so it is no address",
                            "貼り付けた内容が 64 KiB を超えています。アドレスではありません"));
                break;
            }
            default:
                break;
        }
    }
    return std::nullopt;
}

void TerminalPrompt::complain(std::string_view sentence) {
    log_.end_progress();
    log_.notice(to_act_on, style_.yellow(in("warning: ", "注意: ")) + printable(sentence), sentence);
}

void TerminalPrompt::done() noexcept {
    either_.reset();
    terminal_.reset();
}

}  // namespace wfc::tool
