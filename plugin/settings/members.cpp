#include "settings/members.hpp"

#include <algorithm>

#include "message/draft_parser.hpp"
#include "wfc/duration.hpp"

namespace mailsend {

namespace {

constexpr std::size_t max_secret_name = 128;

bool is_secret_name(std::string_view name) {
    return !name.empty() && name.size() <= max_secret_name &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

}  // namespace

std::string in_quotes(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

std::string alternatives(const std::vector<std::string>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        out += (i == 0 ? "" : i + 1 < words.size() ? ", " : " or ") + words[i];
    }
    return out;
}

std::optional<std::string> line_member(wfc::Fields& fields, std::string_view member, std::size_t limit) {
    const nlohmann::json* value = fields.find(member);
    if (value == nullptr) return std::nullopt;
    const Place place{WFC_INVALID_SETTINGS, fields.pointer_of(member)};
    std::string line = line_of(*value, place, limit);
    if (line.empty()) place.refuse("is empty");
    return line;
}

SecretRef secret_of(wfc::Fields& fields, std::string_view member) {
    const nlohmann::json& value = fields.require(member);
    const auto name = value.is_object() ? value.find("$secret") : value.end();
    if (!value.is_object() || value.size() != 1 || name == value.end() || !name->is_string()) {
        fields.refuse(
            member,
            "must name a secret and not hold it: store the value with \"wfc secret set NAME\", or put it "
            "into the environment as WFC_SECRET_<NAME> (upper case, every other character as _), and write "
            "{\"$secret\": \"name\"} here");
    }
    auto text = name->get<std::string>();
    if (!is_secret_name(text)) {
        throw wfc::Problem(
            WFC_INVALID_SETTINGS, fields.pointer_of(member) + "/$secret",
            fields.pointer_of(member) + "/$secret" +
                " must be the name of a secret: 1 to 128 letters, digits, dots, underscores and hyphens");
    }
    return {std::move(text)};
}

std::optional<SecretRef> optional_secret_of(wfc::Fields& fields, std::string_view member) {
    if (fields.find(member) == nullptr) return std::nullopt;
    return secret_of(fields, member);
}

std::optional<unsigned> count_of(wfc::Fields& fields, std::string_view member, unsigned least,
                                 unsigned most) {
    const nlohmann::json* value = fields.find(member);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) fields.refuse(member, "must be a number, not " + wfc::Fields::describe(*value));
    const auto number = value->get<double>();
    if (!(number >= least && number <= most)) {
        fields.refuse(member, "must be between " + std::to_string(least) + " and " + std::to_string(most));
    }
    const auto whole = static_cast<unsigned>(number);
    if (whole != number) fields.refuse(member, "must be a whole number");
    return whole;
}

void read_duration(wfc::Fields& fields, std::string_view member, std::chrono::milliseconds& into) {
    if (const auto text = fields.string(member))
        into = located(fields, member, *text,
                       [](std::string_view written) { return wfc::parse_duration(written); });
}

}  // namespace mailsend
