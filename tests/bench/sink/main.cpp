// A server for benchmarks that is so cheap that the client is what is measured.
//
//     bench_sink DOOR…        (plain, starttls, tls, tls-full; "plain:PIPELINING,SIZE" offers these alone)
//
// Prints one JSON line when it listens: the port of each door, and the file of the authority to trust, which
// lies in the current directory. Then each line "counts" on standard input is answered with what was counted
// so far, with the CPU time used; it ends when standard input does.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <pthread.h>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "bench/sink/dialogue.hpp"
#include "support/loopback_listener.hpp"

namespace {

using namespace bench::sink;

struct OpenDoor {
    explicit OpenDoor(std::string_view text) : door(Door::parse(text)) {}
    Door door;
    test::LoopbackListener listener{1024};
};

struct Visit {
    int fd;
    const OpenDoor& door;
    const ServerTls* tls;
    Counts& counts;
};

void* receive(void* argument) {
    const std::unique_ptr<Visit> visit(static_cast<Visit*>(argument));
    Channel channel(visit->fd);
    converse(channel, visit->door.door, visit->tls, visit->counts);
    return nullptr;
}

/// A thread for each connection, with a small stack: a connection per message makes many.
void accept_all(const OpenDoor& door, const ServerTls* tls, Counts& counts) {
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    ::pthread_attr_setstacksize(&attributes, 256 * 1024);
    for (;;) {
        const int fd = door.listener.accept();
        if (fd < 0) continue;
        auto visit = std::make_unique<Visit>(Visit{fd, door, tls, counts});
        pthread_t thread;
        if (::pthread_create(&thread, &attributes, receive, visit.get()) == 0) {
            static_cast<void>(visit.release());
        } else {
            ::close(fd);
        }
    }
}

void print_counts(const Counts& counts) {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& t) { return t.tv_sec * 1'000'000LL + t.tv_usec; };
    std::printf(
        "{\"connections\":%lu,\"handshakes\":%lu,\"resumed\":%lu,\"messages\":%lu,\"recipients\":%lu,"
        "\"octets\":%lu,\"cpu_us\":%lld}\n",
        counts.connections.load(), counts.handshakes.load(), counts.resumed.load(), counts.messages.load(),
        counts.recipients.load(), counts.octets.load(), us(used.ru_utime) + us(used.ru_stime));
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) try {
    ::signal(SIGPIPE,
             SIG_IGN);  // who has said QUIT may be gone before the reply, and TLS writes without MSG_NOSIGNAL
    if (argc < 2) throw std::runtime_error("no door is named: plain, starttls, tls or tls-full");
    std::vector<std::unique_ptr<OpenDoor>> doors;
    std::string ports;
    bool encrypts = false;
    for (int i = 1; i < argc; ++i) {
        doors.push_back(std::make_unique<OpenDoor>(argv[i]));
        encrypts |= doors.back()->door.security != Security::plain;
        ports += (ports.empty() ? "" : ",") + std::to_string(doors.back()->listener.port());
    }
    std::optional<ServerTls> tls;
    if (encrypts) {
        tls.emplace();
        std::ofstream("authority.pem") << tls->authority_pem();
    }
    static Counts counts;  // connections that are still open at the end look at it
    for (const auto& door : doors)
        std::thread(accept_all, std::cref(*door), tls ? &*tls : nullptr, std::ref(counts)).detach();
    std::printf("{\"ports\":[%s],\"authority\":\"authority.pem\"}\n", ports.c_str());
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);)
        if (line == "counts") print_counts(counts);
    std::fflush(stdout);
    ::_exit(0);  // threads of connections go with the process
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_sink: %s\n", error.what());
    return 1;
}
