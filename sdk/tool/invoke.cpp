#include "tool/commands.hpp"
#include "tool/component_texts.hpp"
#include "tool/documents.hpp"
#include "tool/one_call.hpp"
#include "tool/report_table.hpp"

namespace wfc::tool {

namespace {

bool shows_report(const Manifest& manifest, const std::string& operation) {
    const Operation* found = manifest.operation(operation);
    return found != nullptr && found->view == "report";
}

ReportTable table_for(const InvokeOptions& options, const Manifest& manifest) {
    const std::string language = language_of(options.language);
    return {ReportRows(ComponentTexts(manifest, language), language, Screen::of(STDERR_FILENO),
                       Style::of(STDERR_FILENO)),
            options.verbose};
}

}  // namespace

int invoke(const InvokeOptions& options, SecretStore& secrets) {
    const Manifest manifest = find_component(options.type, options.components);
    if (options.json) {
        return call_once(options, manifest, secrets,
                         {[](std::string_view document, LogWriter& log, const Style& style) {
                             show_document(document);
                             explain_document(document, log, style);
                         }});
    }
    const bool rows = shows_report(manifest, options.operation);
    ReportTable table = table_for(options, manifest);
    return call_once(options, manifest, secrets,
                     {[&](std::string_view document, LogWriter& log, const Style& style) {
                          const std::string rest = rows ? table.finish(document, log) : std::string(document);
                          show_document(document);
                          explain_document(rest, log, style);
                      },
                      [&](std::string_view event, LogWriter& log) { return table.progress(event, log); }});
}

}  // namespace wfc::tool
