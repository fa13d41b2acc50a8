/// `explained` of a result as text for people: title, cause, steps, who must act, whether to try again.
///
/// Guarantees: lines fit the screen but for addresses of the web; foreign text is escaped and bounded. Knows
/// no component: names of stages and actors are its texts `report/stage.WORD` and `report/actor.WORD`.
#pragma once

#include <string>
#include <string_view>

#include "tool/component_texts.hpp"
#include "tool/screen.hpp"
#include "tool/style.hpp"

namespace wfc::tool {

/// Lines, with a line feed each; empty where the document has no `explained`. English and Japanese; other
/// languages get English words.
std::string explained_text(std::string_view document, const ComponentTexts& texts, std::string_view language,
                           const Screen& screen, const Style& style);

}  // namespace wfc::tool
