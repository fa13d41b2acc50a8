#include "outcome/api_refusal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "outcome/document.hpp"
#include "outcome/refusal_words.hpp"

namespace mailsend {
namespace {

using namespace std::string_view_literals;
using nlohmann::json;

constexpr std::size_t longest_word = 100;
constexpr std::size_t longest_message = 2048;
constexpr std::size_t most_codes = 16;
/// Errors lie one in another: Graph's innerError.
constexpr int most_inner = 4;

const json* member(const json& object, const char* name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

std::string text_of(const json& object, const char* name, std::size_t limit) {
    const json* found = member(object, name);
    return found != nullptr && found->is_string()
               ? printable(on_one_line(found->get_ref<const std::string&>()), limit)
               : std::string();
}

/// The codes and reasons of a body, each once, in the order in which they stand.
class Codes {
  public:
    void add(const json& object, const char* name) {
        std::string word = text_of(object, name, longest_word);
        std::replace(word.begin(), word.end(), ' ', '_');
        if (word.empty() || words_.size() >= most_codes) return;
        if (std::find(words_.begin(), words_.end(), word) == words_.end()) words_.push_back(std::move(word));
    }
    void add_each(const json& object, const char* list, const char* name) {
        const json* found = member(object, list);
        if (found == nullptr || !found->is_array()) return;
        for (const json& one : *found) add(one, name);
    }
    std::string joined() const {
        std::string out;
        for (const std::string& word : words_) out += (out.empty() ? "" : " ") + word;
        return out;
    }

  private:
    std::vector<std::string> words_;
};

int status_of(const json& error) {
    const json* code = member(error, "code");
    if (code == nullptr || !code->is_number_integer()) return 0;
    const auto status = code->get<std::int64_t>();
    return status >= 100 && status <= 999 ? static_cast<int>(status) : 0;
}

// The canonical names of google.rpc.Code.
constexpr std::array google_statuses{"CANCELLED"sv,
                                     "UNKNOWN"sv,
                                     "INVALID_ARGUMENT"sv,
                                     "DEADLINE_EXCEEDED"sv,
                                     "NOT_FOUND"sv,
                                     "ALREADY_EXISTS"sv,
                                     "PERMISSION_DENIED"sv,
                                     "UNAUTHENTICATED"sv,
                                     "RESOURCE_EXHAUSTED"sv,
                                     "FAILED_PRECONDITION"sv,
                                     "ABORTED"sv,
                                     "OUT_OF_RANGE"sv,
                                     "UNIMPLEMENTED"sv,
                                     "INTERNAL"sv,
                                     "UNAVAILABLE"sv,
                                     "DATA_LOSS"sv};
// Codes of Microsoft Graph that do not begin with "Error".
constexpr std::array graph_codes{"InvalidAuthenticationToken"sv,
                                 "ApplicationThrottled"sv,
                                 "TooManyRequests"sv,
                                 "ActivityLimitReached"sv,
                                 "Authorization_RequestDenied"sv,
                                 "Request_ResourceNotFound"sv,
                                 "ResourceNotFound"sv,
                                 "RequestBodyRead"sv,
                                 "UnableToDeserializePostBody"sv,
                                 "InvalidInternetMessageHeader"sv,
                                 "MailboxNotEnabledForRESTAPI"sv,
                                 "MailboxNotSupportedForRESTAPI"sv,
                                 "generalException"sv,
                                 "serviceNotAvailable"sv};

bool holds(const auto& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Many programs write {"error": {"code": 500, "message": …}}; Google adds reasons, or its own status.
bool looks_like_google(const json& error) {
    if (status_of(error) == 0) return false;
    if (holds(google_statuses, text_of(error, "status", longest_word))) return true;
    const json* errors = member(error, "errors");
    return errors != nullptr && errors->is_array() && !errors->empty() &&
           member(errors->front(), "reason") != nullptr;
}

/// A word as its code is anybody's too; Microsoft's are known, or come with an inner error.
bool looks_like_graph(const json& error) {
    const std::string code = text_of(error, "code", longest_word);
    if (code.empty() || member(error, "message") == nullptr) return false;
    const bool inner = member(error, "innerError") != nullptr || member(error, "innererror") != nullptr;
    const bool named = code.starts_with("Error") && code.size() > 5 && code[5] >= 'A' && code[5] <= 'Z';
    return inner || named || holds(graph_codes, code);
}

std::string codes_of(const json& error, bool google) {
    Codes codes;
    if (google) {
        codes.add_each(error, "errors", "reason");
        codes.add_each(error, "details", "reason");
        codes.add(error, "status");
        return codes.joined();
    }
    const json* inner = &error;
    for (int depth = 0; inner != nullptr && depth < most_inner; ++depth) {
        codes.add(*inner, "code");
        const json* next = member(*inner, "innerError");
        inner = next != nullptr ? next : member(*inner, "innererror");
    }
    codes.add_each(error, "details", "code");
    return codes.joined();
}

int number_of(const std::string& digits) {
    int out = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return fault == std::errc{} && end == digits.data() + digits.size() ? out : 0;
}

}  // namespace

std::optional<Facts> api_refusal(const json& body, int http_status) {
    const json* said = member(body, "error");
    const json& error = said == nullptr ? body : *said;
    const bool google = looks_like_google(error);
    if (!google && !looks_like_graph(error)) return std::nullopt;

    Facts facts;
    facts.stage = Stage::api;
    facts.condition = "api.refused";
    if (http_status == 0) http_status = status_of(error);
    const std::string codes = codes_of(error, google);
    const std::string message = text_of(error, "message", longest_message);
    facts.details["api"] = google ? "gmail" : "graph";
    if (http_status != 0) facts.details["http_status"] = std::to_string(http_status);
    if (!codes.empty()) facts.details["api_code"] = codes;
    if (!message.empty()) facts.details["api_message"] = message;
    facts.provider = google ? "gmail" : "microsoft365";
    facts.sentence = google ? "the Gmail API refused" : "Microsoft Graph refused";
    if (http_status != 0) facts.sentence += " with HTTP status " + std::to_string(http_status);
    if (!codes.empty()) facts.sentence += ": " + codes;
    if (!message.empty()) facts.sentence += ": " + message;
    while (facts.sentence.ends_with('.')) facts.sentence.pop_back();
    return facts;
}

nlohmann::ordered_json api_object(const Facts& facts) {
    const auto detail = [&](const char* name) {
        const auto found = facts.details.find(name);
        return found == facts.details.end() ? std::string() : found->second;
    };
    if (detail("api").empty()) return nullptr;
    nlohmann::ordered_json out = {{"api", printable(detail("api"), longest_word)}};
    if (const int status = number_of(detail("http_status")); status >= 100 && status <= 999)
        out["http_status"] = status;
    nlohmann::ordered_json codes = nlohmann::ordered_json::array();
    std::string rest = detail("api_code");
    for (std::size_t at = 0; at < rest.size();) {
        const std::size_t end = std::min(rest.find(' ', at), rest.size());
        if (end > at) codes.push_back(printable(rest.substr(at, end - at), longest_word));
        at = end + 1;
    }
    if (!codes.empty()) out["codes"] = std::move(codes);
    if (!detail("api_message").empty()) out["message"] = printable(detail("api_message"), longest_message);
    return out;
}

}  // namespace mailsend
