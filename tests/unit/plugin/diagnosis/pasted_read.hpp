/// A pasted text, read and explained.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "diagnosis/diagnosis.hpp"
#include "diagnosis/pasted_text.hpp"

namespace mailsend::test {

struct Read {
    Facts facts;
    std::string id;
    std::string words() const { return facts.reply ? facts.reply->words() : std::string(); }
    std::string detail(const std::string& name) const {
        const auto found = facts.details.find(name);
        return found == facts.details.end() ? std::string() : found->second;
    }
};

inline Read read(std::string_view text, std::optional<Stage> stage = {}, const std::string& provider = {}) {
    Facts facts = read_pasted(text, stage, provider).facts;
    std::string id = diagnose(facts, Language::en).id;
    return {std::move(facts), std::move(id)};
}

}  // namespace mailsend::test
