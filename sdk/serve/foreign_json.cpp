#include "serve/foreign_json.hpp"

#include <stdexcept>

#include "wfc/json.hpp"

namespace wfc::serve {

namespace {

using Json = nlohmann::json;

/// Whoever reads a result goes into it step by step, and a stack ends.
constexpr std::size_t deepest_event = 32, deepest_result = 256;

/// Looks at a document as it passes: whether it is one object, and what texts it has where one is asked for.
/// Builds nothing: a document may have a million members.
class Glance final : public nlohmann::json_sax<Json> {
  public:
    /// `within`: the member of the whole that holds the one that is wanted; empty: the whole does.
    Glance(std::string_view within, std::string_view wanted) : within_(within), wanted_(wanted) {}

    bool is_object() const noexcept { return object_; }
    /// Of what stands there more than once, the last.
    const std::string& found() const noexcept { return found_; }

    bool null() override { return other(); }
    bool boolean(bool) override { return other(); }
    bool number_integer(number_integer_t) override { return other(); }
    bool number_unsigned(number_unsigned_t) override { return other(); }
    bool number_float(number_float_t, const string_t&) override { return other(); }
    bool binary(binary_t&) override { return other(); }
    bool string(string_t& text) override {
        if (here_) found_ = text;
        return level_ > 0;
    }
    bool start_object(std::size_t) override {
        if (level_ == 0) object_ = true;
        if (level_ == 1) inside_ = next_;
        return opened();
    }
    bool start_array(std::size_t) override {
        if (level_ == 0) return false;
        if (level_ == 1) inside_ = false;
        return opened();
    }
    bool key(string_t& name) override {
        next_ = level_ == 1 && !within_.empty() && name == within_;
        here_ = name == wanted_ && (within_.empty() ? level_ == 1 : level_ == 2 && inside_);
        if (here_ || next_) found_.clear();
        return true;
    }
    bool end_object() override { return closed(); }
    bool end_array() override { return closed(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

  private:
    bool other() const noexcept { return level_ > 0; }
    bool opened() noexcept {
        here_ = false;
        ++level_;
        return true;
    }
    bool closed() noexcept {
        here_ = false;
        --level_;
        return true;
    }

    std::string_view within_, wanted_;
    std::string found_{};
    std::size_t level_ = 0;
    bool object_ = false, inside_ = false, next_ = false, here_ = false;
};

/// As far as the parser reads: it takes a NUL for the end and a mark at the beginning for nothing.
std::string_view document_of(std::string_view json) noexcept {
    json = json.substr(0, json.find('\0'));
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (json.substr(0, mark.size()) == mark) json.remove_prefix(mark.size());
    return json;
}

/// Without the blanks between the words of JSON that was parsed before. The texts in it have no line breaks.
std::string compact(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    bool quoted = false, escaped = false;
    for (const char c : json) {
        if (!quoted && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
        out += c;
        if (escaped) {
            escaped = false;
        } else if (quoted && c == '\\') {
            escaped = true;
        } else if (c == '"') {
            quoted = !quoted;
        }
    }
    return out;
}

bool parsed(std::string_view json, Glance& glance) {
    return Json::sax_parse(json.begin(), json.end(), &glance) && glance.is_object();
}

}  // namespace

std::string event_object(std::string_view json) {
    constexpr std::size_t most = std::size_t{64} << 10;
    const std::string_view document = document_of(json);
    if (document.size() <= most && !detail::nests_deeper(document, deepest_event)) {
        Glance glance({}, {});
        if (parsed(document, glance)) return compact(document);
    }
    const Json instead = {{"text", std::string(json.substr(0, most))}};
    return instead.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ResultDocument read_result(std::string_view json) {
    const std::string_view document = document_of(json);
    if (detail::nests_deeper(document, deepest_result))
        throw std::invalid_argument("the component's result nests deeper than " +
                                    std::to_string(deepest_result) + " levels");
    Glance glance({}, "outcome");
    if (!parsed(document, glance))
        throw std::invalid_argument("the component's result is not one JSON object");
    return {compact(document), glance.found()};
}

std::string error_message(std::string_view json) {
    constexpr std::size_t most = 1024;
    const std::string_view document = document_of(json);
    Glance glance("error", "message");
    if (detail::nests_deeper(document, deepest_result) || !parsed(document, glance)) return {};
    return glance.found().substr(0, most);
}

}  // namespace wfc::serve
