#include "oauth/token_record.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "wfc/author.hpp"
#include "wfc/json.hpp"

namespace mailsend::oauth {

namespace {

constexpr std::size_t largest_record = 256u << 10;
constexpr std::int64_t last_moment = 253'402'300'799;  // the end of the year 9999

/// As Component::quoted, without a copy that nobody wipes.
void append_quoted(wfc::SecretString& out, std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    out.append("\"");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            const char escaped[] = {'\\', c};
            out.append(escaped, sizeof escaped);
        } else if (byte < 0x20) {
            const char escaped[] = {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
            out.append(escaped, sizeof escaped);
        } else {
            out.append(&c, 1);
        }
    }
    out.append("\"");
}

wfc::SecretString taken(nlohmann::json& json, const char* member) {
    const auto found = json.find(member);
    if (found == json.end()) return {};
    auto& text = found->get_ref<std::string&>();
    wfc::SecretString out(text);
    wfc::wipe(text.data(), text.size());
    return out;
}

std::int64_t moment(const nlohmann::json& json, const char* member) {
    const auto found = json.find(member);
    if (found == json.end()) return 0;
    if (!found->is_number_integer()) throw std::invalid_argument("time");
    const auto value = found->get<std::int64_t>();
    if (value < 0 || value > last_moment) throw std::invalid_argument("time");
    return value;
}

TokenRecord record_in(nlohmann::json& json) {
    TokenRecord record;
    record.refresh_token = taken(json, "refresh_token");
    record.access_token = taken(json, "access_token");
    if (json.at("format") != 1) throw std::invalid_argument("format");
    record.access_expires_at = moment(json, "access_expires_at");
    record.refresh_expires_at = moment(json, "refresh_expires_at");
    record.refresh_told_at = moment(json, "refresh_told_at");
    record.issued_at = moment(json, "issued_at");
    record.refreshed_at = moment(json, "refreshed_at");
    record.signed_in_as = json.value("signed_in_as", std::string());
    record.supplied = json.value("supplied", std::string());
    if (const auto scopes = json.find("scopes"); scopes != json.end())
        record.scopes = scopes->get<std::vector<std::string>>();
    if (const auto basis = json.find("basis"); basis != json.end())
        record.basis = basis->get<std::map<std::string, std::string>>();
    return record;
}

}  // namespace

TokenRecord TokenRecord::copy() const {
    TokenRecord out;
    out.refresh_token = refresh_token.copy();
    out.access_token = access_token.copy();
    out.access_expires_at = access_expires_at;
    out.refresh_expires_at = refresh_expires_at;
    out.refresh_told_at = refresh_told_at;
    out.issued_at = issued_at;
    out.refreshed_at = refreshed_at;
    out.scopes = scopes;
    out.signed_in_as = signed_in_as;
    out.basis = basis;
    out.supplied = supplied;
    return out;
}

wfc::SecretString written(const TokenRecord& record) {
    const auto quoted = [](std::string_view text) { return wfc::Component::quoted(text); };
    wfc::SecretString out(R"({"format":1,"refresh_token":)");
    append_quoted(out, record.refresh_token.reveal());
    out.append(R"(,"access_token":)");
    append_quoted(out, record.access_token.reveal());
    std::string rest;
    const auto number = [&](const char* member, std::int64_t value) {
        rest.append(",\"").append(member).append("\":").append(std::to_string(value));
    };
    number("access_expires_at", record.access_expires_at);
    number("refresh_expires_at", record.refresh_expires_at);
    number("refresh_told_at", record.refresh_told_at);
    number("issued_at", record.issued_at);
    number("refreshed_at", record.refreshed_at);
    rest += ",\"scopes\":[";
    for (std::size_t i = 0; i < record.scopes.size(); ++i)
        rest += (i == 0 ? "" : ",") + quoted(record.scopes[i]);
    rest += "],\"signed_in_as\":" + quoted(record.signed_in_as) + ",\"basis\":{";
    bool first = true;
    for (const auto& [name, value] : record.basis) {
        rest += (first ? "" : ",") + quoted(name) + ":" + quoted(value);
        first = false;
    }
    rest += "},\"supplied\":" + quoted(record.supplied) + "}";
    return std::move(out.append(rest));
}

TokenRecord read_record(const wfc::SecretString& value) {
    const char* const refusal = "is not what MailSend wrote";
    try {
        nlohmann::json json =
            wfc::parse_json(value.reveal(), WFC_INVALID_INPUT, "record", {largest_record, 4});
        return record_in(json);
    } catch (const wfc::Problem&) {
        throw std::invalid_argument(refusal);
    } catch (const nlohmann::json::exception&) {  // a member is missing or of another type
        throw std::invalid_argument(refusal);
    } catch (const std::invalid_argument&) {
        throw std::invalid_argument(refusal);
    }
}

}  // namespace mailsend::oauth
