/// Messages composed from small drafts and sources in memory, for the tests of composing.
#pragma once

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>

#include "message/message.hpp"
#include "unit/plugin/message/memory_source.hpp"
#include "wfc/problem.hpp"

namespace mailsend::test {

using Scripts = std::map<std::string, std::shared_ptr<Script>>;

inline Draft draft() {
    Draft out;
    out.from = parse_mailbox("alice@example.test");
    out.to = parse_mailbox_list("bob@example.test");
    out.subject = "Hello";
    return out;
}

inline void attach(Draft& draft, const std::string& blob, const std::string& content_id = {}) {
    AttachmentSpec spec;
    spec.blob = blob;
    spec.content_id = content_id;
    spec.pointer = "/attachments/" + std::to_string(draft.attachments.size());
    draft.attachments.push_back(spec);
}

inline std::unique_ptr<Message> composed(const Draft& draft, const Scripts& scripts = {}) {
    Circumstances circumstances;
    circumstances.message_id = "id@example.test";
    circumstances.boundary_seed = "seed";
    return compose(draft, circumstances, [&](const AttachmentSpec& spec) {
        return open(scripts.at(spec.blob.empty() ? spec.path : spec.blob));
    });
}

inline std::string all(Message& message, std::size_t capacity = 4096) {
    std::string out;
    std::string buffer(capacity, '\0');
    while (const std::size_t n = message.read(buffer.data(), capacity)) out.append(buffer, 0, n);
    EXPECT_EQ(message.read(buffer.data(), capacity), 0U) << "the end is not the end";
    return out;
}

inline std::string refused_at(const Draft& bad, const Scripts& scripts = {}) {
    try {
        composed(bad, scripts);
    } catch (const wfc::Problem& problem) {
        return problem.pointer();
    }
    return "accepted";
}

}  // namespace mailsend::test
