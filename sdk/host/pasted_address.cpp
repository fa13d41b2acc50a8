#include "host/pasted_address.hpp"

namespace wfc {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view line) {
    const std::size_t first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

/// The query with its question mark; empty where the line is an address of something else.
std::string_view query_of(std::string_view line, std::string_view redirect_uri) {
    constexpr std::string_view scheme = "http://";
    if (redirect_uri.starts_with(scheme) && !line.starts_with(scheme))
        redirect_uri.remove_prefix(scheme.size());
    if (!redirect_uri.empty() && line.starts_with(redirect_uri)) line.remove_prefix(redirect_uri.size());
    if (!line.starts_with('?')) return {};
    return line.substr(0, line.find('#'));
}

}  // namespace

PastedAddress read_pasted(std::string_view line, std::string_view redirect_uri, std::string_view state) {
    const std::string_view query = query_of(trimmed(line), redirect_uri);
    if (query.empty()) return {};
    auto parameters = VisitParameters::parse(query.substr(1));
    if (!parameters || !parameters->has_state(state)) return {Pasted::other_sign_in, std::nullopt};
    return {Pasted::right, std::move(parameters)};
}

std::string_view pasted_complaint(Pasted verdict, std::string_view language) noexcept {
    const bool japanese = language == "ja";
    if (verdict == Pasted::other_sign_in) {
        return japanese ? "このアドレスは別のサインインのものです。今回開いたページの最後のアドレスを"
                          "貼り付けてください。"
                        : "That address belongs to another sign-in; paste the one at which the page that was "
                          "opened now has ended.";
    }
    return japanese
               ? "最後に開けなかったページのアドレス全体を、http:// から貼り付けてください。"
               : "That is not the address of the page that failed to load; paste all of it, from http:// on.";
}

}  // namespace wfc
