/// What stands between a call and its end, so that every way out shows one document.
#pragma once

#include <functional>
#include <string>

#include "host/file_blobs.hpp"
#include "host/log_writer.hpp"
#include "host/secret_view.hpp"
#include "tool/style.hpp"
#include "tool/written_secrets.hpp"

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
    /// What a call that ended with `status` asked for in vain, if that is why it failed, and how to store it.
    /// `written`: those that the component stores itself.
    void name_missing(const SecretView& secrets, wfc_status status, const SecretNames& written);

  private:
    bool keep_blobs(wfc_status status, FileBlobs& blobs);

    std::string type_;
    LogWriter& log_;
    ShowResult show_;
    Style style_;
};

}  // namespace wfc::tool
