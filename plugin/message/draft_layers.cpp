#include "message/draft_layers.hpp"

#include <algorithm>
#include <vector>

#include "message/characters.hpp"
#include "message/draft_address_values.hpp"
#include "message/draft_attachment_values.hpp"
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

/// Bytes that a copy of the value takes, roughly.
std::size_t weight_of(const json& value) {
    std::size_t weight = 64;
    if (value.is_string()) weight += value.get_ref<const std::string&>().size();
    if (value.is_structured()) {
        for (const auto& [name, inner] : value.items()) weight += name.size() + weight_of(inner);
    }
    return weight;
}

/// Whether a value in `text` may stand where it does.
std::optional<std::string> stray_value(std::string_view member, std::string_view name,
                                       const std::string& text, const std::vector<Span>& values,
                                       bool one_variable) {
    if (is_address(member)) {
        if (!one_variable) return value_out_of_place(text, values);
        if (!ends_an_address(text)) return std::nullopt;
        return "names more than one address in the text " + shown(text) +
               ": a text from the payload is one address; for several, make the value a list";
    }
    if (member != "attachments" || one_variable) return std::nullopt;
    if (name == "path" || name == "blob") return value_out_of_path(text, values);
    if (name == "type") return value_out_of_type(text, values);
    return std::nullopt;
}

/// For the end of a sentence about what a template became.
std::string rendered_from(const Place& place) {
    if (place.status == WFC_INVALID_INPUT && !place.pointer.starts_with("/message"))
        return " (after it was rendered)";
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

void check_template_name(const json& name, const Place& place) {
    if (line_of(name, place, max_template_name).empty()) place.refuse("is empty: a template needs a name");
}

Layers::Layers(const json& input, bool render, const json& message, const json* templates, const Batch& batch)
    : payload_(payload_of(input)), templates_(templates), parsed_(batch.parsed) {
    layers_[0] = {&input, {WFC_INVALID_INPUT, {}}, render};
    if (batch.message != nullptr) layers_[1] = {batch.message, {WFC_INVALID_INPUT, "/message"}, true};
    if (message.is_object()) layers_[3] = {&message, {WFC_INVALID_SETTINGS, "/message"}, true};
}

void Layers::choose_template() {
    read("template", [&](const json& value, const Place& place) {
        check_template_name(value, place);
        const auto& name = value.get_ref<const std::string&>();
        const auto entry = [&](const std::string& wanted) {
            if (templates_ == nullptr || !templates_->is_object()) return false;
            const auto found = templates_->find(wanted);
            if (found == templates_->end()) return false;
            layers_[2] = {&*found, Place{WFC_INVALID_SETTINGS, "/templates"}.at(wanted), true};
            return true;
        };
        if (!entry(name) && !entry("Generic")) {
            place.refuse("names \"" + wfc::shortened(name) + "\"" + names_near(name, templates_));
        }
    });
}

const Layers::Layer* Layers::layer_of(std::string_view member) const {
    const bool body = member == "text" || member == "html";
    for (const Layer& layer : layers_) {
        if (layer.members == nullptr) continue;
        if (layer.members->contains(member)) return &layer;
        if (body && (layer.members->contains("text") || layer.members->contains("html"))) return nullptr;
    }
    return nullptr;
}

void Layers::read(std::string_view member, const MemberReader& reader) {
    const Layer* const layer = layer_of(member);
    if (layer == nullptr) return;
    const json& written = *layer->members->find(member);
    const Place place = layer->place.at(member);
    if (!layer->rendered || !holds_tags(written)) return reader(written, place);
    // Settings and what a batch says of its rows have been judged; an input may hold a list as long as it
    // likes.
    if (layer == layers_.begin() && written.is_structured()) reader(stand_in(written, member, place), place);
    const json value = rendered(written, place, {member, layer->place.pointer.size()});
    try {
        reader(value, Place{WFC_INVALID_INPUT, {}}.at(member));
    } catch (const wfc::Problem& problem) {
        throw wfc::Problem(problem.status(), problem.pointer(), problem.what() + rendered_from(place));
    }
}

void Layers::trace(std::vector<AttachmentSpec>& attachments) const {
    const Layer* const layer = layer_of("attachments");
    if (layer == nullptr || layer == layers_.begin()) return;
    const json& written = *layer->members->find("attachments");
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        const Place place = layer->place.at("attachments").at(i);
        const auto content = written[i].find(attachments[i].path.empty() ? "blob" : "path");
        if (holds_tags(*content)) {
            attachments[i].rendered_from = place.pointer;
        } else {
            attachments[i].fault = place.status;
            attachments[i].pointer = place.pointer;
        }
    }
}

json Layers::rendered(const json& value, const Place& place, const Use& use) {
    if (value.is_string()) return rendered_string(value.get_ref<const std::string&>(), place, use);
    if (value.is_object()) {
        json out = json::object();
        for (const auto& [name, inner] : value.items())
            out[name] = rendered(inner, place.at(name), {use.member, use.layer_octets, name, false});
        return out;
    }
    if (!value.is_array()) return value;
    json out = json::array();
    for (std::size_t i = 0; i < value.size(); ++i) {
        json element = rendered(value[i], place.at(i), {use.member, use.layer_octets, {}, true});
        // A list that one variable named: its elements are recipients like the others.
        if (value[i].is_string() && element.is_array()) {
            for (json& each : element) out.push_back(std::move(each));
        } else {
            out.push_back(std::move(element));
        }
    }
    return out;
}

json Layers::rendered_string(const std::string& source, const Place& place, const Use& use) {
    if (source.find("{{") == std::string::npos) return source;
    try {
        if (const Template* const parsed = parsed_ == nullptr ? nullptr : parsed_->of(source))
            return rendered_template(*parsed, place, use);
        return rendered_template(Template(source), place, use);
    } catch (const TemplateFault& fault) {
        if (fault.cause() == TemplateFault::Cause::syntax)
            place.refuse(std::string("is no usable template: it ") + fault.what());
        const bool variable = fault.cause() != TemplateFault::Cause::size;
        const std::string pointer =
            variable ? "/payload" + fault.pointer() : place.pointer.substr(use.layer_octets);
        throw wfc::Problem(WFC_INVALID_INPUT, pointer,
                           wfc::shortened(pointer) + (variable ? " is needed: " : " cannot be made: ") +
                               wfc::shortened(place.pointer) + " " + fault.what());
    }
}

json Layers::rendered_template(const Template& parsed, const Place& place, const Use& use) {
    const bool whole = !use.element && use.name.empty();
    const bool html = use.member == "html";
    const bool address = is_address(use.member) && use.name != "name";
    const Place in_message{WFC_INVALID_INPUT, place.pointer.substr(use.layer_octets)};
    if (address && use.name.empty()) {
        const json* const value = parsed.sole_value(payload_);
        if (value != nullptr && value->is_structured()) {
            const std::size_t weight = weight_of(*value);
            if (weight > room_) {
                in_message.refuse("makes all that is rendered for one message too long" +
                                  rendered_from(place));
            }
            room_ -= weight;
            return *value;
        }
    }
    std::vector<Span> values;
    const Rendering how{.escape = html ? Escape::html : Escape::none,
                        .limit = html || use.member == "text" ? max_body_bytes
                                 : whole && address           ? max_rendered_list
                                                              : max_rendered_string,
                        .steps = &steps_,
                        .values = address || use.member == "attachments" ? &values : nullptr,
                        .room = &room_};
    std::string text = parsed.render(payload_, how);
    if (how.values != nullptr) {
        if (const auto stray = stray_value(use.member, use.name, text, values, parsed.one_variable()))
            in_message.refuse(*stray + rendered_from(place));
    }
    return text;
}

}  // namespace mailsend
