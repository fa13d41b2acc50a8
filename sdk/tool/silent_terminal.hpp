/// The terminal of this process while it does not show what is typed.
///
/// Guarantees: not in canonical mode, where a line ends after 4095 bytes; keys come one by one, those of
/// signals too. As before when it ends, also when a signal ends the process: SIGINT, SIGTERM, SIGHUP and
/// SIGQUIT wait meanwhile and do what they do afterwards (other threads have these blocked, or they end the
/// process first). SIGKILL leaves it silent: `stty sane` helps then.
#pragma once

#include <csignal>
#include <memory>

#include "host/file_source.hpp"

namespace wfc::tool {

/// One at a time in a process; made and ended on one thread.
class SilentTerminal {
  public:
    /// Nothing where this process has no terminal. In its background the process is stopped by this.
    static std::unique_ptr<SilentTerminal> open();
    ~SilentTerminal();
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    /// False: this terminal goes on showing what is typed.
    bool silenced() const noexcept { return silenced_; }
    /// To read keys from and to write to.
    int keys() const noexcept { return terminal_.get(); }
    /// Becomes readable when one of the signals waits.
    int signals() const noexcept { return signals_.get(); }

  private:
    explicit SilentTerminal(FileDescriptor terminal);

    FileDescriptor terminal_, signals_;
    sigset_t mask_;
    bool silenced_ = false;
};

/// Whether this process has a terminal.
bool has_terminal() noexcept;

/// Whether this process has a terminal and is in its foreground.
bool in_foreground() noexcept;

/// Puts the terminal back if one is silent, for a thread that is about to end the process. Safe at any time
/// and in a signal handler.
void restore_terminal() noexcept;

}  // namespace wfc::tool
