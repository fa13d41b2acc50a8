#include "serve/private_streams.hpp"

#include <cstdio>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "pipe.hpp"

namespace wfc::serve {
namespace {

TEST(PrivateStreams, AreTakenFromWhoeverPrintsOrReads) {
    test::Pipe in, out, err;
    in.write("question");
    std::fflush(nullptr);  // what waits in a buffer would be printed by the child as well
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        dup2(in.out.get(), STDIN_FILENO);
        dup2(out.in.get(), STDOUT_FILENO);
        dup2(err.in.get(), STDERR_FILENO);
        const PrivateStreams taken = take_standard_streams();
        char byte = 0;
        const bool nothing_to_read = ::read(STDIN_FILENO, &byte, 1) == 0;
        const bool told =
            ::write(STDOUT_FILENO, "printed", 7) == 7 && ::write(taken.out.get(), "answer", 6) == 6;
        char text[16];
        const bool asked = ::read(taken.in.get(), text, sizeof text) == 8;
        const bool closed = (fcntl(taken.in.get(), F_GETFD) & FD_CLOEXEC) != 0 &&
                            (fcntl(taken.out.get(), F_GETFD) & FD_CLOEXEC) != 0;
        _exit(nothing_to_read && told && asked && closed ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(out.rest(), "answer");
    EXPECT_EQ(err.rest(), "printed");
}

}  // namespace
}  // namespace wfc::serve
