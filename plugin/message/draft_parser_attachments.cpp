#include <set>
#include <stdexcept>

#include "message/characters.hpp"
#include "message/draft_parser.hpp"
#include "message/media_type.hpp"
#include "wfc/json.hpp"

namespace mailsend {

namespace {

constexpr std::size_t max_media_type = 255;
constexpr std::size_t max_content_id = 250;

void check_media_type(std::string_view text, const Place& place) {
    MediaType type;
    try {
        type = parse_media_type(text);
    } catch (const std::invalid_argument& fault) {
        place.refuse(std::string("is no media type: ") + fault.what());
    }
    if (type.name.starts_with("multipart/")) place.refuse("cannot be multipart: an attachment is one part");
}

void check_file_name(std::string_view name, const Place& place) {
    if (name.empty()) place.refuse("is empty; leave it out to use the name of the file or blob");
    if (name.find_first_of("/\\") != std::string_view::npos) {
        place.refuse("is the name that the reader sees: a file name without / and \\");
    }
    if (const char* why = misleading_character(name)) place.refuse(why);
    if (name == "." || name == "..") place.refuse("is no file name");
}

/// RFC 2392 and RFC 5322 section 3.6.4, loosely: a bare word is what everybody writes in `cid:` links.
void check_content_id(std::string_view id, const Place& place) {
    if (id.find_first_of("<>") != std::string_view::npos) {
        place.refuse("is written without angle brackets, as after cid: in the HTML");
    }
    const std::size_t at = id.find('@');
    const bool sound = is_ascii(id) && is_dot_atom(id.substr(0, at)) &&
                       (at == std::string_view::npos || is_dot_atom(id.substr(at + 1)));
    if (!sound)
        place.refuse(
            "is no content id: write a word of letters, digits, dots and hyphens, with at most one @ inside");
}

AttachmentSpec attachment_of(const nlohmann::json& value, const Place& place) {
    wfc::Fields fields(value, place.pointer, place.status);
    allow_only(fields, {"path", "blob", "name", "type", "content_id"});
    AttachmentSpec spec;
    spec.pointer = place.pointer;
    spec.fault = place.status;
    const auto line = [&](std::string_view member, std::string& into, std::size_t limit) {
        const nlohmann::json* found = fields.find(member);
        if (found != nullptr) into = line_of(*found, place.at(member), limit);
        return found != nullptr;
    };
    const bool path = line("path", spec.path, max_path);
    const bool blob = line("blob", spec.blob, max_blob_name);
    const bool name = line("name", spec.name, max_file_name);
    const bool type = line("type", spec.type, max_media_type);
    const bool content_id = line("content_id", spec.content_id, max_content_id);
    if (path == blob) {
        place.refuse(path ? "has both path and blob; exactly one of them says where the content is"
                          : "has neither path nor blob; one of them must say where the content is");
    }
    if (path && spec.path.empty()) place.at("path").refuse("is empty");
    if (blob && spec.blob.empty()) place.at("blob").refuse("is empty");
    if (name) check_file_name(spec.name, place.at("name"));
    if (type) check_media_type(spec.type, place.at("type"));
    if (content_id) check_content_id(spec.content_id, place.at("content_id"));
    return spec;
}

}  // namespace

std::vector<AttachmentSpec> attachments_of(const nlohmann::json& value, const Place& place) {
    if (!value.is_array()) place.refuse("must be a list, not " + wfc::Fields::describe(value));
    if (value.size() > max_attachments) {
        place.refuse("holds more than " + std::to_string(max_attachments) + " attachments");
    }
    std::vector<AttachmentSpec> attachments;
    std::set<std::string> content_ids;
    for (std::size_t i = 0; i < value.size(); ++i) {
        AttachmentSpec spec = attachment_of(value[i], place.at(i));
        if (!spec.content_id.empty() && !content_ids.insert(spec.content_id).second) {
            place.at(i).at("content_id").refuse("stands twice: another attachment has the same content_id");
        }
        attachments.push_back(std::move(spec));
    }
    return attachments;
}

}  // namespace mailsend
