#include "transcript/compare.hpp"

#include <nlohmann/json.hpp>
#include <re2/re2.h>

namespace transcript {
namespace {

using nlohmann::json;

class Comparison {
  public:
    void compare(const json& expected, const json* actual, const std::string& where) {
        if (expected.is_object() && expected.size() == 1 && expected.begin().key().substr(0, 1) == "$") {
            return apply(expected.begin().key(), expected.begin().value(), actual, where);
        }
        if (actual == nullptr) return differ(where, "is missing, expected " + expected.dump());
        if (expected.is_object() && actual->is_object()) {
            for (const auto& [member, value] : expected.items()) {
                const auto found = actual->find(member);
                compare(value, found == actual->end() ? nullptr : &*found, where + "/" + member);
            }
        } else if (expected.is_array() && actual->is_array() && expected.size() == actual->size()) {
            for (std::size_t at = 0; at < expected.size(); ++at) {
                compare(expected[at], &(*actual)[at], where + "/" + std::to_string(at));
            }
        } else if (expected != *actual) {
            differ(where, "is " + shown(*actual) + ", expected " + expected.dump());
        }
    }
    std::vector<std::string> sentences;

  private:
    void differ(const std::string& where, const std::string& how) {
        sentences.push_back((where.empty() ? std::string("the document") : where) + " " + how);
    }
    static std::string shown(const json& value) {
        return value.dump(-1, ' ', false, json::error_handler_t::replace);
    }

    void apply(const std::string& name, const json& operand, const json* actual, const std::string& where) {
        if (name == "$absent" && operand == true) {
            if (actual != nullptr) differ(where, "is " + shown(*actual) + ", expected nothing");
        } else if ((name == "$contains" || name == "$matches") && operand.is_string()) {
            const auto& wanted = operand.get_ref<const std::string&>();
            if (actual == nullptr || !actual->is_string()) {
                return differ(where, "is no string, expected " + name + " " + operand.dump());
            }
            const auto& text = actual->get_ref<const std::string&>();
            const bool holds = name == "$contains" ? text.find(wanted) != std::string::npos
                                                   : re2::RE2::FullMatch(text, wanted);
            if (!holds) differ(where, "is " + shown(*actual) + ", expected " + name + " " + operand.dump());
        } else {
            differ(where, "cannot be compared: " + name + " " + operand.dump() + " is not an operator");
        }
    }
};

}  // namespace

std::vector<std::string> differences(const json& expected, const json& actual) {
    Comparison comparison;
    comparison.compare(expected, &actual, "");
    return comparison.sentences;
}

}  // namespace transcript
