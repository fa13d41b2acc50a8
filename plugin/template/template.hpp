/// Templates: Mustache's variables, sections, inverted sections and comments, over a JSON value.
///
/// Guarantees: strict for variables (one that is missing, null, an object or a list is a fault that names it
/// and its place), lenient for sections; values are data: they are never read as templates. No partials, no
/// raw variables, no change of delimiters: they are refused as the template is parsed. Nesting ≤ 32, output
/// and work bounded. Escapes HTML where asked to and nothing else: line breaks in headers are the message's
/// to refuse.
///
/// Names: `a.b.0` are members and, from 0, elements of lists. The first is looked for from the innermost
/// section outwards, the rest in what was found. A first name `payload` is always the whole payload, in
/// sections too and whatever members are there, so that data cannot change what a template means: the
/// payload's own member `payload` is `payload.payload`, and one of what a section stands for has no name.
/// `.` is what the innermost section stands for. Blanks around a name are dropped, inside
/// they are refused. Values print strings as they are, numbers as in JSON, true and false as those words.
/// False in a section, as for `!!data` in Mustache's specification: missing, null, false, 0, "" and []; a
/// list repeats the section. A line with nothing but one section tag or comment prints nothing, its end
/// included. Braces as text come from a value: nothing escapes a tag.
#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailsend {

/// What is wrong with a template, or with the data for it. `what()` is the end of a sentence that the
/// template's place begins: "uses {{code}} (line 1, column 7), which is missing".
class TemplateFault : public std::runtime_error {
  public:
    enum class Cause {
        syntax,   ///< of the template; the only one when it is parsed
        missing,  ///< a variable is missing or null in the data: see `pointer`
        shape,    ///< a variable is an object or a list: see `pointer`
        size      ///< more output than a limit, or more work than the steps left
    };

    TemplateFault(Cause cause, std::size_t offset, std::string name, const std::string& sentence,
                  std::string pointer = {})
        : std::runtime_error(sentence),
          cause_(cause),
          offset_(offset),
          name_(std::move(name)),
          pointer_(std::move(pointer)) {}

    Cause cause() const noexcept { return cause_; }
    std::size_t offset() const noexcept { return offset_; }     ///< bytes from the template's start
    const std::string& name() const noexcept { return name_; }  ///< the variable or section; may be empty
    /// RFC 6901, in the payload: where the variable was expected.
    const std::string& pointer() const noexcept { return pointer_; }

  private:
    Cause cause_;
    std::size_t offset_;
    std::string name_;
    std::string pointer_;
};

enum class Escape { none, html };

inline constexpr std::size_t max_template_steps = 4'000'000;

/// Bytes of the output.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// How to render, and what to tell beside the output.
struct Rendering {
    Escape escape = Escape::none;
    std::size_t limit = std::size_t{16} << 20;  ///< bytes of output
    /// Work left (one for the rendering and for each 64 bytes of the source, one for each tag executed and
    /// member looked up), which this rendering uses up; null: as much as `max_template_steps`. Shared by
    /// renderings on one thread, it bounds them together.
    std::size_t* steps = nullptr;
    std::vector<Span>* values = nullptr;  ///< where variables were put, in order; may be null
    /// Bytes of output left for all renderings that share it, in the same way; null: `limit` alone counts.
    std::size_t* room = nullptr;
};

struct TemplateParts;

/// A parsed template. Immutable; any thread.
class Template {
  public:
    /// Copies `source`, which is at most 1 MiB with at most 10 000 tags. Throws TemplateFault.
    explicit Template(std::string_view source);
    ~Template();
    Template(Template&&) noexcept;
    Template& operator=(Template&&) noexcept;

    /// Whether there is anything to render: without a tag the output is the source.
    bool literal() const noexcept;
    /// Whether the whole template is one variable: its value then is the text, not a part of it.
    bool one_variable() const noexcept;
    /// What the one variable names in `payload`, borrowed from it; null if there is nothing of that name, or
    /// the template is not one variable.
    const nlohmann::json* sole_value(const nlohmann::json& payload) const;
    /// The texts outside of all sections, in order: printed whatever the data is. Borrowed.
    std::vector<std::string_view> fixed_texts() const;

    /// `payload` is what `{{x}}` and `{{payload.x}}` name members of. Throws TemplateFault.
    std::string render(const nlohmann::json& payload, const Rendering& how) const;

  private:
    std::unique_ptr<const TemplateParts> parts_;
};

}  // namespace mailsend
