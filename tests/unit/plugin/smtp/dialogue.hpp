/// Plays a server to a Session without a socket.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <utility>

#include "smtp/session.hpp"

namespace mailsend::smtp {

class Dialogue {
  public:
    explicit Dialogue(SessionOptions options) : session(std::move(options)) {}

    /// What the client says now, without its CR LF; empty when it is not its turn.
    std::string said() {
        std::string line(session.output());
        session.written();
        if (line.size() >= 2) line.resize(line.size() - 2);
        return line;
    }

    /// Sends `bytes` and CR LF, returns the client's next line.
    std::string reply(const std::string& bytes) {
        session.received(bytes + "\r\n");
        return said();
    }

    /// Facts of the failure that `bytes` cause.
    Facts fails_on(const std::string& bytes) {
        try {
            session.received(bytes);
        } catch (const Failure& failure) {
            return failure.facts();
        }
        ADD_FAILURE() << "no failure on: " << bytes;
        return {};
    }

    Session session;
};

inline SessionOptions in_clear() {
    SessionOptions options;
    options.ehlo_name = "client.example.test";
    options.protection = Protection::none;
    return options;
}

}  // namespace mailsend::smtp
