/// One entry's conditions, and the facts in the form in which they are compared.
///
/// Guarantees: matching allocates nothing of note, is linear in the text (RE2) and may run on many threads at
/// once. Does not know texts or advice.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "outcome/failure.hpp"

namespace re2 {
class RE2;
}

namespace mailsend::diagnosis {

/// A case-insensitive RE2 expression over bytes. Throws std::runtime_error when it cannot be compiled.
class Expression {
  public:
    explicit Expression(const std::string& pattern);
    ~Expression();
    Expression(Expression&&) noexcept;
    Expression& operator=(Expression&&) noexcept;

    bool found_in(std::string_view text) const;
    /// The first two groups, when the expression is found.
    std::optional<std::pair<std::string, std::string>> groups_in(std::string_view text) const;

  private:
    std::unique_ptr<re2::RE2> compiled_;
};

/// "535", or "4yz" for every code of a class.
struct CodePattern {
    int first = 0;
    int last = 0;
    static CodePattern parse(std::string_view word);  ///< throws std::runtime_error
    bool matches(int code) const noexcept { return code >= first && code <= last; }
};

/// "5.7.139", "X.7.8" for every class, "5.7.606-5.7.649" with both ends.
struct StatusPattern {
    int status_class = 0;  ///< 0 = any
    int subject = 0;
    int first_detail = 0;
    int last_detail = 0;
    static StatusPattern parse(std::string_view word);  ///< throws std::runtime_error
    bool matches(const EnhancedStatus& status) const noexcept;
};

/// The sign by which a provider is known: the host's preset, or words that it adds to its replies.
struct Fingerprint {
    std::string id;
    std::vector<std::string> presets;
    std::optional<Expression> text;
};

/// Facts, prepared once for all entries.
struct Evidence {
    const Facts* facts = nullptr;
    int code = 0;                          ///< 0 when no server spoke
    std::optional<EnhancedStatus> status;  ///< only when its class agrees with the reply's
    std::string text;                      ///< bounded
    std::uint32_t providers = 0;           ///< bit per fingerprint

    Evidence(const Facts& facts, const std::vector<Fingerprint>& fingerprints);
};

/// All parts that are present must agree.
struct Matcher {
    std::string condition;
    std::vector<Stage> stages;
    std::uint32_t providers = 0;  ///< bit per fingerprint; 0 = any
    std::vector<CodePattern> codes;
    std::vector<StatusPattern> statuses;
    std::optional<Expression> text;
    std::vector<std::pair<std::string, Expression>> details;

    bool matches(const Evidence& evidence) const;
};

}  // namespace mailsend::diagnosis
