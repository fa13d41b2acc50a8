#include "host/redirect_visit.hpp"

#include <Poco/String.h>

#include "host/prompt_page.hpp"

namespace wfc {

namespace {

bool names_loopback(const std::string& host, std::uint16_t port) {
    const std::string name = Poco::toLower(host);
    const std::string behind = ":" + std::to_string(port);
    for (const char* loopback : {"127.0.0.1", "[::1]", "localhost"}) {
        if (name == loopback + behind || (port == 80 && name == loopback)) return true;
    }
    return false;
}

/// The status of the answer to a request that is not for us; 0 where it is.
int not_for_us(const RequestReader& request, const ExpectedVisit& expected) {
    if (!names_loopback(request.host(), expected.port)) return 403;
    if (request.path() != expected.path) return 404;
    if (request.method() != "GET" && request.method() != "POST") return 405;
    const bool form = request.media_type() == "application/x-www-form-urlencoded";
    return request.method() == "POST" && !form ? 415 : 0;
}

std::string answer(int status, HostPage page, const std::string& language, bool with_body) {
    return http_answer(status, language, html_page(host_page(page, language), language, Mood::neutral),
                       with_body);
}

}  // namespace

VisitVerdict judge_visit(const RequestReader& request, const ExpectedVisit& expected) {
    VisitVerdict verdict{preferred_language(request.accept_language(), expected.language)};
    if (const int status = not_for_us(request, expected); status != 0) {
        verdict.answer = answer(status, HostPage::nothing, verdict.language, request.method() != "HEAD");
        return verdict;
    }
    // With form_post (OAuth 2.0 Form Post Response Mode) the form alone counts; a query beside it is not
    // read.
    auto parameters = VisitParameters::parse(request.method() == "POST" ? request.body() : request.query());
    if (parameters && parameters->has_state(expected.state.reveal())) {
        verdict.right = std::move(parameters);
    } else {
        verdict.answer = answer(400, HostPage::other_sign_in, verdict.language, true);
    }
    return verdict;
}

VisitVerdict refuse_visit(const RequestReader& request, const ExpectedVisit& expected) {
    VisitVerdict verdict{preferred_language(request.accept_language(), expected.language)};
    verdict.answer = answer(request.refusal(), HostPage::nothing, verdict.language, true);
    return verdict;
}

}  // namespace wfc
