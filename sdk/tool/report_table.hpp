/// The rows of a report for a person, as they arrive.
///
/// Guarantees: each row is shown once, by the progress event that brought it or at the end; the stage that
/// runs, and what it waits for, stands on a line of the terminal that the next one replaces. What is too
/// large or no row is left to others.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "host/log_writer.hpp"
#include "tool/report_row.hpp"

namespace wfc::tool {

/// One thread.
class ReportTable {
  public:
    /// `everything`: all progress is kept, each stage on a line of its own.
    ReportTable(ReportRows rows, bool everything) : rows_(std::move(rows)), everything_(everything) {}

    /// Whether it was shown; otherwise it is for the log to show. `event`: a progress event.
    bool progress(std::string_view event, LogWriter& log);
    /// Shows the rows of the document (`report`, else `problems`) that did not come before. Returns it
    /// without the explanation of its error where a row has shown that.
    std::string finish(std::string_view document, LogWriter& log);

  private:
    void show(const nlohmann::json& row, LogWriter& log);

    ReportRows rows_;
    bool everything_;
    std::multiset<std::string> shown_{};
    std::set<std::string> explained_{};  ///< errors
};

}  // namespace wfc::tool
