#include "serve/request.hpp"

#include <array>
#include <utility>

#include "serve/line_reader.hpp"
#include "serve/request_members.hpp"

namespace wfc::serve {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t largest_id = (std::uint64_t{1} << 53) - 1, longest_timeout_ms = 31'536'000'000;
constexpr std::size_t deepest = 64, longest_pasted = std::size_t{64} << 10;

/// Wipes what may hold secrets, however the reading ends.
class Wiping {
  public:
    explicit Wiping(Json& json) noexcept : json_(json) {}
    ~Wiping() {
        if (!json_.is_object()) return;
        for (const char* member : {"secrets", "pasted"}) {
            if (const auto found = json_.find(member); found != json_.end()) wipe_strings(*found);
        }
    }
    Wiping(const Wiping&) = delete;
    Wiping& operator=(const Wiping&) = delete;

  private:
    Json& json_;
};

std::uint64_t of(Fields& fields) {
    return whole_number(fields.require("of"), largest_id, fields, "of");
}

Hello hello(Json&, Fields& fields) {
    Hello out;
    const Json& protocol = fields.require("protocol");
    if (!protocol.is_number_unsigned()) fields.refuse("protocol", "must be a whole number");
    if (protocol != 1) throw Refusal("protocol", "this host speaks protocol 1");
    if (const Json* engine = fields.find("engine"); engine != nullptr) {
        Fields named(*engine, "/engine", WFC_INVALID_INPUT);
        (void)bounded(named, "name", 256);
        (void)bounded(named, "version", 256);
        named.done();
    }
    constexpr std::array<std::string_view, 6> levels = {"trace", "debug", "info", "warning", "error", "off"};
    const auto level = fields.choice("log", {"trace", "debug", "info", "warning", "error", "off"});
    for (std::size_t i = 0; level && i < levels.size(); ++i) {
        if (*level == levels[i]) out.log = static_cast<std::int32_t>(i);
    }
    return out;
}

Load load(Json&, Fields& fields) {
    return {component_name(fields), bounded(fields, "of", 128)};
}

Configure configure(Json& request, Fields& fields) {
    Configure out{component_name(fields), document(fields, "settings")};
    out.secrets = secret_values(request, fields);
    return out;
}

Invoke invoke(Json&, Fields& fields) {
    Invoke out{component_name(fields), bounded(fields, "operation", 256), document(fields, "input")};
    if (fields.find("call") != nullptr) out.call = bounded(fields, "call", 256);
    if (const Json* timeout = fields.find("timeout_ms"); timeout != nullptr)
        out.timeout =
            std::chrono::milliseconds(whole_number(*timeout, longest_timeout_ms, fields, "timeout_ms"));
    out.blobs = named_files(fields, "blobs");
    out.save = names(fields, "save");
    return out;
}

Answer answer(Json& request, Fields& fields) {
    Answer out{of(fields), {}};
    const Json& pasted = fields.require("pasted");
    if (!pasted.is_string()) fields.refuse("pasted", "must be a string, not " + Fields::describe(pasted));
    const auto& text = request.at("pasted").get_ref<const std::string&>();
    if (text.size() > longest_pasted) fields.refuse("pasted", "is longer than 64 KiB");
    out.pasted = SecretString(text);
    return out;
}

template <class Asked>
Request whole(std::uint64_t id, Asked asked, const Fields& fields) {
    fields.done();
    return {id, std::move(asked)};
}

Request read(std::uint64_t id, Json& json, Fields& fields) {
    const std::string type = fields.required_string("type");
    if (type == "hello") return whole(id, hello(json, fields), fields);
    if (type == "load") return whole(id, load(json, fields), fields);
    if (type == "configure") return whole(id, configure(json, fields), fields);
    if (type == "invoke") return whole(id, invoke(json, fields), fields);
    if (type == "cancel") return whole(id, Cancel{of(fields)}, fields);
    if (type == "answer") return whole(id, answer(json, fields), fields);
    if (type == "release") return whole(id, Release{of(fields)}, fields);
    if (type == "unload") return whole(id, Unload{component_name(fields)}, fields);
    std::string sentence = "\"" + shortened(type) + "\" is no type of request";
    constexpr std::array<std::string_view, 8> known = {"hello",  "load",   "configure", "invoke",
                                                       "cancel", "answer", "release",   "unload"};
    if (const auto near = nearest(type, known); !near.empty())
        sentence.append("; did you mean \"").append(near).append("\"?");
    throw Refusal("unknown-type", sentence);
}

}  // namespace

Request read_request(SecretString line) {
    std::optional<std::uint64_t> id;
    try {
        Json json = parse_json(line.reveal(), WFC_INVALID_INPUT, "line", {longest_line, deepest});
        line.clear();
        const Wiping wiping(json);
        Fields fields(json, "", WFC_INVALID_INPUT);
        id = whole_number(fields.require("id"), largest_id, fields, "id");
        return read(*id, json, fields);
    } catch (const Problem& problem) {
        throw Refusal("malformed", problem.what(), id);
    } catch (const Refusal& refusal) {
        throw Refusal(refusal.error(), refusal.what(), id);
    }
}

}  // namespace wfc::serve
