#include "metrics/scrape.hpp"

#include <algorithm>

#include "host/web_address.hpp"

namespace wfc::metrics {

namespace {

std::string http(int status, const char* type, const std::string& body, bool with_body) {
    std::string out =
        "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_phrase(status)) + "\r\n";
    out += std::string("Content-Type: ") + type + "\r\n";
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    if (status == 405) out += "Allow: GET\r\n";
    out += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
    return with_body ? out + body : out;
}

int status_of(const RequestReader& request, bool loopback) {
    if (request.refusal() != 0) return request.refusal();
    if (loopback && !names_this_machine(request.host())) return 403;
    if (request.path() != "/metrics") return 404;
    return request.method() == "GET" ? 200 : 405;
}

}  // namespace

bool names_this_machine(std::string_view host) {
    std::string_view name = host;
    const std::size_t colon = host.rfind(':'), bracket = host.rfind(']');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        const std::string_view port = host.substr(colon + 1);
        if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
        name = host.substr(0, colon);
    }
    std::string small(name);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return small == "[::1]" || (small != "::1" && is_loopback_name(small));
}

std::string answer_to(const RequestReader& request, bool loopback, const std::function<std::string()>& text) {
    const int status = status_of(request, loopback);
    if (status == 200) return http(status, "text/plain; version=0.0.4; charset=utf-8", text(), true);
    const char* const sentence = status == 403
                                     ? "This port answers those who call it 127.0.0.1, [::1] or localhost.\n"
                                     : "The metrics are at GET /metrics.\n";
    return http(status, "text/plain; charset=utf-8", sentence, request.method() != "HEAD");
}

}  // namespace wfc::metrics
