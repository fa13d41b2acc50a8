/// The closed subset of JSON Schema draft-07 that manifests are written in.
///
/// Guarantees: what this checker accepts and refuses, a full draft-07 validator accepts and refuses too; an
/// unknown member is named with the nearest known one; at a choice the branch is picked by its discriminator,
/// so that a fault names the member and not the alternative; a reference that turns in a circle ends. Values
/// never stand in a sentence: they may be secrets. `pattern` and `format` are for panels only and checked
/// nowhere. Local references (`#/definitions/…`) only.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace wfc {

/// One thing wrong with a document, or with a schema.
struct Fault {
    std::string pointer;   ///< RFC 6901; empty: the document itself
    std::string sentence;  ///< without the pointer: "must be a string, not a number"
};

/// Whether objects of a schema must be closed with `additionalProperties: false`. Settings and input are; a
/// result is not, because its readers ignore members they do not know. An object without `properties` is a
/// free map and always open.
enum class Objects { closed, open };

/// What is wrong with a schema itself: keywords outside the subset, objects left open, choices without a
/// discriminator, references that lead nowhere or in a circle, secrets not marked, defaults that do not
/// validate. At most 100 faults; empty: it may be used.
std::vector<Fault> lint_schema(const nlohmann::json& schema, Objects objects);

/// A schema without faults. Any thread.
class Schema {
  public:
    /// Throws Refused with the first fault of the schema.
    explicit Schema(const nlohmann::json& schema, Objects objects = Objects::closed);
    Schema(Schema&&) noexcept;
    Schema& operator=(Schema&&) noexcept;
    ~Schema();

    /// What is wrong with `document`, at most 100 faults; empty: it is valid.
    std::vector<Fault> check(const nlohmann::json& document) const;
    const nlohmann::json& json() const noexcept;

  private:
    std::unique_ptr<nlohmann::json> schema_;
};

}  // namespace wfc
