/// Tables of reply codes and the entries that they lead to, for tests.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "diagnosis/diagnosis.hpp"

namespace mailsend {

/// What is said about a reply whose words tell nothing.
inline Diagnosis diagnosis_of(Stage stage, const std::string& code_and_status) {
    Facts facts;
    facts.stage = stage;
    facts.reply = Reply{std::stoi(code_and_status.substr(0, 3)), {code_and_status + " xyzzy"}};
    return diagnose(facts, Language::en);
}

/// "550 5.7.1" or "550" at a stage, and the entry that it must lead to.
struct CodeRow {
    Stage stage;
    const char* reply;
    const char* id;
};

inline void expect_all(const std::vector<CodeRow>& rows) {
    for (const CodeRow& row : rows)
        EXPECT_EQ(diagnosis_of(row.stage, row.reply).id, row.id) << to_string(row.stage) << ' ' << row.reply;
}

}  // namespace mailsend
