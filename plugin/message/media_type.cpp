#include "message/media_type.hpp"

#include <algorithm>
#include <stdexcept>

#include "message/characters.hpp"

namespace mailsend {

namespace {

constexpr std::size_t type_limit = 127;  ///< RFC 6838 section 4.2, for each side of the slash
constexpr std::size_t attribute_limit = 30;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw std::invalid_argument("the media type " + shown(text) + " " + why);
}

void skip_blanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

/// Takes everything up to one of `stops`, without blanks around.
std::string_view take(std::string_view& rest, std::string_view stops) {
    skip_blanks(rest);
    std::string_view word = rest.substr(0, rest.find_first_of(stops));
    rest.remove_prefix(word.size());
    word.remove_suffix(word.size() - std::min(word.find_last_not_of(" \t") + 1, word.size()));
    return word;
}

std::string take_value(std::string_view& rest, std::string_view text) {
    skip_blanks(rest);
    if (!rest.starts_with('"')) {
        const std::string_view value = take(rest, ";");
        if (!is_token(value)) refuse(text, "has a parameter whose value needs quotation marks");
        return std::string(value);
    }
    std::string value;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return value;
        }
        if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
        value += rest[i];
    }
    refuse(text, "has a quotation mark without its partner");
}

struct Known {
    std::string_view key;
    std::string_view type;
};

/// Sorted by extension.
constexpr Known extensions[] = {
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"avi", "video/x-msvideo"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"cer", "application/pkix-cert"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"eml", "message/rfc822"},
    {"eps", "application/postscript"},
    {"epub", "application/epub+zip"},
    {"flac", "audio/flac"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"heic", "image/heic"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"ico", "image/vnd.microsoft.icon"},
    {"ics", "text/calendar"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"log", "text/plain"},
    {"m4a", "audio/mp4"},
    {"m4v", "video/mp4"},
    {"md", "text/markdown"},
    {"mid", "audio/midi"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"ogg", "audio/ogg"},
    {"p7m", "application/pkcs7-mime"},
    {"pdf", "application/pdf"},
    {"pem", "application/x-pem-file"},
    {"png", "image/png"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"ps", "application/postscript"},
    {"rar", "application/vnd.rar"},
    {"rtf", "application/rtf"},
    {"svg", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"tgz", "application/gzip"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"tsv", "text/tab-separated-values"},
    {"txt", "text/plain"},
    {"vcf", "text/vcard"},
    {"wav", "audio/wav"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"wmv", "video/x-ms-wmv"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
    {"yaml", "application/yaml"},
    {"zip", "application/zip"},
};
static_assert(std::is_sorted(std::begin(extensions), std::end(extensions),
                             [](const Known& a, const Known& b) { return a.key < b.key; }));

using namespace std::string_view_literals;

constexpr Known signatures[] = {
    {"%PDF-"sv, "application/pdf"},
    {"\x89PNG\r\n\x1a\n"sv, "image/png"},
    {"\xFF\xD8\xFF"sv, "image/jpeg"},
    {"GIF87a"sv, "image/gif"},
    {"GIF89a"sv, "image/gif"},
    {"PK\x03\x04"sv, "application/zip"},
    {"\x1F\x8B\x08"sv, "application/gzip"},
    {"7z\xBC\xAF\x27\x1C"sv, "application/x-7z-compressed"},
    {"II*\0"sv, "image/tiff"},
    {"MM\0*"sv, "image/tiff"},
    {"{\\rtf"sv, "application/rtf"},
    {"%!PS-"sv, "application/postscript"},
};

}  // namespace

MediaType parse_media_type(std::string_view text) {
    if (const char* why = forbidden_character(text)) refuse(text, why);
    std::string_view rest = text;
    MediaType out;
    out.name = lower_case(take(rest, ";"));
    const std::size_t slash = out.name.find('/');
    const std::string_view name = out.name;
    if (slash == std::string::npos || !is_token(name.substr(0, slash)) || !is_token(name.substr(slash + 1)) ||
        slash > type_limit || name.size() - slash - 1 > type_limit) {
        refuse(text, "is not of the form type/subtype");
    }
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::string attribute = lower_case(take(rest, "=;"));
        if (attribute.empty() && rest.empty() && !out.parameters.empty())
            break;  // a last semicolon is harmless
        if (!is_token(attribute) || attribute.size() > attribute_limit || !rest.starts_with('=')) {
            refuse(text, "has a parameter that is not of the form name=value");
        }
        rest.remove_prefix(1);
        for (const Parameter& known : out.parameters) {
            if (known.name == attribute) refuse(text, "has a parameter twice: " + attribute);
        }
        out.parameters.push_back({attribute, take_value(rest, text)});
        skip_blanks(rest);
        if (!rest.empty() && rest.front() != ';')
            refuse(text, "goes on after a parameter without a semicolon");
    }
    return out;
}

std::string_view media_type_by_name(std::string_view file_name) noexcept {
    const std::size_t dot = file_name.rfind('.');
    if (dot == std::string_view::npos) return {};
    const std::string_view extension = file_name.substr(dot + 1);
    for (const Known& known : extensions) {
        if (equal_ignoring_case(known.key, extension)) return known.type;
    }
    return {};
}

std::string_view media_type_by_content(std::string_view first_bytes) noexcept {
    if (first_bytes.starts_with("RIFF") &&
        first_bytes.substr(std::min<std::size_t>(8, first_bytes.size())).starts_with("WEBP")) {
        return "image/webp";
    }
    for (const Known& known : signatures) {
        if (first_bytes.starts_with(known.key)) return known.type;
    }
    return unknown_media_type;
}

}  // namespace mailsend
