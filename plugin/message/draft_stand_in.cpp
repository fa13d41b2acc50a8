#include "message/draft_stand_in.hpp"

#include <algorithm>

#include "message/characters.hpp"
#include "template/template.hpp"
#include "wfc/json.hpp"

namespace mailsend {

namespace {

using nlohmann::json;

/// Whether `word` can come of texts with values between them.
bool can_become(std::string_view word, const std::vector<std::string_view>& texts) {
    for (const std::string_view text : texts) {
        const std::size_t at = word.find(text);
        if (at == std::string_view::npos) return false;
        word.remove_prefix(at + text.size());
    }
    return true;
}

class StandIn {
  public:
    explicit StandIn(std::string_view member) : member_(member) {}

    /// `name` is that of the member of an object that `value` is, else empty.
    json of(const json& value, std::string_view name, const Place& place) {
        if (value.is_object()) {
            json out = json::object();
            for (const auto& [key, inner] : value.items()) out[key] = of(inner, key, place.at(key));
            return out;
        }
        if (value.is_array()) {
            json out = json::array();
            for (std::size_t i = 0; i < value.size(); ++i) out.push_back(of(value[i], {}, place.at(i)));
            return out;
        }
        if (!holds_tags(value)) return value;
        check(value.get_ref<const std::string&>(), place);
        return text_for(name);
    }

  private:
    void check(const std::string& source, const Place& place) const {
        std::vector<std::string_view> texts;
        try {
            const Template parsed(source);
            texts = parsed.fixed_texts();
            if (member_ == "text" || member_ == "html") return;
            for (const std::string_view text : texts) {
                if (const char* why = forbidden_character(text)) place.refuse(why);
            }
            if (member_ != "priority" || can_become("normal", texts) || can_become("high", texts) ||
                can_become("low", texts))
                return;
        } catch (const TemplateFault& fault) {
            place.refuse(std::string("is no usable template: it ") + fault.what());
        }
        place.refuse("can never be one of \"normal\" \"high\" \"low\", whatever the payload is");
    }

    std::string text_for(std::string_view name) {
        if (member_ == "attachments" && name == "type") return "text/plain";
        // No content_id without a tag can be the same.
        if (member_ == "attachments" && name == "content_id") return "{{" + std::to_string(count_++);
        if (member_ == "priority") return "normal";
        if (member_ == "date") return "2000-01-01T00:00:00Z";
        const bool addresses = member_ != "attachments" && member_ != "headers" && member_ != "subject" &&
                               member_ != "text" && member_ != "html" && member_ != "template";
        return addresses && name != "name" ? "a@a.test" : "x";
    }

    std::string_view member_;
    std::size_t count_ = 0;
};

}  // namespace

bool holds_tags(const json& value) {
    if (value.is_string()) return value.get_ref<const std::string&>().find("{{") != std::string::npos;
    return value.is_structured() && std::any_of(value.begin(), value.end(), holds_tags);
}

json stand_in(const json& value, std::string_view member, const Place& place) {
    return StandIn(member).of(value, {}, place);
}

}  // namespace mailsend
