/// The keywords of the subset, and what each may hold. Whoever adds one teaches it to the checker of
/// documents too.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace wfc::schema {

/// What the value of a keyword must be.
enum class Form {
    types,
    list,
    any,
    words,
    schemas,
    off,
    schema,
    size,
    number,
    text,
    reference,
    yes_or_no,
    branches,
    siblings
};

struct Keyword {
    std::string_view name;
    Form form;
    bool beside_ref;  ///< an annotation, which a `$ref` beside it does not switch off
};

inline constexpr std::array keywords{
    Keyword{"type", Form::types, false},          Keyword{"enum", Form::list, false},
    Keyword{"const", Form::any, false},           Keyword{"required", Form::words, false},
    Keyword{"properties", Form::schemas, false},  Keyword{"additionalProperties", Form::off, false},
    Keyword{"items", Form::schema, false},        Keyword{"minItems", Form::size, false},
    Keyword{"maxItems", Form::size, false},       Keyword{"minLength", Form::size, false},
    Keyword{"maxLength", Form::size, false},      Keyword{"minimum", Form::number, false},
    Keyword{"maximum", Form::number, false},      Keyword{"default", Form::any, true},
    Keyword{"title", Form::text, true},           Keyword{"oneOf", Form::branches, false},
    Keyword{"$ref", Form::reference, true},       Keyword{"definitions", Form::schemas, true},
    Keyword{"writeOnly", Form::yes_or_no, true},  Keyword{"examples", Form::list, true},
    Keyword{"pattern", Form::text, false},        Keyword{"format", Form::text, false},
    Keyword{"x-choice", Form::text, false},       Keyword{"x-secret", Form::yes_or_no, true},
    Keyword{"x-written", Form::yes_or_no, true},  Keyword{"x-group", Form::text, true},
    Keyword{"x-groups", Form::words, true},       Keyword{"x-options", Form::text, true},
    Keyword{"x-widget", Form::text, true},        Keyword{"x-expression", Form::yes_or_no, true},
    Keyword{"x-unit", Form::text, true},          Keyword{"x-deprecated-by", Form::text, true},
    Keyword{"x-since", Form::text, true},         Keyword{"x-content", Form::yes_or_no, true},
    Keyword{"x-host", Form::yes_or_no, true},     Keyword{"x-binds-secrets", Form::yes_or_no, true},
    Keyword{"x-only-with", Form::siblings, true},
};

/// What a keyword's value must be and is not, as the end of a sentence; empty: it is.
const char* fault_of(Form form, const nlohmann::json& value);

}  // namespace wfc::schema
