#include "serve/private_streams.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace wfc::serve {

namespace {

/// Above the standard streams, whatever is closed.
constexpr int lowest = 3;

void check(bool done, const char* what) {
    if (!done) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

PrivateStreams take_standard_streams() {
    PrivateStreams out{FileDescriptor(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, lowest)),
                       FileDescriptor(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, lowest))};
    check(out.in && out.out, "standard input and output cannot be duplicated");
    const FileDescriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    check(bool{nothing} && dup2(nothing.get(), STDIN_FILENO) >= 0, "/dev/null cannot be opened");
    check(dup2(STDERR_FILENO, STDOUT_FILENO) >= 0, "standard output cannot be redirected");
    return out;
}

}  // namespace wfc::serve
