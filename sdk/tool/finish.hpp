/// What stands between a call and its end, so that every way out shows one document.
#pragma once

#include <functional>
#include <string>

#include "host/file_blobs.hpp"
#include "host/log_writer.hpp"
#include "host/secret_view.hpp"
#include "tool/style.hpp"

namespace wfc::tool {

/// Shows a result document, a JSON object.
using ShowResult = std::function<void(std::string_view document, LogWriter& log, const Style& style)>;

/// One thread.
class Finish {
  public:
    /// `type`: of the component. `log` outlives this.
    Finish(std::string type, LogWriter& log, ShowResult show);

    /// The exit code. What was saved gets its names before the document says that it succeeded.
    int with(wfc_status status, std::string_view document, FileBlobs& blobs);
    /// Says something to the person: a warning, or below that level a hint.
    void note(std::int32_t level, const std::string& sentence);
    /// What the component asked for in vain, and how to store it.
    void name_missing(const SecretView& secrets);

  private:
    bool keep_blobs(wfc_status status, FileBlobs& blobs);

    std::string type_;
    LogWriter& log_;
    ShowResult show_;
    Style style_;
};

}  // namespace wfc::tool
