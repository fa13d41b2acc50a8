#include "tool/support_lines.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "tool/documents.hpp"
#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

using Json = nlohmann::ordered_json;

Json parsed(const std::string& line) {
    return detail::nests_deeper(line, deepest_document) ? Json() : Json::parse(line, nullptr, false);
}

std::string one_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Lines of one event, one after the other.
class Neighbours {
  public:
    explicit Neighbours(const SupportMask& mask) : mask_(mask) {}

    void add(std::string& line) {
        constexpr std::size_t most_bytes = std::size_t{64} << 10, most_lines = 200;
        Json json = parsed(line);
        const std::string event = json.is_object() ? json.value("event", "") : "";
        if (event != event_ || bytes_ + line.size() > most_bytes || each_.size() >= most_lines) close();
        event_ = event;
        if (!json.is_object() || !json.contains("fields") || !json["fields"].is_object()) return;
        bytes_ += line.size();
        each_.push_back({&line, std::move(json)});
    }

    void close() {
        std::vector<std::string> members;
        if (each_.size() > 1) {
            for (const auto& [name, value] : each_.front().json["fields"].items()) {
                if (value.is_string()) members.push_back(name);
            }
        }
        for (const std::string& member : members) close(member);
        each_.clear();
        bytes_ = 0;
    }

  private:
    struct Line {
        std::string* text;
        Json json;
    };

    void close(const std::string& member) {
        std::vector<std::string> texts;
        for (Line& each : each_) {
            const Json& fields = each.json["fields"];
            const auto found = fields.find(member);
            texts.push_back(found != fields.end() && found->is_string() ? found->get<std::string>() : "");
        }
        const std::vector<bool> hit = mask_.joined(texts);
        for (std::size_t i = 0; i < each_.size(); ++i) {
            if (!hit[i] || texts[i].empty()) continue;
            each_[i].json["fields"][member] = "[secret]";
            *each_[i].text = one_line(each_[i].json);
        }
    }

    const SupportMask& mask_;
    std::string event_;
    std::vector<Line> each_;
    std::size_t bytes_ = 0;
};

std::string masked_line(const std::string& line, SupportMask& mask) {
    Json json = parsed(line);
    if (json.is_null() || json.is_discarded()) return "\"(left out: this is no JSON)\"";
    if (!json.is_object() || !json.contains("event")) {
        mask.document(json);
        return one_line(json);
    }
    for (auto& [name, value] : json.items()) {
        if (name != "time" && name != "level" && name != "event") mask.document(value);
    }
    return one_line(json);
}

}  // namespace

std::string masked_lines(KeptLines lines, SupportMask& mask, const std::function<bool()>& stop) {
    Neighbours neighbours(mask);
    lines.each([&](std::string& line) {
        if (!stop()) neighbours.add(line);
    });
    neighbours.close();
    lines.change([&](const std::string& line) {
        return stop() ? std::string(R"({"left_out":"cancelled"})") : masked_line(line, mask);
    });
    return lines.text();
}

}  // namespace wfc::tool
