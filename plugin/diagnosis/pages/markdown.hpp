/// Plain text -> Markdown that shows exactly that text.
#pragma once

#include <string>
#include <string_view>

namespace mailsend::diagnosis::pages {

/// For a paragraph, a heading or a point of a list. Addresses of web pages become links that end where they
/// end, whatever script follows.
std::string markdown(std::string_view text);

/// As code, between as many backquotes as it needs.
std::string code(std::string_view text);

}  // namespace mailsend::diagnosis::pages
