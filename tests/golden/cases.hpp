/// The drafts of the golden tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "message/message.hpp"
#include "unit/plugin/message/memory_source.hpp"

namespace mailsend::golden {

struct Case {
    std::string name;
    Draft draft;
    std::map<std::string, std::string> blobs;
};

/// Drafts of every kind, read back by Python's `email`.
std::vector<Case> parsed_cases();

/// The few whose bytes are committed beside this file.
std::vector<Case> frozen_cases();

/// Composes with a frozen clock, Message-ID and boundary seed, and reads all of it.
std::string composed(const Case& one);

}  // namespace mailsend::golden
