/// The pages that the person's browser shows, and the answers of HTTP that carry them.
///
/// Guarantees: every text is escaped; no script, nothing fetched from elsewhere, nothing kept by the browser;
/// English or Japanese. Nothing of a request stands in a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wfc {

/// Plain text, no markup.
struct PageText {
    std::string title;
    std::string text;
    std::vector<std::string> steps{};
};

/// The pages of the host itself.
enum class HostPage {
    arrived,        ///< the answer is here, the program says the rest
    other_sign_in,  ///< a visit with the state of another sign-in, or without one
    nothing         ///< anything else
};

/// "en" or "ja", whichever `accept_language` (RFC 9110 section 12.5.4) likes better; `otherwise` where it
/// likes neither or says nothing.
std::string preferred_language(std::string_view accept_language, std::string_view otherwise);

const PageText& host_page(HostPage page, std::string_view language);

/// How a page looks.
enum class Mood { good, bad, neutral };

/// A document of HTML in UTF-8.
std::string html_page(const PageText& page, std::string_view language, Mood mood);

/// The whole answer, which ends the connection. `with_body` false, as HEAD wants it: the head alone.
std::string http_answer(int status, std::string_view language, std::string_view html, bool with_body = true);

}  // namespace wfc
