#include "template/template.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "template/parts.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
using Cause = TemplateFault::Cause;

bool is_true(const json* value) {
    if (value == nullptr || value->is_null()) return false;
    if (value->is_boolean()) return value->get<bool>();
    if (value->is_number()) return value->get<double>() != 0;
    if (value->is_string()) return !value->get_ref<const std::string&>().empty();
    return value->is_object() || !value->empty();
}

/// "0", "17"; nothing for other names.
std::optional<std::size_t> index_of(const std::string& name) {
    const bool digits = name.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || name.size() > 9 || (name.size() > 1 && name.front() == '0')) return std::nullopt;
    return std::stoul(name);
}

const json* member_of(const json& of, const std::string& name) {
    if (of.is_object()) {
        const auto found = of.find(name);
        return found == of.end() ? nullptr : &*found;
    }
    if (!of.is_array()) return nullptr;
    const auto index = index_of(name);
    return index && *index < of.size() ? &of[*index] : nullptr;
}

bool begins_at_payload(const std::vector<std::string>& path) {
    return !path.empty() && path.front() == "payload";
}

/// What one entered section stands for; the outermost is the payload.
struct Context {
    const json* value = nullptr;
    std::size_t opening = 0;     ///< the part that opened it
    const json* list = nullptr;  ///< what it repeats over
    std::size_t index = 0;
    std::size_t found_in = 0;  ///< the context whose member the section's name begins with
};

class Renderer {
  public:
    Renderer(const TemplateParts& parts, const json& payload, const Rendering& how, std::size_t& steps)
        : parts_(parts), how_(how), steps_(steps) {
        contexts_.push_back({.value = &payload});
    }

    std::string render() {
        spend(1 + parts_.source.size() / 64);
        for (at_ = 0; at_ < parts_.list.size(); ++at_) {
            const TemplatePart& part = parts_.list[at_];
            spend();
            switch (part.kind) {
                case PartKind::text:
                    append(std::string_view(parts_.source).substr(part.begin, part.end - part.begin));
                    break;
                case PartKind::variable:
                    variable(part);
                    break;
                case PartKind::section:
                    enter(part);
                    break;
                case PartKind::inverted:
                    if (is_true(resolve(part.path).value)) at_ = part.partner;
                    break;
                case PartKind::close:
                    leave(part);
                    break;
            }
        }
        return std::move(out_);
    }

  private:
    struct Found {
        const json* value;    ///< null: missing
        std::size_t context;  ///< where the first name was found, or would be expected
    };

    [[noreturn]] void fail(Cause cause, const std::string& sentence, std::string pointer = {}) const {
        if (parts_.list.empty()) throw TemplateFault(cause, 0, {}, sentence);
        const TemplatePart& part = parts_.list[at_];
        throw TemplateFault(cause, part.begin, name_of(part), sentence, std::move(pointer));
    }
    std::string here() const { return shown(parts_.source, parts_.list[at_]); }

    void spend(std::size_t steps = 1) {
        if (steps_ < steps) fail(Cause::size, "takes too much work to render with this payload");
        steps_ -= steps;
    }

    void append(std::string_view text) {
        if (text.size() > how_.limit - out_.size()) {
            fail(Cause::size, "is longer than " + std::to_string(how_.limit) + " bytes when it is rendered");
        }
        if (how_.room != nullptr) {
            if (text.size() > *how_.room) {
                fail(Cause::size, "makes all that is rendered for one message too long");
            }
            *how_.room -= text.size();
        }
        out_ += text;
    }

    const json* member(const json& of, const std::string& name) {
        spend();
        return member_of(of, name);
    }

    Found resolve(const std::vector<std::string>& path) {
        if (path.empty()) return {contexts_.back().value, contexts_.size() - 1};
        if (begins_at_payload(path)) return {follow(contexts_.front().value, path), 0};
        std::size_t expected = 0;
        for (std::size_t i = contexts_.size(); i-- > 0;) {
            const json& context = *contexts_[i].value;
            if (expected == 0 && context.is_object()) expected = i;
            const json* value = member(context, path.front());
            if (value != nullptr) return {follow(value, path), i};
        }
        return {nullptr, expected};
    }

    /// What all names but the first lead to from `value`; null: nothing.
    const json* follow(const json* value, const std::vector<std::string>& path) {
        for (std::size_t k = 1; k < path.size() && value != nullptr; ++k) value = member(*value, path[k]);
        return value;
    }

    /// RFC 6901 pointer, in the payload, to `path` of the context `from`.
    std::string pointer(std::size_t from, const std::vector<std::string>& path) const {
        std::string out;
        if (from > 0) {
            const Context& context = contexts_[from];
            out = pointer(context.found_in, parts_.list[context.opening].path);
            if (context.list != nullptr) out = wfc::pointer_to(out, std::to_string(context.index));
        }
        for (std::size_t i = begins_at_payload(path) ? 1 : 0; i < path.size(); ++i)
            out = wfc::pointer_to(out, path[i]);
        return out;
    }

    void variable(const TemplatePart& part) {
        const auto [value, context] = resolve(part.path);
        if (value == nullptr || value->is_null()) {
            fail(Cause::missing,
                 "uses " + here() + ", which " +
                     (value == nullptr ? "the payload does not have" : "is null in the payload"),
                 pointer(context, part.path));
        }
        if (value->is_structured()) {
            fail(Cause::shape,
                 "uses " + here() + " as text, but it is an " + value->type_name() +
                     " in the payload: name one of its members, or open a section",
                 pointer(context, part.path));
        }
        const std::size_t begin = out_.size();
        if (value->is_string()) {
            put(value->get_ref<const std::string&>());
        } else {
            append(value->dump());
        }
        if (how_.values != nullptr) how_.values->push_back({begin, out_.size()});
    }

    void put(std::string_view text) {
        if (how_.escape == Escape::none) return append(text);
        for (std::size_t from = 0; from < text.size();) {
            const std::size_t next = std::min(text.find_first_of("&<>\"'", from), text.size());
            append(text.substr(from, next - from));
            if (next == text.size()) return;
            const char c = text[next];
            append(c == '&'   ? "&amp;"
                   : c == '<' ? "&lt;"
                   : c == '>' ? "&gt;"
                   : c == '"' ? "&quot;"
                              : "&#39;");
            from = next + 1;
        }
    }

    void enter(const TemplatePart& part) {
        const auto [value, context] = resolve(part.path);
        if (!is_true(value)) {
            at_ = part.partner;
        } else if (value->is_array()) {
            contexts_.push_back({&value->front(), at_, value, 0, context});
        } else {
            contexts_.push_back({value, at_, nullptr, 0, context});
        }
    }

    void leave(const TemplatePart& part) {
        if (parts_.list[part.partner].kind == PartKind::inverted) return;
        Context& context = contexts_.back();
        if (context.list != nullptr && ++context.index < context.list->size()) {
            context.value = &(*context.list)[context.index];
            at_ = part.partner;
        } else {
            contexts_.pop_back();
        }
    }

    const TemplateParts& parts_;
    const Rendering& how_;
    std::size_t& steps_;
    std::vector<Context> contexts_;  ///< never empty
    std::size_t at_ = 0;             ///< the part being rendered
    std::string out_;
};

}  // namespace

Template::Template(std::string_view source)
    : parts_(
          std::make_unique<const TemplateParts>(TemplateParts{std::string(source), parse_template(source)})) {
}

Template::~Template() = default;
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;

bool Template::literal() const noexcept {
    const auto& list = parts_->list;
    return parts_->source.find("{{") == std::string::npos && list.size() <= 1;
}

bool Template::one_variable() const noexcept {
    return parts_->list.size() == 1 && parts_->list.front().kind == PartKind::variable &&
           parts_->list.front().end == parts_->source.size() && parts_->list.front().begin == 0;
}

const json* Template::sole_value(const json& payload) const {
    if (!one_variable()) return nullptr;
    const auto& path = parts_->list.front().path;
    const json* value = &payload;
    for (std::size_t k = begins_at_payload(path) ? 1 : 0; k < path.size() && value != nullptr; ++k)
        value = member_of(*value, path[k]);
    return value;
}

std::vector<std::string_view> Template::fixed_texts() const {
    std::vector<std::string_view> texts;
    for (std::size_t i = 0; i < parts_->list.size(); ++i) {
        const TemplatePart& part = parts_->list[i];
        if (part.kind == PartKind::text)
            texts.push_back(std::string_view(parts_->source).substr(part.begin, part.end - part.begin));
        if (part.kind == PartKind::section || part.kind == PartKind::inverted) i = part.partner;
    }
    return texts;
}

std::string Template::render(const json& payload, const Rendering& how) const {
    std::size_t own_steps = max_template_steps;
    return Renderer(*parts_, payload, how, how.steps != nullptr ? *how.steps : own_steps).render();
}

}  // namespace mailsend
