/// What a process that holds secrets does first.
///
/// Does not lock memory and does not change user or directory.
#pragma once

namespace wfc {

/// Opens /dev/null in place of a standard stream (0, 1, 2) that is closed, so that no file opened later
/// becomes one. Ends the process with 70 where even that fails. First of all.
void secure_standard_streams() noexcept;

/// No core dumps, no ptrace by others of the same user (PR_SET_DUMPABLE 0: /proc/self then belongs to root).
/// Cannot fail in a way that matters: what the kernel refuses stays as it was. Before threads start.
void harden_process() noexcept;

/// A write to a closed pipe or socket is an error of that write, not the end of the process.
void ignore_sigpipe() noexcept;

/// A file that would become larger than `ulimit -f` allows is an error of that write (EFBIG), not the end of
/// the process.
void ignore_sigxfsz() noexcept;

}  // namespace wfc
