#include "bench/soak/faulty_sink.hpp"

#include <cerrno>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <random>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <unordered_set>

#include "bench/soak/faulty_dialogue.hpp"

namespace bench {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Who got which message. Any thread.
class Register {
  public:
    /// False when it was there before.
    bool add(std::string_view head, const std::string& recipient) {
        constexpr std::string_view name = "\r\nMessage-ID: ";
        const std::size_t at = head.find(name);
        if (at == head.npos) return false;  // a message without one is as wrong
        const std::size_t begin = at + name.size();
        const std::lock_guard lock(mutex_);
        return ids_.insert(recipient + std::string(head.substr(begin, head.find("\r\n", begin) - begin)))
            .second;
    }

  private:
    std::mutex mutex_;
    std::unordered_set<std::string> ids_;
};

void serve(int listener, const FaultRates& rates, std::uint32_t seed, SinkCounts& counts, Register& known) {
    std::minstd_rand dice(seed);
    for (;;) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ++counts.connections;
        const SinkFault fault = drawn(rates, dice);
        if (fault.kind != SinkFault::Kind::none) ++counts.faults;
        FaultyDialogue(fd, fault, [&](std::string_view head, const std::vector<std::string>& recipients) {
            for (const std::string& recipient : recipients) {
                ++counts.taken;
                if (!known.add(head, recipient)) ++counts.again;
            }
        }).run();
    }
}

}  // namespace

FaultySink::FaultySink(const FaultRates& rates, unsigned threads, std::uint32_t seed) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listener < 0 || ::bind(listener, generic, size) != 0 || ::listen(listener, 1024) != 0 ||
        ::getsockname(listener, generic, &size) != 0)
        fail("the sink cannot listen");
    port_ = ntohs(address.sin_port);
    void* const shared =
        ::mmap(nullptr, sizeof(SinkCounts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) fail("the sink has no memory");
    counts_ = new (shared) SinkCounts;
    process_ = ::fork();
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        Register known;
        for (unsigned i = 1; i < threads; ++i)
            std::thread(serve, listener, rates, seed + i, std::ref(*counts_), std::ref(known)).detach();
        serve(listener, rates, seed, *counts_, known);
        ::_exit(0);
    }
    ::close(listener);
    if (process_ < 0) fail("the sink cannot start");
}

FaultySink::~FaultySink() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::munmap(counts_, sizeof *counts_);
}

}  // namespace bench
