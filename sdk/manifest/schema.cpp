#include "manifest/schema.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "manifest/refused.hpp"
#include "manifest/schema_parts.hpp"
#include "wfc/json.hpp"

namespace wfc {

using nlohmann::json;

namespace {

/// "a", "a or b", "a, b or c".
std::string alternatives(const std::vector<std::string>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        out += (i == 0 ? "" : i + 1 < words.size() ? ", " : " or ") + words[i];
    }
    return out;
}

std::string with_article(const std::string& type) {
    if (type == "null") return type;
    if (type == "integer") return "a whole number";
    return (type == "object" || type == "array" ? "an " : "a ") + type;
}

/// Code points, as draft-07 counts them. nlohmann's parser has seen to it that the text is UTF-8.
std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_type(const json& value, const std::string& type) {
    if (type == "integer") {
        if (value.is_number_integer()) return true;
        return value.is_number_float() &&
               std::trunc(value.get<double>()) == value.get<double>();  // 1.0 is one (6.1.1)
    }
    if (type == "number") return value.is_number();
    return type == value.type_name();
}

/// A walk through one document.
class Check {
  public:
    Check(const json& root, std::vector<Fault>& faults) : root_(root), faults_(faults) {}

    void value(const json& written, const json& document, const std::string& pointer, std::size_t depth) {
        if (faults_.size() >= schema::fault_limit) return;
        if (depth > schema::depth_limit) return fault(pointer, "nests deeper than 32 levels");
        const json* const resolved = schema::resolve(root_, written);
        if (resolved == nullptr) return fault(pointer, "cannot be checked: the schema refers to nothing");
        if (!type(*resolved, document, pointer)) return;
        one_of(*resolved, document, pointer);
        if (document.is_string())
            length(*resolved, characters(document.get_ref<const std::string&>()), "Length", pointer);
        if (document.is_number()) range(*resolved, document, pointer);
        if (document.is_array()) list(*resolved, document, pointer, depth);
        if (document.is_object()) object(*resolved, document, pointer, depth);
    }

  private:
    void fault(const std::string& pointer, std::string sentence) {
        faults_.push_back({pointer, std::move(sentence)});
    }

    bool type(const json& schema, const json& document, const std::string& pointer) {
        const std::vector<std::string> types = schema::types(schema);
        if (types.empty()) return true;
        for (const std::string& each : types) {
            if (is_type(document, each)) return true;
        }
        if (schema::is_secret(schema)) {
            fault(pointer,
                  R"(must be {"$secret": "name"}: secrets are stored under a name, never written here)");
            return false;
        }
        std::vector<std::string> wanted;
        std::transform(types.begin(), types.end(), std::back_inserter(wanted), with_article);
        fault(pointer, "must be " + alternatives(wanted) + ", not " + Fields::describe(document));
        return false;
    }

    /// `enum` and `const`.
    void one_of(const json& schema, const json& document, const std::string& pointer) {
        std::vector<json> allowed;
        if (const auto values = schema.find("enum"); values != schema.end())
            allowed.assign(values->begin(), values->end());
        if (!allowed.empty()) among(allowed, document, pointer);
        if (const auto value = schema.find("const"); value != schema.end())
            among({*value}, document, pointer);
    }

    void among(const std::vector<json>& allowed, const json& document, const std::string& pointer) {
        if (std::find(allowed.begin(), allowed.end(), document) != allowed.end()) return;
        std::vector<std::string> shown;
        std::vector<std::string> words;
        for (const json& each : allowed) {
            shown.push_back(each.dump());
            if (each.is_string()) words.push_back(each.get<std::string>());
        }
        std::string sentence = "must be " + alternatives(shown);
        if (document.is_string()) {
            const auto near = nearest(document.get_ref<const std::string&>(), words);
            if (!near.empty() && shown.size() > 1)
                sentence.append("; did you mean \"").append(near).append("\"?");
        }
        fault(pointer, std::move(sentence));
    }

    /// minLength and maxLength, minItems and maxItems.
    void length(const json& schema, std::size_t size, const std::string& what, const std::string& pointer) {
        const std::string unit = what == "Length" ? " characters" : " items";
        const auto least = schema.find("min" + what);
        const auto most = schema.find("max" + what);
        if (least != schema.end() && size < *least)
            fault(pointer, "must have at least " + least->dump() + unit);
        if (most != schema.end() && size > *most) fault(pointer, "must have at most " + most->dump() + unit);
    }

    void range(const json& schema, const json& document, const std::string& pointer) {
        // Wide enough for every 64-bit integer, signed or not.
        const auto number = [](const json& value) {
            return value.is_number_unsigned()  ? static_cast<long double>(value.get<std::uint64_t>())
                   : value.is_number_integer() ? static_cast<long double>(value.get<std::int64_t>())
                                               : static_cast<long double>(value.get<double>());
        };
        const auto least = schema.find("minimum");
        const auto most = schema.find("maximum");
        if (least != schema.end() && number(document) < number(*least))
            fault(pointer, "must be at least " + least->dump());
        if (most != schema.end() && number(document) > number(*most))
            fault(pointer, "must be at most " + most->dump());
    }

    void list(const json& schema, const json& document, const std::string& pointer, std::size_t depth) {
        length(schema, document.size(), "Items", pointer);
        const auto items = schema.find("items");
        if (items == schema.end()) return;
        for (std::size_t i = 0; i < document.size() && faults_.size() < schema::fault_limit; ++i) {
            value(*items, document[i], pointer_to(pointer, std::to_string(i)), depth + 1);
        }
    }

    void object(const json& schema, const json& document, const std::string& pointer, std::size_t depth) {
        if (const auto branches = schema.find("oneOf"); branches != schema.end()) {
            if (!choice(schema, *branches, document, pointer, depth)) return;
        }
        if (const auto required = schema.find("required"); required != schema.end()) {
            for (const json& name : *required) {
                const auto& member = name.get_ref<const std::string&>();
                if (!document.contains(member)) fault(pointer_to(pointer, member), "is missing");
            }
        }
        const auto properties = schema.find("properties");
        const bool closed = schema.contains("additionalProperties");
        for (const auto& [name, value] : document.items()) {
            const bool known = properties != schema.end() && properties->contains(name);
            if (known) this->value((*properties)[name], value, pointer_to(pointer, name), depth + 1);
            if (!known && closed) unknown(schema, name, pointer);
        }
    }

    void unknown(const json& schema, const std::string& name, const std::string& pointer) {
        std::vector<std::string> names;
        if (const auto properties = schema.find("properties"); properties != schema.end()) {
            for (const auto& each : properties->items()) names.push_back(each.key());
        }
        std::string sentence = "is not a known member";
        if (const auto near = nearest(name, names); !near.empty())
            sentence.append("; did you mean \"").append(near).append("\"?");
        fault(pointer_to(pointer, name), std::move(sentence));
    }

    /// Checks the branch that the discriminator names; false when it names none.
    bool choice(const json& schema, const json& branches, const json& document, const std::string& pointer,
                std::size_t depth) {
        const auto& name = schema.at("x-choice").get_ref<const std::string&>();
        const auto given = document.find(name);
        const std::string where = pointer_to(pointer, name);
        if (given == document.end()) {
            fault(where, "is missing");
            return false;
        }
        std::vector<json> kinds;
        for (const json& branch : branches) {
            const json* const kind = schema::discriminator(root_, branch, name);
            if (kind == nullptr) continue;
            if (*kind == *given) {
                value(branch, document, pointer, depth);
                return true;
            }
            kinds.push_back(*kind);
        }
        among(kinds, *given, where);
        return false;
    }

    const json& root_;
    std::vector<Fault>& faults_;
};

}  // namespace

void schema::check(const json& root, const json& schema, const json& document, const std::string& pointer,
                   std::vector<Fault>& faults) {
    Check(root, faults).value(schema, document, pointer, 0);
}

Schema::Schema(const nlohmann::json& schema, Objects objects) {
    const std::vector<Fault> faults = lint_schema(schema, objects);
    if (!faults.empty()) {
        throw Refused(
            "the schema is not usable: " + (faults[0].pointer.empty() ? "it" : shortened(faults[0].pointer)) +
            " " + faults[0].sentence);
    }
    schema_ = std::make_unique<nlohmann::json>(schema);
}

Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

std::vector<Fault> Schema::check(const nlohmann::json& document) const {
    std::vector<Fault> faults;
    schema::check(*schema_, *schema_, document, "", faults);
    return faults;
}

const nlohmann::json& Schema::json() const noexcept {
    return *schema_;
}

}  // namespace wfc
