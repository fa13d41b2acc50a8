/// Messages read back by somebody else's parser, and messages whose bytes are committed.
///
/// To take new bytes on purpose: MAILSEND_REGENERATE_GOLDEN=1 build/dev/tests/golden/golden
/// --gtest_filter='Frozen.*', then read the difference before it is committed.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include "golden/cases.hpp"
#include "support/scratch.hpp"
#include "unit/plugin/message/wire_lines.hpp"

namespace mailsend::golden {
namespace {

using nlohmann::json;

void save(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string load(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

json of(const std::vector<Mailbox>& list) {
    json out = json::array();
    for (const Mailbox& mailbox : list) out.push_back({mailbox.display_name, mailbox.address.wire()});
    return out;
}

/// What the parser must find, as the draft says it.
json expected(const Case& one) {
    const Draft& draft = one.draft;
    json out = {{"subject", draft.subject}, {"from", of({*draft.from})},      {"to", of(draft.to)},
                {"cc", of(draft.cc)},       {"reply_to", of(draft.reply_to)}, {"attachments", json::array()},
                {"headers", json::object()}};
    out["sender"] = draft.sender ? of({*draft.sender}) : json();
    out["text"] = draft.text ? json(*draft.text) : json();
    out["html"] = draft.html ? json(*draft.html) : json();
    out["date"] = draft.date ? json(draft.date->unix_seconds) : json(1795305600);
    out["priority"] = draft.priority == Priority::high ? json("high") : json();
    for (const auto& [name, value] : draft.headers) out["headers"][name] = value;
    for (const AttachmentSpec& spec : draft.attachments) {
        const std::string& bytes = one.blobs.at(spec.blob);
        out["attachments"].push_back({{"name", spec.name},
                                      {"content_id", spec.content_id},
                                      {"inline", draft.html && !spec.content_id.empty()},
                                      {"type", spec.type.substr(0, spec.type.find(';'))},
                                      {"bytes", std::vector<unsigned char>(bytes.begin(), bytes.end())}});
    }
    return out;
}

TEST(Golden, PythonReadsEveryFieldBackAsItWasGiven) {
    const wfc::test::Scratch scratch;
    for (const Case& one : parsed_cases()) {
        const std::string wire = composed(one);
        EXPECT_TRUE(test::disciplined(wire, 998)) << one.name;
        save(scratch / (one.name + ".eml"), wire);
        save(scratch / (one.name + ".json"), expected(one).dump());
    }
    const std::string report = scratch / "report";
    const std::string command = "/usr/bin/python3 " SOURCE_DIR "/tests/golden/read_back.py " +
                                scratch.path().string() + " >" + report + " 2>&1";
    const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): a fixed command
    EXPECT_EQ(WEXITSTATUS(status), 0) << load(report);
    EXPECT_NE(load(report).find(std::to_string(parsed_cases().size()) + " messages read back"),
              std::string::npos)
        << load(report);
}

TEST(Frozen, MessagesKeepTheirBytes) {
    const bool regenerate = std::getenv("MAILSEND_REGENERATE_GOLDEN") != nullptr;
    for (const Case& one : frozen_cases()) {
        const std::string path = SOURCE_DIR "/tests/golden/" + one.name + ".eml";
        const std::string wire = composed(one);
        EXPECT_TRUE(test::disciplined(wire, 998)) << one.name;
        if (regenerate) save(path, wire);
        EXPECT_EQ(load(path), wire) << path;
    }
}

}  // namespace
}  // namespace mailsend::golden
