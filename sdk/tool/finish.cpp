#include "tool/finish.hpp"

#include <unistd.h>

#include "host/printable.hpp"
#include "host/secret_records.hpp"
#include "tool/documents.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

Finish::Finish(std::string type, LogWriter& log, ShowResult show)
    : type_(std::move(type)), log_(log), show_(std::move(show)), style_(Style::of(STDERR_FILENO)) {}

int Finish::with(wfc_status status, std::string_view document, FileBlobs& blobs) {
    int code = exit_internal;
    std::string own;
    try {
        code = exit_code(status, outcome_of(document));
        if (!keep_blobs(status, blobs)) code = exit_unreadable;
    } catch (const std::invalid_argument& fault) {
        blobs.discard();
        own = contract_breach(type_ + " broke its contract: " + fault.what());
        document = own;
    }
    log_.end_progress();
    show_(document, log_, style_);
    return code;
}

void Finish::note(std::int32_t level, const std::string& sentence) {
    log_.notice(level, style_.yellow(level > 2 ? "warning: " : "hint: ") + printable(sentence), sentence);
}

void Finish::name_missing(const SecretView& secrets, wfc_status status, const SecretNames& written) {
    for (const std::string& name : secrets.missing()) {
        // One that a component can do without is not what is wrong.
        if (status != WFC_INVALID_SETTINGS || written.count(name) != 0) continue;
        const std::string variable = SecretStore::variable(name);
        note(2,
             "the secret \"" + name + "\" is not there; " +
                 (storable_name(name) ? "store it with: wfc secret set " + name + " (or set " + variable + ")"
                                      : "set it with: read -rs " + variable + " && export " + variable));
    }
    for (const std::string& trouble : secrets.troubles()) note(2, trouble);
}

bool Finish::keep_blobs(wfc_status status, FileBlobs& blobs) try {
    if (status != WFC_OK) {
        blobs.discard();
        return true;
    }
    for (const std::string& name : blobs.commit())
        note(3, "the component made no blob \"" + name + "\": nothing was saved for it");
    return true;
} catch (const FileUnusable& fault) {
    blobs.discard();
    log_.notice(4, style_.red("error: ") + printable(fault.what()), fault.what());
    return false;
}

}  // namespace wfc::tool
