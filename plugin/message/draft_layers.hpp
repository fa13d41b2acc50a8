/// Where each member of a message comes from: the input (of a batch: its row, then what the batch says of all
/// rows), the template it names, or the defaults of settings.message, in this order; the first that has it
/// gives the whole member. `text` and `html` are
/// alternatives of one body and come together: the first that has either gives both, or that one alone.
///
/// Guarantees: only the member that is used is rendered, each string of it once, from the payload of the
/// input; what comes out is checked after that and never rendered again. Lists that are too long and wrong
/// shapes are refused before. All that is rendered for one message shares a bound on work and one on bytes
/// (48 MiB).
///
/// What values may do: inside a larger address, path, name of a blob or media type a value ends where it
/// stands, so it adds no recipient, leaves no folder and sets no parameter. A string that is one variable and
/// nothing else leaves the whole to the payload: as an address, to a string with one address, an object with
/// name and address, or a list of them (several recipients are a list in the payload, never a text with
/// commas); as a path, to any that the host opens.
#pragma once

#include <array>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "message/draft_parser.hpp"
#include "message/draft_stand_in.hpp"
#include "template/parsed_templates.hpp"
#include "template/template.hpp"

namespace mailsend {

/// The name of a template: one line, not empty.
void check_template_name(const nlohmann::json& name, const Place& place);

/// Reads one member, whose faults belong to the place.
using MemberReader = std::function<void(const nlohmann::json& value, const Place& place)>;

/// One thread; refers to the documents, which must outlive it.
class Layers {
  public:
    /// What rows of a batch have in common.
    struct Batch {
        const nlohmann::json* message = nullptr;  ///< checked, at /message of the input; all templates
        const ParsedTemplates* parsed = nullptr;  ///< of any of the documents; may be null
    };

    /// `message` and `templates` may be null. With `render` the strings of the input are templates too.
    Layers(const nlohmann::json& input, bool render, const nlohmann::json& message,
           const nlohmann::json* templates)
        : Layers(input, render, message, templates, Batch{}) {}
    Layers(const nlohmann::json& input, bool render, const nlohmann::json& message,
           const nlohmann::json* templates, const Batch& batch);

    /// Looks up the template that the message names. Throws wfc::Problem for an unknown one, unless there is
    /// one named Generic, which then stands in.
    void choose_template();

    /// Gives `member` to `reader`, rendered where it is a template; nothing if no layer has it. The reader of
    /// a structured member may be called twice, first with a stand-in; the last call counts. Throws
    /// wfc::Problem: what is wrong with the payload, or with what it made of a template, is a fault of the
    /// input.
    void read(std::string_view member, const MemberReader& reader);

    /// Says of the attachments that `read` gave where they were written, if that was in the settings.
    void trace(std::vector<AttachmentSpec>& attachments) const;

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
        std::string_view name{};       ///< in the object it is a member of
        bool element = false;          ///< of a list
    };

    const Layer* layer_of(std::string_view member) const;
    nlohmann::json rendered(const nlohmann::json& value, const Place& place, const Use& use);
    nlohmann::json rendered_string(const std::string& source, const Place& place, const Use& use);
    nlohmann::json rendered_template(const Template& parsed, const Place& place, const Use& use);

    const nlohmann::json& payload_;
    const nlohmann::json* templates_;
    const ParsedTemplates* parsed_;
    std::array<Layer, 4> layers_;  ///< input, batch, template, defaults
    std::size_t steps_ = max_template_steps;
    std::size_t room_ = std::size_t{48} << 20;  ///< bytes of output
};

}  // namespace mailsend
