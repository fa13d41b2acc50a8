#include "host/prompt_page.hpp"

#include <Poco/Net/MessageHeader.h>
#include <Poco/NumberParser.h>
#include <Poco/String.h>

#include "host/request_reader.hpp"

namespace wfc {

namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark}"
    "body{margin:0;font:1.0625rem/1.6 system-ui,sans-serif;color:#1c2024;background:#f6f7f9}"
    "main{box-sizing:border-box;max-width:38rem;margin:12vh auto 4rem;padding:2rem;background:#fff;"
    "border-radius:.75rem;border-top:.3rem solid #8a9099}"
    "main.good{border-color:#1a7f4b}main.bad{border-color:#c2352b}"
    "h1{margin:0 0 .75rem;font-size:1.4rem;line-height:1.3}p,li{overflow-wrap:anywhere}"
    "p{margin:0;white-space:pre-line}ol{margin:1rem 0 0;padding-left:1.5rem}li+li{margin-top:.4rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6e8eb;background:#111315}main{background:#1b1e21}}";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// The weight of a range of Accept-Language: 1 where none is written, 0 where it makes no sense.
double weight(const std::string& element, std::string& range) {
    Poco::Net::NameValueCollection parameters;
    Poco::Net::MessageHeader::splitParameters(element, range, parameters);
    double q = 1;
    if (parameters.has("q") && !Poco::NumberParser::tryParseFloat(parameters.get("q"), q)) return 0;
    return q <= 1 ? q : 0;
}

}  // namespace

std::string preferred_language(std::string_view accept_language, std::string_view otherwise) {
    std::vector<std::string> elements;
    Poco::Net::MessageHeader::splitElements(std::string(accept_language), elements);
    std::string best(otherwise == "ja" ? "ja" : "en");
    double most = 0;
    for (const std::string& element : elements) {
        std::string range;
        const double q = weight(element, range);
        const std::string language = Poco::toLower(range.substr(0, range.find('-')));
        if ((language == "en" || language == "ja") && q > most) {
            most = q;
            best = language;
        }
    }
    return best;
}

const PageText& host_page(HostPage page, std::string_view language) {
    static const PageText english[] = {
        {"The answer has arrived",
         "Go back to the program: it says how the sign-in ended. You can close this window."},
        {"This address belongs to another sign-in",
         "The program that is waiting here did not start it, so nothing was done. Go back to the window of "
         "the "
         "sign-in that is open, or start it again."},
        {"Nothing here", "This address only waits for the end of a sign-in."}};
    static const PageText japanese[] = {
        {"応答を受け取りました",
         "サインインの結果はプログラムの画面で確認してください。このウィンドウは閉じてかまいません。"},
        {"別のサインインのアドレスです",
         "ここで待っているプログラムが始めたサインインではないため、何も行いませんでした。進行中のサインイン"
         "のウィンドウに戻るか、サインインをやり直してください。"},
        {"ページがありません", "このアドレスは、サインインの完了を待つためだけに使われています。"}};
    return (language == "ja" ? japanese : english)[static_cast<std::size_t>(page)];
}

std::string html_page(const PageText& page, std::string_view language, Mood mood) {
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"" + escaped(language) + "\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out += "<title>" + escaped(page.title) + "</title>\n<style>" + std::string(style) +
           "</style>\n</head>\n<body>\n";
    out += mood == Mood::good  ? "<main class=\"good\">\n"
           : mood == Mood::bad ? "<main class=\"bad\">\n"
                               : "<main>\n";
    out += "<h1>" + escaped(page.title) + "</h1>\n";
    if (!page.text.empty()) out += "<p>" + escaped(page.text) + "</p>\n";
    if (!page.steps.empty()) {
        out += "<ol>\n";
        for (const std::string& step : page.steps) out += "<li>" + escaped(step) + "</li>\n";
        out += "</ol>\n";
    }
    return out + "</main>\n</body>\n</html>\n";
}

std::string http_answer(int status, std::string_view language, std::string_view html, bool with_body) {
    std::string out =
        "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_phrase(status)) + "\r\n";
    out += "Content-Type: text/html; charset=utf-8\r\n";
    out += "Content-Language: " + std::string(language) + "\r\n";
    out += "Content-Length: " + std::to_string(html.size()) + "\r\n";
    if (status == 405) out += "Allow: GET, POST\r\n";
    out +=
        "Connection: close\r\n"
        "Cache-Control: no-store\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'\r\n\r\n";
    if (with_body) out += html;
    return out;
}

}  // namespace wfc
