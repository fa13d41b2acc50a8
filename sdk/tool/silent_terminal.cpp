#include "tool/silent_terminal.hpp"

#include <atomic>
#include <fcntl.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace wfc::tool {

namespace {

// Of the one that is silent. Written before `terminal` is, read after.
termios as_before;
std::atomic<int> terminal{-1};

FileDescriptor own_terminal() noexcept {
    return FileDescriptor(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
}

}  // namespace

void restore_terminal() noexcept {
    const int fd = terminal.exchange(-1);
    if (fd >= 0) tcsetattr(fd, TCSAFLUSH, &as_before);
}

bool has_terminal() noexcept {
    return bool{own_terminal()};
}

bool in_foreground() noexcept {
    const FileDescriptor own = own_terminal();
    return own && tcgetpgrp(own.get()) == getpgrp();
}

std::unique_ptr<SilentTerminal> SilentTerminal::open() {
    FileDescriptor own = own_terminal();
    if (!own || tcgetattr(own.get(), &as_before) != 0) return nullptr;
    return std::unique_ptr<SilentTerminal>(new SilentTerminal(std::move(own)));
}

SilentTerminal::SilentTerminal(FileDescriptor own) : terminal_(std::move(own)) {
    sigset_t waiting;
    sigemptyset(&waiting);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&waiting, signal);
    pthread_sigmask(SIG_BLOCK, &waiting, &mask_);
    signals_.reset(signalfd(-1, &waiting, SFD_CLOEXEC | SFD_NONBLOCK));
    termios silent = as_before;
    // What Ctrl-C does happens where its key is read, and in order.
    constexpr tcflag_t off = ECHO | ECHONL | ICANON | ISIG;
    silent.c_lflag &= ~off;
    silent.c_iflag |= ICRNL;
    silent.c_cc[VMIN] = 1;
    silent.c_cc[VTIME] = 0;
    terminal = terminal_.get();
    tcsetattr(terminal_.get(), TCSAFLUSH, &silent);
    // It also says that all is well when it changed one thing of many.
    termios now{};
    silenced_ = tcgetattr(terminal_.get(), &now) == 0 && (now.c_lflag & off) == 0;
}

SilentTerminal::~SilentTerminal() {
    restore_terminal();
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
}

}  // namespace wfc::tool
