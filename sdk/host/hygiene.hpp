/// What a process that holds secrets does first.
///
/// Does not lock memory and does not change user or directory.
#pragma once

namespace wfc {

/// No core dumps, no ptrace by others of the same user (PR_SET_DUMPABLE 0: /proc/self then belongs to root).
/// Cannot fail in a way that matters: what the kernel refuses stays as it was. Before threads start.
void harden_process() noexcept;

/// A write to a closed pipe or socket is an error of that write, not the end of the process.
void ignore_sigpipe() noexcept;

}  // namespace wfc
