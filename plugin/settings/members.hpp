/// Reading members of the settings: what is common to the sections. Internal to this folder.
///
/// Guarantees: every fault is a wfc::Problem(WFC_INVALID_SETTINGS) with the pointer of the member; what
/// stands where a secret's name should is never repeated.
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "settings/settings.hpp"
#include "wfc/json.hpp"

namespace mailsend {

inline constexpr std::size_t max_host = 255;
inline constexpr std::size_t max_user_name = 320;

/// `"text"`, as words stand in sentences.
std::string in_quotes(std::string_view text);

/// "a", "a or b", "a, b or c".
std::string alternatives(const std::vector<std::string>& words);

/// The member as one line without controls, if it is there. Not empty, at most `limit` characters.
std::optional<std::string> line_member(wfc::Fields& fields, std::string_view member, std::size_t limit);

/// `{"$secret": name}`. What stands there instead is never repeated: it may be the secret itself.
SecretRef secret_of(wfc::Fields& fields, std::string_view member);

/// The same, where the member may be absent.
std::optional<SecretRef> optional_secret_of(wfc::Fields& fields, std::string_view member);

/// A whole number from `least` to `most`, 4.0 included, which JSON and the schema cannot tell from 4.
std::optional<unsigned> count_of(wfc::Fields& fields, std::string_view member, unsigned least, unsigned most);

/// A duration of at most a day, where the member is there.
void read_duration(wfc::Fields& fields, std::string_view member, std::chrono::milliseconds& into);

/// `read(text)`, with the end of a sentence that it throws as std::invalid_argument turned into a
/// wfc::Problem at the member.
template <class Read>
auto located(const wfc::Fields& fields, std::string_view member, const std::string& text, const Read& read) {
    try {
        return read(text);
    } catch (const std::invalid_argument& fault) {
        fields.refuse(member, fault.what());
    }
}

}  // namespace mailsend
