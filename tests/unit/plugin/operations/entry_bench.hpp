/// Calls of `send` that come with one key to one host in memory, up to where a message would leave.
#pragma once

#include <array>
#include <gtest/gtest.h>

#include "operations/ledger_entry.hpp"
#include "ready_call.hpp"

namespace test {

/// One call, claimed as soon as it is made; what it leaves is written when it ends.
struct KeyedCall {
    KeyedCall(wfc::testhost::TestHost& host, const nlohmann::json& settings, const nlohmann::json& input,
              std::uint64_t time_ms = 60'000)
        : call("send", input.dump()),
          given(call.table()),
          account(mailsend::parse_settings(settings.dump()), wfc::Host(host.table())),
          invocation{account,
                     wfc::Host(host.table()),
                     given,
                     {wfc::Host(host.table()).clock(),
                      [this] {
                          if (looked) looked();
                          return given.cancelled();
                      },
                      host.now_ms() + time_ms},
                     host.now_ms()},
          composed(mailsend::compose_input(invocation)),
          entry(invocation, composed) {
        entry.follow(order);
    }

    /// All of the message, as a transport reads it.
    void read() const {
        std::array<char, 4096> bytes;
        while (composed.message->read(bytes.data(), bytes.size()) > 0) continue;
    }

    /// Letters of `fates`, a place each: a(ccepted), r(ejected), n(ot attempted), u(nknown); a blank: no part
    /// of the order.
    std::vector<mailsend::delivery::RecipientReport> reports(const std::string& fates) const {
        using mailsend::delivery::Fate;
        std::vector<mailsend::delivery::RecipientReport> out;
        for (std::size_t place = 0; place < fates.size(); ++place) {
            if (fates[place] == ' ') continue;
            mailsend::delivery::RecipientReport one;
            one.place = place;
            one.fate = fates[place] == 'a'   ? Fate::accepted
                       : fates[place] == 'r' ? Fate::rejected
                       : fates[place] == 'u' ? Fate::unknown
                                             : Fate::not_attempted;
            if (one.fate == Fate::rejected || one.fate == Fate::not_attempted) one.facts = refusal();
            if (one.fate == Fate::accepted) one.reply = mailsend::Reply{250, {"250 2.0.0 queued as 4711"}};
            out.push_back(std::move(one));
        }
        return out;
    }

    /// A transaction whose data was ended for the places that are not 'n' or blank.
    void transaction(const std::string& fates) {
        std::vector<std::size_t> places;
        for (std::size_t place = 0; place < fates.size(); ++place) {
            if (fates[place] != 'n' && fates[place] != ' ') places.push_back(place);
        }
        if (places.empty()) return;
        read();
        order.ending(places);
        order.answered(reports(fates));
    }

    static mailsend::Facts refusal() {
        mailsend::Facts facts;
        facts.stage = mailsend::Stage::rcpt;
        facts.reply = mailsend::Reply{450, {"450 4.2.0 mailbox busy"}};
        return facts;
    }

    /// The letters of reports().
    static std::string letters(const std::vector<mailsend::delivery::RecipientReport>& recipients) {
        std::string out;
        for (const auto& one : recipients) out += "arnu"[static_cast<std::size_t>(one.fate)];
        return out;
    }

    std::function<void()> looked{};  ///< at each look of a wait whether the call was cancelled
    wfc::testhost::TestCall call;
    wfc::Call given;
    mailsend::Account account;
    mailsend::Invocation invocation;
    mailsend::Composed composed;
    mailsend::delivery::Order order{};
    mailsend::LedgerEntry entry;
};

class EntryBench : public ::testing::Test {
  protected:
    EntryBench() { host.secret("p", "correct horse"); }

    KeyedCall call(std::uint64_t time_ms = 60'000) { return {host, settings, input, time_ms}; }

    /// "sent ss": the only record of the ledger.
    std::string state() {
        for (const std::string& key : host.state().keys()) {
            if (!key.starts_with("ledger/")) continue;
            record = nlohmann::json::parse(*host.state().get(key));
            return record["state"].get<std::string>() + ' ' + record["recipients"].get<std::string>();
        }
        return "none";
    }

    wfc::testhost::TestHost host;
    nlohmann::json settings = nlohmann::json::parse(settings_json);
    nlohmann::json input = {{"to", {"bob@example.test", "carol@example.test"}},
                            {"subject", "Test"},
                            {"text", "Hello"},
                            {"idempotency_key", "order-7"}};
    nlohmann::json record;  ///< as state() found it
};

}  // namespace test
