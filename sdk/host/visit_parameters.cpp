#include "host/visit_parameters.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sodium.h>
#include <string>
#include <vector>

namespace wfc {

namespace {

constexpr std::size_t most_parameters = 64;

/// A std::string that Poco can fill, wiped when it ends.
struct Wiped {
    std::string text{};
    Wiped() = default;
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { wipe(text.data(), text.size()); }
};

/// False where a percent sign is not followed by two digits.
bool decode(std::string_view encoded, SecretString& into) {
    Wiped raw, decoded;
    raw.text = encoded;
    std::replace(raw.text.begin(), raw.text.end(), '+', ' ');
    decoded.text.reserve(raw.text.size());  // it never grows: nothing is left behind to wipe
    try {
        Poco::URI::decode(raw.text, decoded.text);
    } catch (const Poco::Exception&) {
        return false;
    }
    into.append(decoded.text);
    return true;
}

void append_json(SecretString& out, std::string_view text) {
    out.append("\"");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out.append("\\");
        if (byte < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(byte));
            out.append(escaped);
        } else {
            out.append(&c, 1);
        }
    }
    out.append("\"");
}

bool same(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace

std::optional<VisitParameters> VisitParameters::parse(std::string_view encoded) {
    VisitParameters out;
    std::vector<SecretString> names;
    out.document_.reserve(encoded.size() + 64);
    out.document_.append(R"({"parameters":{)");
    while (!encoded.empty()) {
        const std::string_view pair = encoded.substr(0, encoded.find('&'));
        encoded.remove_prefix(std::min(encoded.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        SecretString name, value;
        if (!decode(pair.substr(0, equals), name)) return std::nullopt;
        if (equals < pair.size() && !decode(pair.substr(equals + 1), value)) return std::nullopt;
        for (const SecretString& seen : names) {
            if (seen.reveal() == name.reveal()) return std::nullopt;
        }
        if (names.size() == most_parameters) return std::nullopt;
        if (!names.empty()) out.document_.append(",");
        append_json(out.document_, name.reveal());
        out.document_.append(":");
        append_json(out.document_, value.reveal());
        if (name.reveal() == "state") out.state_ = std::move(value);
        names.push_back(std::move(name));
    }
    out.document_.append("}}");
    const std::string_view document = out.document_.reveal();
    if (!nlohmann::json::accept(document.begin(), document.end())) return std::nullopt;  // not UTF-8
    return out;
}

bool VisitParameters::has_state(std::string_view expected) const noexcept {
    return !expected.empty() && same(state_.reveal(), expected);
}

}  // namespace wfc
