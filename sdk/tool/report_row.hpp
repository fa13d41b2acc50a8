/// One row of a report as lines for people.
///
/// Guarantees: no line is wider than the screen but for addresses of the web, which are left whole to be
/// copied; foreign text is escaped and bounded. Knows no component: the words of stages and actors are its
/// texts `report/stage.WORD` and `report/actor.WORD`, and the words themselves where there is none. English
/// and Japanese; other languages get English words.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tool/component_texts.hpp"
#include "tool/screen.hpp"
#include "tool/style.hpp"

namespace wfc::tool {

class ReportRows {
  public:
    ReportRows(ComponentTexts texts, std::string language, const Screen& screen, const Style& style);

    /// Makes room for longer names of stages than the texts have.
    void make_room(const nlohmann::json& rows);
    /// Of `{"stage", "verdict", "timing_ms"?, "text", "address"?, "error"?}` or, of a list of problems,
    /// `{"pointer", "severity", "message"}`. Without the last line feed.
    std::string lines(const nlohmann::json& row) const;
    /// Of the stage that runs: one line that fits. `event`: of progress, with `stage`, and `retry_in_ms` or
    /// `queued` where it waits, and `text` with the reason.
    std::string running(const nlohmann::json& event) const;

  private:
    std::string stage_label(const std::string& stage) const;
    std::string explained(const nlohmann::json& error, const std::string& told) const;
    std::string waiting(const nlohmann::json& event) const;
    std::string shown(const std::string& text) const;
    const char* in(const char* english, const char* japanese) const;

    ComponentTexts texts_;
    std::string language_;
    Screen screen_;
    Style style_;
    std::size_t stage_width_;
};

}  // namespace wfc::tool
