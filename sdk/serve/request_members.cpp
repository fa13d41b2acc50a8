#include "serve/request_members.hpp"

#include <algorithm>

#include "host/secret_records.hpp"
#include "serve/request.hpp"

namespace wfc::serve {

namespace {

using Json = nlohmann::json;

constexpr std::size_t most_blobs = 1024, longest_blob_name = 256;

}  // namespace

bool plain_name(std::string_view name) noexcept {
    return storable_name(name);
}

std::uint64_t whole_number(const Json& value, std::uint64_t most, const Fields& fields,
                           std::string_view member) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() < 1 || value.get<std::uint64_t>() > most)
        fields.refuse(member, "must be a whole number from 1 to " + std::to_string(most));
    return value.get<std::uint64_t>();
}

std::string bounded(Fields& fields, std::string_view member, std::size_t most) {
    std::string out = fields.required_string(member);
    if (out.empty() || out.size() > most || out.find('\0') != out.npos)
        fields.refuse(member, "must have 1 to " + std::to_string(most) + " bytes and no NUL");
    return out;
}

std::string component_name(Fields& fields) {
    std::string out = fields.required_string("component");
    if (!plain_name(out)) fields.refuse("component", "must be 1 to 128 of A-Z a-z 0-9 . _ -");
    return out;
}

std::string document(Fields& fields, std::string_view member) {
    const Json& found = fields.require(member);
    if (!found.is_object()) fields.refuse(member, "must be an object, not " + Fields::describe(found));
    return found.dump();
}

SecretValues secret_values(Json& request, Fields& fields) {
    SecretValues out;
    const Json* found = fields.find("secrets");
    if (found == nullptr) return out;
    if (!found->is_object()) fields.refuse("secrets", "must be an object, not " + Fields::describe(*found));
    for (auto& [name, value] : request.at("secrets").items()) {
        Fields inner(*found, "/secrets", WFC_INVALID_INPUT);
        if (!value.is_string()) inner.refuse(name, "must be a string");
        const auto& text = value.get_ref<const std::string&>();
        if (text.empty()) inner.refuse(name, "is empty; leave out what has no value");
        if (text.size() > largest_secret) inner.refuse(name, "is longer than 64 KiB");
        out.emplace(name, SecretString(text));
    }
    return out;
}

std::map<std::string, std::string> named_files(Fields& fields, std::string_view member) {
    std::map<std::string, std::string> out;
    const Json* found = fields.find(member);
    if (found == nullptr) return out;
    if (!found->is_object() || found->size() > most_blobs)
        fields.refuse(member, "must be an object with at most " + std::to_string(most_blobs) + " members");
    Fields inner(*found, fields.pointer_of(member), WFC_INVALID_INPUT);
    for (const auto& [name, file] : found->items()) {
        if (name.empty() || name.size() > longest_blob_name) inner.refuse(name, "must have 1 to 256 bytes");
        out.emplace(name, inner.required_string(name));
    }
    return out;
}

std::vector<std::string> names(Fields& fields, std::string_view member) {
    std::vector<std::string> out;
    const Json* found = fields.find(member);
    if (found == nullptr) return out;
    if (!found->is_array() || found->size() > most_blobs)
        fields.refuse(member, "must be a list of at most " + std::to_string(most_blobs) + " names");
    for (const Json& name : *found) {
        if (!name.is_string() || name.get_ref<const std::string&>().empty() ||
            name.get_ref<const std::string&>().size() > longest_blob_name)
            fields.refuse(member, "must be a list of names of 1 to 256 bytes");
        if (std::find(out.begin(), out.end(), name.get_ref<const std::string&>()) != out.end())
            fields.refuse(member, "must not have a name twice");
        out.push_back(name.get<std::string>());
    }
    return out;
}

void wipe_strings(Json& json) noexcept {
    if (json.is_string()) {
        auto& text = json.get_ref<std::string&>();
        wipe(text.data(), text.size());
    } else if (json.is_structured()) {
        for (Json& child : json) wipe_strings(child);  // as deep as a request may be
    }
}

}  // namespace wfc::serve
