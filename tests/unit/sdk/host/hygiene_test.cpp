#include "host/hygiene.hpp"

#include <cerrno>
#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wfc {
namespace {

/// Runs `work` in a child process: what it changes is not this process's.
template <class Work>
int in_child(Work work) {
    const pid_t child = fork();
    if (child == 0) _exit(work());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

TEST(Hygiene, SwitchesCoreDumpsOff) {
    EXPECT_EQ(in_child([] {
                  harden_process();
                  rlimit limit{};
                  getrlimit(RLIMIT_CORE, &limit);
                  return limit.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0 ? 0 : 1;
              }),
              0);
}

TEST(Hygiene, PutsSomethingHarmlessInPlaceOfClosedStandardStreams) {
    EXPECT_EQ(in_child([] {
                  close(0);
                  close(2);
                  secure_standard_streams();
                  struct stat null {
                  }, facts{};
                  if (stat("/dev/null", &null) != 0) return 2;
                  for (const int fd : {0, 2}) {
                      if (fstat(fd, &facts) != 0 || facts.st_rdev != null.st_rdev) return 3;
                  }
                  char byte = 0;
                  return read(0, &byte, 1) == 0 && write(2, "x", 1) == 1 ? 0 : 1;
              }),
              0);
}

TEST(Hygiene, TurnsABrokenPipeIntoAnError) {
    EXPECT_EQ(in_child([] {
                  ignore_sigpipe();
                  int ends[2];
                  if (pipe(ends) != 0) return 2;
                  close(ends[0]);
                  return write(ends[1], "x", 1) == -1 && errno == EPIPE ? 0 : 1;
              }),
              0);
}

}  // namespace
}  // namespace wfc
