/// The JSON object that an authorization server answers with, member by member.
///
/// Guarantees: bounded nesting, no duplicate members; null counts as missing; the document's strings are
/// wiped when it ends. The parser's own working buffer is not ours to wipe.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/secret.hpp"

namespace mailsend::oauth {

/// One thread.
class AnswerObject {
  public:
    /// Throws std::invalid_argument with the end of a sentence ("is not valid JSON: …").
    explicit AnswerObject(std::string_view body);
    ~AnswerObject();
    AnswerObject(AnswerObject&&) noexcept;
    AnswerObject& operator=(AnswerObject&&) = delete;

    /// Nothing when the member is missing or no string.
    std::optional<std::string> text(const char* name) const;
    std::optional<wfc::SecretString> secret(const char* name) const;
    /// A number of seconds: an integer, a fraction (cut off) or a string of digits, at most ten years.
    /// Nothing when it is missing, negative or something else.
    std::optional<std::int64_t> seconds(const char* name) const;
    /// A list of words: strings of an array, or a string split at blanks. Nothing when there are none.
    std::optional<std::vector<std::string>> words(const char* name) const;
    /// The digits of the first number of an array, or empty.
    std::string first_number(const char* name) const;
    std::optional<AnswerObject> object(const char* name) const;

  private:
    explicit AnswerObject(const nlohmann::json& json);
    const nlohmann::json* find(const char* name) const;

    std::unique_ptr<nlohmann::json> json_;
};

}  // namespace mailsend::oauth
