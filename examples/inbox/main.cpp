// inbox: a local catch-all SMTP server; see README.md.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <pthread.h>
#include <signal.h>

#include "inbox.hpp"
#include "options.hpp"

namespace {

/// Control characters would let a client write lines of its own into the log.
void log_line(const std::string& event) {
    static std::mutex mutex;
    std::string line;
    for (const char c : event) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\x%02x",
                      static_cast<unsigned>(static_cast<unsigned char>(c)));
        line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? std::string(escaped) : std::string(1, c);
    }
    const std::lock_guard lock(mutex);
    std::cerr << line << '\n';
}

/// Readers never see half of it.
void write_ready_file(const std::string& path, const std::string& document) {
    const std::string part = path + ".part";
    std::ofstream out(part, std::ios::binary);
    out << document;
    out.close();
    if (!out) throw std::runtime_error(part + " cannot be written");
    std::filesystem::rename(part, path);
}

}  // namespace

int main(int argc, char** argv) {
    inbox::CommandLine line = inbox::parse_command_line(argc, argv);
    if (line.exit_code >= 0) return line.exit_code;
    if (line.verbose) line.options.log = log_line;

    // Blocked before any thread starts, so that all inherit it and sigwait is the one place that sees them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    try {
        inbox::Inbox server(line.options);
        if (!line.ready_file.empty()) write_ready_file(line.ready_file, server.ready_document());
        std::cout << server.ready_line() << std::endl;
        int signal = 0;
        sigwait(&signals, &signal);
        server.stop();
        return 0;
    } catch (const inbox::ScriptError& error) {
        std::cerr << "inbox: " << line.options.script << ": " << error.what() << '\n';
        return 65;
    } catch (const std::exception& error) {
        std::cerr << "inbox: " << error.what() << '\n';
        return 1;
    }
}
