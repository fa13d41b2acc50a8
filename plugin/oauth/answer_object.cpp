#include "oauth/answer_object.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "wfc/json.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::int64_t ten_years_s = 10LL * 365 * 86'400;
constexpr wfc::JsonBounds bounds{1U << 20, 16};

/// Tokens lie in it as plain strings.
void wipe(nlohmann::json& json) noexcept {
    if (json.is_string()) {
        auto& text = json.get_ref<std::string&>();
        wfc::wipe(text.data(), text.size());
    } else if (json.is_structured()) {
        for (nlohmann::json& part : json) wipe(part);
    }
}

nlohmann::json parsed(std::string_view body) {
    try {
        return wfc::parse_json(body, WFC_INVALID_INPUT, "answer", bounds);
    } catch (const wfc::Problem& problem) {
        // "the answer is …", or the pointer of a member that stands twice
        constexpr std::string_view subject = "the answer ";
        const std::string_view what = problem.what();
        throw std::invalid_argument(what.starts_with(subject)
                                        ? std::string(what.substr(subject.size()))
                                        : "is not valid JSON: a member stands twice in one object");
    }
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        if (!word.empty()) words.emplace_back(word);
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return words;
}

}  // namespace

AnswerObject::AnswerObject(std::string_view body) : json_(std::make_unique<nlohmann::json>(parsed(body))) {
    if (json_->is_object()) return;
    wipe(*json_);
    throw std::invalid_argument("is no JSON object");
}
AnswerObject::AnswerObject(const nlohmann::json& json) : json_(std::make_unique<nlohmann::json>(json)) {}
AnswerObject::AnswerObject(AnswerObject&&) noexcept = default;
AnswerObject::~AnswerObject() {
    if (json_) wipe(*json_);
}

const nlohmann::json* AnswerObject::find(const char* name) const {
    const auto found = json_->find(name);
    return found == json_->end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> AnswerObject::text(const char* name) const {
    const nlohmann::json* found = find(name);
    if (found == nullptr || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

std::optional<wfc::SecretString> AnswerObject::secret(const char* name) const {
    const nlohmann::json* found = find(name);
    if (found == nullptr || !found->is_string()) return std::nullopt;
    return wfc::SecretString(found->get_ref<const std::string&>());
}

std::optional<std::int64_t> AnswerObject::seconds(const char* name) const {
    const nlohmann::json* found = find(name);
    if (found == nullptr) return std::nullopt;
    double value = -1;
    if (found->is_number()) {
        value = found->get<double>();
    } else if (found->is_string()) {
        const auto& digits = found->get_ref<const std::string&>();
        const char* const end = digits.data() + digits.size();
        std::uint64_t whole = 0;
        const auto [stopped, error] = std::from_chars(digits.data(), end, whole);
        if (stopped != end || digits.empty() || error == std::errc::invalid_argument) return std::nullopt;
        value = error == std::errc() ? static_cast<double>(whole) : static_cast<double>(ten_years_s);
    }
    if (value < 0) return std::nullopt;
    return static_cast<std::int64_t>(std::min(value, static_cast<double>(ten_years_s)));
}

std::optional<std::vector<std::string>> AnswerObject::words(const char* name) const {
    const nlohmann::json* found = find(name);
    std::vector<std::string> words;
    if (found != nullptr && found->is_string()) words = split(found->get_ref<const std::string&>());
    if (found != nullptr && found->is_array()) {
        for (const nlohmann::json& word : *found) {
            if (word.is_string()) words.push_back(word.get<std::string>());
        }
    }
    if (words.empty()) return std::nullopt;
    return words;
}

std::string AnswerObject::first_number(const char* name) const {
    const nlohmann::json* found = find(name);
    if (found == nullptr || !found->is_array() || found->empty()) return {};
    const nlohmann::json& first = found->front();
    return first.is_number_unsigned() ? std::to_string(first.get<std::uint64_t>()) : std::string();
}

std::optional<AnswerObject> AnswerObject::object(const char* name) const {
    const nlohmann::json* found = find(name);
    if (found == nullptr || !found->is_object()) return std::nullopt;
    return AnswerObject(*found);
}

}  // namespace mailsend::oauth
