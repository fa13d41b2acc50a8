/// Templates: Mustache's variables, sections, inverted sections and comments, over a JSON value.
///
/// Guarantees: strict for variables (a missing one, or one that is no scalar, is a fault that names it and
/// its place), lenient for sections; values are data: they are never read as templates. No partials, no raw
/// variables, no change of delimiters: they are refused as the template is parsed. Nesting ≤ 32, output
/// bounded. Escapes HTML where asked to and nothing else: line breaks in headers are the message's to refuse.
#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mailsend {

/// What is wrong with a template, or with the data for it.
class TemplateFault : public std::runtime_error {
  public:
    TemplateFault(std::size_t offset, std::string name, const std::string& sentence)
        : std::runtime_error(sentence), offset_(offset), name_(std::move(name)) {}
    std::size_t offset() const noexcept { return offset_; }     ///< bytes from the template's start
    const std::string& name() const noexcept { return name_; }  ///< the variable or section; may be empty

  private:
    std::size_t offset_;
    std::string name_;
};

enum class Escape { none, html };

/// A parsed template. Immutable; any thread.
class Template {
  public:
    /// Copies `source`. Throws TemplateFault.
    explicit Template(std::string_view source);
    ~Template();
    Template(Template&&) noexcept;
    Template& operator=(Template&&) noexcept;

    /// Whether there is anything to render: without a tag the output is the source.
    bool literal() const noexcept;

    /// `payload` is what `{{x}}` and `{{payload.x}}` name members of. Throws TemplateFault for a missing
    /// variable and where the output would pass `limit` bytes.
    std::string render(const nlohmann::json& payload, Escape escape, std::size_t limit) const;

  private:
    struct Parts;
    std::unique_ptr<const Parts> parts_;
};

}  // namespace mailsend
