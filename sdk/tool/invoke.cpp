#include "tool/commands.hpp"
#include "tool/documents.hpp"
#include "tool/one_call.hpp"

namespace wfc::tool {

int invoke(const InvokeOptions& options, SecretStore& secrets) {
    return call_once(options, find_component(options.type, options.components), secrets,
                     [](std::string_view document, LogWriter& log, const Style& style) {
                         show_document(document);
                         explain_document(document, log, style);
                     });
}

}  // namespace wfc::tool
