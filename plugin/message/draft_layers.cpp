#include "message/draft_layers.hpp"

#include <algorithm>
#include <vector>

#include "message/draft_address_values.hpp"
#include "wfc/json.hpp"

namespace mailsend {

namespace {

using nlohmann::json;

constexpr std::size_t max_template_name = 64;
constexpr std::size_t max_rendered_list = std::size_t{4} << 20;     ///< bytes; a string with many addresses
constexpr std::size_t max_rendered_string = std::size_t{64} << 10;  ///< bytes; all others but bodies

const json& payload_of(const json& input) {
    static const json none;
    const auto found = input.find("payload");
    return found == input.end() ? none : *found;
}

bool is_address(std::string_view member) {
    constexpr std::array members{"from", "sender", "to", "cc", "bcc", "reply_to"};
    return std::find(members.begin(), members.end(), member) != members.end();
}

/// A fault of the template itself.
[[noreturn]] void refuse_syntax(const TemplateFault& fault, const Place& place) {
    place.refuse(std::string("is no usable template: it ") + fault.what());
}

/// For the end of a sentence about what a template became.
std::string rendered_from(const Place& place) {
    if (place.status == WFC_INVALID_INPUT) return " (after it was rendered)";
    return " (rendered from " + wfc::shortened(place.pointer) + ")";
}

std::string names_near(std::string_view name, const json* templates) {
    std::vector<std::string> names;
    if (templates != nullptr) {
        for (const auto& [known, members] : templates->items()) names.push_back(known);
    }
    if (names.empty()) return ", but the settings have no templates";
    const std::string sentence = ", which is none of the settings' templates (and there is no Generic)";
    const auto near = wfc::nearest(name, names);
    return near.empty() ? sentence : sentence + "; did you mean \"" + std::string(near) + "\"?";
}

}  // namespace

bool holds_tags(const json& value) {
    if (value.is_string()) return value.get_ref<const std::string&>().find("{{") != std::string::npos;
    return value.is_structured() && std::any_of(value.begin(), value.end(), holds_tags);
}

void check_template_syntax(const json& value, const Place& place) {
    if (value.is_object()) {
        for (const auto& [name, member] : value.items()) check_template_syntax(member, place.at(name));
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) check_template_syntax(value[i], place.at(i));
    } else if (holds_tags(value)) {
        try {
            const Template parsed(value.get_ref<const std::string&>());
        } catch (const TemplateFault& fault) {
            refuse_syntax(fault, place);
        }
    }
}

void check_template_name(const json& name, const Place& place) {
    if (line_of(name, place, max_template_name).empty()) place.refuse("is empty: a template needs a name");
}

Layers::Layers(const json& input, bool render, const json& message, const json* templates)
    : payload_(payload_of(input)), templates_(templates) {
    layers_[0] = {&input, {WFC_INVALID_INPUT, {}}, render};
    if (message.is_object()) layers_[2] = {&message, {WFC_INVALID_SETTINGS, "/message"}, true};
}

void Layers::choose_template() {
    read("template", [&](const json& value, const Place& place) {
        check_template_name(value, place);
        const auto& name = value.get_ref<const std::string&>();
        const auto entry = [&](const std::string& wanted) {
            if (templates_ == nullptr || !templates_->is_object()) return false;
            const auto found = templates_->find(wanted);
            if (found == templates_->end()) return false;
            layers_[1] = {&*found, Place{WFC_INVALID_SETTINGS, "/templates"}.at(wanted), true};
            return true;
        };
        if (!entry(name) && !entry("Generic")) {
            place.refuse("names \"" + wfc::shortened(name) + "\"" + names_near(name, templates_));
        }
    });
}

void Layers::read(std::string_view member, const MemberReader& reader) {
    for (const Layer& layer : layers_) {
        if (layer.members == nullptr) continue;
        const auto found = layer.members->find(member);
        if (found == layer.members->end()) continue;
        const Place place = layer.place.at(member);
        if (!layer.rendered || !holds_tags(*found)) return reader(*found, place);
        const json value =
            rendered(*found, place, {member, layer.place.pointer.size(), is_address(member), true});
        try {
            return reader(value, Place{WFC_INVALID_INPUT, {}}.at(member));
        } catch (const wfc::Problem& problem) {
            throw wfc::Problem(problem.status(), problem.pointer(), problem.what() + rendered_from(place));
        }
    }
}

json Layers::rendered(const json& value, const Place& place, const Use& use) {
    if (value.is_string()) return rendered_text(value.get_ref<const std::string&>(), place, use);
    json out = value;
    if (value.is_object()) {
        for (auto& [name, member] : out.items()) {
            // A display name is text of its own: the composer quotes it.
            member = rendered(member, place.at(name),
                              {use.member, use.layer_octets, use.address && name != "name", false});
        }
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = rendered(out[i], place.at(i), {use.member, use.layer_octets, use.address, false});
        }
    }
    return out;
}

std::string Layers::rendered_text(const std::string& source, const Place& place, const Use& use) {
    if (source.find("{{") == std::string::npos) return source;
    const bool body = use.whole && (use.member == "text" || use.member == "html");
    const std::string in_message = place.pointer.substr(use.layer_octets);
    std::vector<Span> values;
    const Rendering how{.escape = use.whole && use.member == "html" ? Escape::html : Escape::none,
                        .limit = body                       ? max_body_bytes
                                 : use.whole && use.address ? max_rendered_list
                                                            : max_rendered_string,
                        .steps = &steps_,
                        .values = use.address ? &values : nullptr};
    try {
        const Template parsed(source);
        std::string text = parsed.render(payload_, how);
        if (use.address && !parsed.one_variable()) {
            if (const auto stray = value_out_of_place(text, values)) {
                Place{WFC_INVALID_INPUT, in_message}.refuse(*stray + rendered_from(place));
            }
        }
        return text;
    } catch (const TemplateFault& fault) {
        if (fault.cause() == TemplateFault::Cause::syntax) refuse_syntax(fault, place);
        const bool variable = fault.cause() != TemplateFault::Cause::size;
        const std::string pointer = variable ? "/payload" + fault.pointer() : in_message;
        throw wfc::Problem(WFC_INVALID_INPUT, pointer,
                           wfc::shortened(pointer) + (variable ? " is needed: " : " cannot be made: ") +
                               wfc::shortened(place.pointer) + " " + fault.what());
    }
}

}  // namespace mailsend
