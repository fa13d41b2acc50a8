#include "tool/hidden_input.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "host/file_source.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

namespace {

constexpr std::size_t longest = std::size_t{64} << 10;

// Of the open question. Written before `terminal` is, read after.
termios as_before;
std::atomic<int> terminal{-1};

/// The terminal without echo, and its signals as descriptors to wait for, while it lives.
class Silence {
  public:
    explicit Silence(int fd) {
        sigemptyset(&signals_);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&signals_, signal);
        pthread_sigmask(SIG_BLOCK, &signals_, &mask_);
        pending_.reset(signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK));
        termios silent = as_before;
        // Keys come one by one, those of signals too: what Ctrl-C does then happens here and in order.
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
        silent.c_iflag |= ICRNL;
        silent.c_cc[VMIN] = 1;
        silent.c_cc[VTIME] = 0;
        terminal = fd;
        tcsetattr(fd, TCSAFLUSH, &silent);
        // It also says that all is well when it changed one thing of many.
        termios now{};
        silenced_ = tcgetattr(fd, &now) == 0 && (now.c_lflag & (ECHO | ECHONL | ICANON | ISIG)) == 0;
    }
    ~Silence() {
        restore_terminal();
        pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

    bool silenced() const noexcept { return silenced_; }
    int pending() const noexcept { return pending_.get(); }

  private:
    sigset_t signals_, mask_;
    FileDescriptor pending_;
    bool silenced_ = false;
};

void show(int fd, const std::string& text) {
    [[maybe_unused]] const ssize_t shown = ::write(fd, text.data(), text.size());
}

/// Takes the last character away, all bytes of it.
void rub_out(SecretString& value) {
    std::string_view rest = value.reveal();
    while (!rest.empty() && (static_cast<unsigned char>(rest.back()) & 0xC0u) == 0x80u) rest.remove_suffix(1);
    if (!rest.empty()) rest.remove_suffix(1);
    SecretString shorter(rest);
    value = std::move(shorter);
}

enum class Key { more, ignored, done, leave };

/// Follows the sequences that keys without a character send: ESC [ … a letter, ESC O and a letter, ESC and
/// any other.
class Sequence {
  public:
    /// Whether the byte is part of one.
    bool takes(char byte) noexcept {
        switch (inside_) {
            case Part::none:
                if (byte == 27) inside_ = Part::begun;
                return byte == 27;
            case Part::begun:
                if (static_cast<unsigned char>(byte) < 32) {  // ESC itself was typed
                    inside_ = byte == 27 ? Part::begun : Part::none;
                    return byte == 27;
                }
                inside_ = byte == '[' ? Part::parameters : byte == 'O' ? Part::last : Part::none;
                return true;
            case Part::parameters:
                if (static_cast<unsigned char>(byte) < 32) {  // none of it: a line end must not be lost
                    inside_ = Part::none;
                    return takes(byte);
                }
                if (byte >= '@' && byte <= '~') inside_ = Part::none;
                return true;
            default:
                inside_ = Part::none;
                return true;
        }
    }

  private:
    enum class Part { none, begun, parameters, last } inside_ = Part::none;
};

Key take(char byte, SecretString& value) {
    switch (byte) {
        case '\n':
        case '\r':
            return Key::done;
        case 3:   // Ctrl-C
        case 28:  // Ctrl and the backslash
            return Key::leave;
        case 4:  // Ctrl-D
            return value.empty() ? Key::leave : Key::done;
        case 8:
        case 127:
            rub_out(value);
            return Key::more;
        case 21:  // Ctrl-U
            value.clear();
            return Key::more;
        default:
            if (static_cast<unsigned char>(byte) < 32) return Key::ignored;
            if (value.size() >= longest)
                throw Stop(exit_invalid_input, "what was typed is longer than 64 KiB");
            value.append(&byte, 1);
            return Key::more;
    }
}

Key read_line(int fd, int pending, SecretString& value) {
    Sequence sequence;
    for (;;) {
        std::array<pollfd, 2> waiting = {{{fd, POLLIN, 0}, {pending, POLLIN, 0}}};
        if (poll(waiting.data(), waiting.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return Key::leave;
        }
        // The signal stays pending: it takes its course once the terminal is as before.
        if (waiting[1].revents != 0) return Key::leave;
        char byte = 0;
        const ssize_t n = ::read(fd, &byte, 1);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return Key::leave;  // the terminal is gone
        const Key key = sequence.takes(byte) ? Key::ignored : take(byte, value);
        wipe(&byte, 1);
        if (key == Key::ignored) {
            show(fd, "\a");
        } else if (key != Key::more) {
            return key;
        }
    }
}

}  // namespace

void restore_terminal() noexcept {
    const int fd = terminal.exchange(-1);
    if (fd >= 0) tcsetattr(fd, TCSAFLUSH, &as_before);
}

std::optional<SecretString> ask_hidden(const std::string& question) {
    const FileDescriptor own(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!own || tcgetattr(own.get(), &as_before) != 0) return std::nullopt;
    SecretString value;
    Key end = Key::more;
    {
        const Silence silence(own.get());
        if (!silence.silenced()) {
            throw Stop(
                exit_unreadable,
                "this terminal does not stop showing what is typed, so nothing is asked; give the value "
                "through a pipe, or use another terminal");
        }
        show(own.get(), question);
        end = read_line(own.get(), silence.pending(), value);
    }
    show(own.get(), "\n");
    if (end == Key::leave) throw Stop(exit_cancelled, "cancelled; nothing was changed");
    return value;
}

}  // namespace wfc::tool
