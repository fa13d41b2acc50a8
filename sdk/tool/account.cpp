#include <ctime>
#include <unistd.h>

#include "loader/loader.hpp"
#include "tool/account_report.hpp"
#include "tool/commands.hpp"
#include "tool/component_texts.hpp"
#include "tool/documents.hpp"
#include "tool/one_call.hpp"
#include "tool/report_table.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

namespace {

/// What stands in `account`, for people; what went wrong is explained as `wfc invoke` does.
void report(std::string_view document, const ComponentTexts& texts, const std::string& language,
            LogWriter& log, const Style& errors) {
    const AccountReport shown =
        account_report(document, texts, language, std::time(nullptr), Style::of(STDOUT_FILENO));
    const std::string outcome = outcome_of(document);
    const bool silent = shown.lines.empty() && (outcome == "succeeded" || outcome == "accepted");
    write_out(!silent ? shown.lines : language == "ja" ? "完了しました\n" : "done\n");
    explain_document(shown.rest, log, errors);
}

}  // namespace

int account(const AccountOptions& options, SecretStore& secrets) {
    InvokeOptions call = options.call;
    const Manifest manifest = call.type.empty() ? find_declaring(call.operation, search_path(call.components))
                                                : find_component(call.type, call.components);
    if (call.roots.empty()) {
        const std::filesystem::path folder = call.settings.parent_path();
        call.roots.push_back(folder.empty() ? "." : folder);
    }
    const std::string language = language_of(call.language);
    const ComponentTexts texts(manifest, language);
    ReportTable stages({texts, language, Screen::of(STDERR_FILENO), Style::of(STDERR_FILENO)}, call.verbose);
    bool signed_in = true;
    const int code = call_once(
        call, manifest, secrets,
        {[&](std::string_view document, LogWriter& log, const Style& errors) {
             signed_in = says_signed_in(document);
             if (!call.json) return report(document, texts, language, log, errors);
             show_document(document);
             explain_document(document, log, errors);
         },
         [&](std::string_view event, LogWriter& log) { return !call.json && stages.progress(event, log); }});
    return code == exit_ok && call.operation == "account-status" && !signed_in ? exit_failed : code;
}

}  // namespace wfc::tool
