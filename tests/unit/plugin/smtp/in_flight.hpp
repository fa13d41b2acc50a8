/// Transactions in flight on a session, for tests of groups.
#pragma once

#include <string>

#include "unit/plugin/smtp/dialogue.hpp"

namespace mailsend::smtp {

/// A server past EHLO that offers `keywords`, and transactions to bob and carol.
class InFlight : public ::testing::Test {
  protected:
    explicit InFlight(const std::string& keywords) : server(in_clear()), first(to_two()), second(to_two()) {
        server.reply("220 hello");
        server.reply("250-mail\r\n250-PIPELINING\r\n250 " + keywords);
    }

    static Transaction to_two() {
        Transaction transaction;
        transaction.reverse_path = "alice@example.test";
        transaction.forward_paths = {"bob@example.test", "carol@example.test"};
        return transaction;
    }

    std::string begin(Transaction& transaction) {
        server.session.begin(transaction);
        return server.said();
    }

    const std::string mail = "MAIL FROM:<alice@example.test>\r\n";
    const std::string two = "RCPT TO:<bob@example.test>\r\nRCPT TO:<carol@example.test>\r\n";
    Dialogue server;
    Transaction first;
    Transaction second;
};

}  // namespace mailsend::smtp
