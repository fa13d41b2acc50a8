/// Batches on a host in memory, sent to the inbox.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

#include "inbox/inbox.hpp"
#include "ready_call.hpp"
#include "support/scratch.hpp"

namespace test {

using nlohmann::json;

/// What a run of a batch left.
struct BatchLeft {
    wfc_status status = WFC_INTERNAL;
    json document{};
    std::map<std::uint64_t, json> rows{};  ///< lines of the results by the number of their row
    std::vector<std::string> progress{};

    /// A count of the document.
    int count(const char* fate) const { return document["batch"][fate].get<int>(); }
};

class BatchBench : public testing::Test {
  protected:
    BatchBench() {
        host.real_time();
        host.secret("p", "correct horse");
    }

    /// From now on a server answers as `script` says.
    void serve(const std::string& script = {}) {
        inbox::Options options;
        options.store = scratch / "store";
        options.script = scratch.write("script", script).string();
        options.auth_in_clear = true;
        server.emplace(std::move(options));
        settings = {
            {"server",
             {{"kind", "custom"}, {"host", "127.0.0.1"}, {"port", server->port()}, {"security", "none"}}},
            {"auth", {{"method", "none"}}},
            {"from", "alice@example.test"},
            {"delivery", {{"attempts", 1}}}};
    }

    /// Sends `input` with `rows` as its blob "rows"; `prepare` may change the call.
    BatchLeft run(
        const std::string& rows,
        const std::function<void(wfc::testhost::TestCall&)>& prepare = [](auto&) {}) {
        wfc::testhost::TestCall call("send-batch", input.dump());
        call.blob("rows", {.bytes = rows});
        prepare(call);
        const wfc::Host view(host.table());
        const mailsend::Account account(mailsend::parse_settings(settings.dump()), view);
        wfc::Call given(call.table());
        mailsend::Invocation invocation{account, view, given, mailsend::patience_of(account, view, given),
                                        host.now_ms()};
        BatchLeft left{.status = mailsend::send_batch(invocation)};
        left.document = json::parse(call.result());
        left.progress = call.progress();
        for (const auto& blob : call.emitted()) {
            std::istringstream lines(blob.content);
            for (std::string line; std::getline(lines, line);) {
                json row = json::parse(line);
                const auto number = row["row"].get<std::uint64_t>();
                EXPECT_TRUE(left.rows.emplace(number, std::move(row)).second) << "twice: " << line;
            }
        }
        return left;
    }

    /// Rows `first` to `last`, each to a user of that number.
    static std::string rows_to(std::size_t first, std::size_t last) {
        std::string out;
        for (std::size_t i = first; i <= last; ++i)
            out += json{{"to", "user" + std::to_string(i) + "@example.test"},
                        {"payload", {{"name", "User " + std::to_string(i)}}}}
                       .dump() +
                   "\n";
        return out;
    }
    static std::string rows_to(std::size_t last) { return rows_to(1, last); }

    /// Whom the messages that arrived went to, with repetitions.
    std::multiset<std::string> arrived() const {
        std::multiset<std::string> out;
        each_message([&](const std::filesystem::path& message) {
            std::ifstream file(std::filesystem::path(message).replace_extension(".json"));
            const json envelope = json::parse(file);
            for (const json& to : envelope["to"]) out.insert(to["address"].get<std::string>());
        });
        return out;
    }
    /// All of them, one after the other.
    std::string messages() const {
        std::string out;
        each_message([&](const std::filesystem::path& message) {
            std::ifstream file(message);
            out.append(std::istreambuf_iterator<char>(file), {});
        });
        return out;
    }

    wfc::testhost::TestHost host;
    json settings;
    json input = {{"recipients", {{"blob", "rows"}}},
                  {"message", {{"subject", "Hello {{name}}"}, {"text", "Dear {{name}}"}}},
                  {"idempotency_key", "newsletter"}};
    wfc::test::Scratch scratch;  // outlives the server
    std::optional<inbox::Inbox> server;

  private:
    void each_message(const std::function<void(const std::filesystem::path&)>& look) const {
        for (const auto& entry : std::filesystem::directory_iterator(scratch / "store")) {
            if (entry.path().extension() == ".eml") look(entry.path());
        }
    }
};

}  // namespace test
