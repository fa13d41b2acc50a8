/// Where each member of a message comes from: the input, the template it names, or the defaults of
/// settings.message, in this order; the first that has it gives the whole member.
///
/// Guarantees: only the member that is used is rendered, each string of it once, from the payload of the
/// input; what comes out is checked after that and never rendered again. A value cannot add a recipient: in
/// an address it must end where it stands (see `read`). Templates of one message share one bound on work.
#pragma once

#include <array>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "message/draft_parser.hpp"
#include "template/template.hpp"

namespace mailsend {

/// True when a string in `value` holds a tag; names of members are no strings of it.
bool holds_tags(const nlohmann::json& value);

/// Refuses strings in `value` that are no usable templates.
void check_template_syntax(const nlohmann::json& value, const Place& place);

/// The name of a template: one line, not empty.
void check_template_name(const nlohmann::json& name, const Place& place);

/// Reads one member, whose faults belong to the place.
using MemberReader = std::function<void(const nlohmann::json& value, const Place& place)>;

/// One thread; refers to the documents, which must outlive it.
class Layers {
  public:
    /// `message` and `templates` may be null. With `render` the strings of the input are templates too.
    Layers(const nlohmann::json& input, bool render, const nlohmann::json& message,
           const nlohmann::json* templates);

    /// Looks up the template that the message names. Throws wfc::Problem for an unknown one, unless there is
    /// one named Generic, which then stands in.
    void choose_template();

    /// Gives `member` to `reader`, rendered where it is a template; nothing if no layer has it. Throws
    /// wfc::Problem: what is wrong with the payload, or with what it made of a template, is a fault of the
    /// input. A variable in a larger address is refused when its value goes beyond its place there: leaves
    /// the quotes, brackets or comment it stands in, leaves some open, or begins another address.
    void read(std::string_view member, const MemberReader& reader);

  private:
    struct Layer {
        const nlohmann::json* members = nullptr;
        Place place;
        bool rendered = false;
    };
    /// A string of a member and how it is used.
    struct Use {
        std::string_view member;
        std::size_t layer_octets = 0;  ///< of its pointer, in front of the member's
        bool address = false;
        bool whole = false;  ///< it is the member, not a string inside
    };

    nlohmann::json rendered(const nlohmann::json& value, const Place& place, const Use& use);
    std::string rendered_text(const std::string& source, const Place& place, const Use& use);

    const nlohmann::json& payload_;
    const nlohmann::json* templates_;
    std::array<Layer, 3> layers_;  ///< input, template, defaults
    std::size_t steps_ = max_template_steps;
};

}  // namespace mailsend
