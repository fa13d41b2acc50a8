#include "tool/hidden_input.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

#include "tool/silent_terminal.hpp"
#include "tool/stop.hpp"
#include "tool/typed_line.hpp"

namespace wfc::tool {

namespace {

using Key = TypedLine::Key;

void show(int fd, const std::string& text) {
    [[maybe_unused]] const ssize_t shown = ::write(fd, text.data(), text.size());
}

Key read_line(const SilentTerminal& terminal, TypedLine& line) {
    for (;;) {
        std::array<pollfd, 2> waiting = {{{terminal.keys(), POLLIN, 0}, {terminal.signals(), POLLIN, 0}}};
        if (poll(waiting.data(), waiting.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return Key::leave;
        }
        // The signal stays pending: it takes its course once the terminal is as before.
        if (waiting[1].revents != 0) return Key::leave;
        char byte = 0;
        const ssize_t n = ::read(terminal.keys(), &byte, 1);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return Key::leave;  // the terminal is gone
        const Key key = line.take(byte);
        wipe(&byte, 1);
        if (key == Key::ignored) {
            show(terminal.keys(), "\a");
        } else if (key != Key::more) {
            return key;
        }
    }
}

}  // namespace

std::optional<SecretString> ask_hidden(const std::string& question) {
    std::unique_ptr<SilentTerminal> terminal = SilentTerminal::open();
    if (!terminal) return std::nullopt;
    if (!terminal->silenced()) {
        throw Stop(exit_unreadable,
                   "this terminal does not stop showing what is typed, so nothing is asked; give the value "
                   "through a pipe, or use another terminal");
    }
    TypedLine line;
    show(terminal->keys(), question);
    const Key end = read_line(*terminal, line);
    restore_terminal();
    show(terminal->keys(), "\n");
    terminal.reset();  // a signal that waited takes its course
    if (end == Key::leave) throw Stop(exit_cancelled, "cancelled; nothing was changed");
    if (end == Key::too_long) throw Stop(exit_invalid_input, "what was typed is longer than 64 KiB");
    return line.text();
}

}  // namespace wfc::tool
