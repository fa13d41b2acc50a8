#include "host/request_reader.hpp"

#include <Poco/Exception.h>
#include <Poco/MemoryStream.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/String.h>
#include <algorithm>
#include <charconv>
#include <optional>

namespace wfc {

namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr int most_fields = 100;

/// The one value of a field; empty where it does not stand there, nothing where it stands twice.
std::optional<std::string> only(const Poco::Net::MessageHeader& header, const std::string& name) {
    std::optional<std::string> found = std::string();
    std::size_t count = 0;
    for (const auto& [field, value] : header) {
        if (Poco::icompare(field, name) == 0 && ++count == 1) found = value;
    }
    return count > 1 ? std::nullopt : found;
}

}  // namespace

RequestReader::Progress RequestReader::take(std::string_view bytes) {
    if (refusal_ != 0) return Progress::refused;
    bytes_.append(bytes);
    if (!head_read_) {
        const std::size_t end = bytes_.reveal().find(end_of_head, searched_);
        if (end == std::string_view::npos) {
            if (bytes_.size() > most_head) return refuse(431);
            searched_ = bytes_.size() < end_of_head.size() ? 0 : bytes_.size() - end_of_head.size();
            return Progress::more;
        }
        if (end > most_head) return refuse(431);
        return read_head(end + end_of_head.size());
    }
    return bytes_.size() - body_.at >= body_.size ? Progress::whole : Progress::more;
}

RequestReader::Progress RequestReader::refuse(int status) noexcept {
    refusal_ = status;
    return Progress::refused;
}

RequestReader::Progress RequestReader::read_head(std::size_t size) {
    head_read_ = true;
    body_.at = size;
    const std::string_view head = bytes_.reveal().substr(0, size);
    // A line feed without its carriage return ends a line for some readers and not for others.
    for (std::size_t at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
        if (at == 0 || head[at - 1] != '\r') return refuse(400);
    }
    const std::size_t line = head.find("\r\n");
    const int fields = read_fields(head.substr(line + 2));  // first: a refusal knows its language then
    const int status = read_request_line(head.substr(0, line));
    if (status != 0 || fields != 0) return refuse(status != 0 ? status : fields);
    return bytes_.size() - body_.at >= body_.size ? Progress::whole : Progress::more;
}

int RequestReader::read_request_line(std::string_view line) noexcept {
    // RFC 9112 section 3: method SP request-target SP version, the target in origin-form.
    const std::size_t first = line.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos || first == 0 || first > 32) return 400;
    const std::string_view target = line.substr(first + 1, second - first - 1);
    const std::string_view version = line.substr(second + 1);
    if (target.empty() || target.front() != '/') return 400;
    if (!std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7F'; })) return 400;
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return 505;
    const std::size_t mark = std::min(target.find('?'), target.size());
    method_ = {0, first};
    path_ = {first + 1, mark};
    if (mark < target.size()) query_ = {first + 1 + mark + 1, target.size() - mark - 1};
    return 0;
}

int RequestReader::read_fields(std::string_view fields) try {
    Poco::Net::MessageHeader header;
    header.setFieldLimit(most_fields);
    Poco::MemoryInputStream in(fields.data(), static_cast<std::streamsize>(fields.size()));
    header.read(in);
    accept_language_ = header.get("Accept-Language", {});
    const auto host = only(header, "Host"), type = only(header, "Content-Type");
    const auto length = only(header, "Content-Length");
    if (!host || !type || !length) return 400;
    host_ = *host;
    media_type_ = Poco::toLower(Poco::trim(type->substr(0, type->find(';'))));
    if (header.has("Transfer-Encoding")) return 411;
    if (length->empty()) return 0;
    const char* const end = length->data() + length->size();
    const auto [stop, error] = std::from_chars(length->data(), end, body_.size);
    if (error == std::errc::result_out_of_range) return 413;
    if (error != std::errc() || stop != end) return 400;
    return body_.size > most_body ? 413 : 0;
} catch (const Poco::Exception&) {
    return 400;
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 400:
            return "Bad Request";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 411:
            return "Length Required";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 431:
            return "Request Header Fields Too Large";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Error";
    }
}

}  // namespace wfc
