/// A sandbox that lacks one system call, for the rest of a process's life and that of its children.
#pragma once

#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wfc::test {

/// From now on the call `number` answers with `error` where the lower half of its second argument is at least
/// `least`, such as the length of mmap: a sanitizer needs its small ones. False where the kernel offers no
/// such filter.
inline bool forbid(unsigned number, unsigned error, unsigned least = 0) {
    sock_filter rules[] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
                           {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, number},
                           {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, args) + sizeof(__u64)},
                           {BPF_JMP | BPF_JGE | BPF_K, 0, 1, least},
                           {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | error},
                           {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
    const sock_fprog program = {6, rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

constexpr int no_filter = 99;

/// What `work` returns in a child process that lacks the call; `no_filter` where that cannot be arranged.
template <class Work>
int without_system_call(unsigned number, unsigned error, Work work, unsigned least = 0) {
    const pid_t child = fork();
    if (child == 0) _exit(forbid(number, error, least) ? work() : no_filter);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

}  // namespace wfc::test
