/// `wfc`: runs workflow components from a shell.
#include <exception>

#include "host/hygiene.hpp"
#include "host/log_writer.hpp"
#include "host/printable.hpp"
#include "host/secret_store.hpp"
#include "host/secret_vault.hpp"
#include "manifest/refused.hpp"
#include "tool/commands.hpp"
#include "tool/options.hpp"
#include "tool/stop.hpp"
#include "tool/style.hpp"

namespace {

/// What `wfc` itself says when it stops; paths and the loader's texts in it may be anybody's.
int complain(bool json, int code, const char* sentence) {
    const wfc::tool::Style style = wfc::tool::Style::of(STDERR_FILENO);
    wfc::LogWriter(json ? wfc::LogFormat::json : wfc::LogFormat::text, 0)
        .notice(4, style.red("wfc: ") + wfc::printable(sentence), sentence);
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace wfc::tool;
    wfc::secure_standard_streams();
    wfc::harden_process();
    wfc::ignore_sigpipe();
    wfc::ignore_sigxfsz();
    const bool json = wants_json(argc, argv);
    try {
        wfc::SecretVault vault;
        wfc::SecretStore secrets(vault);
        secrets.take_environment();
        const CommandLine asked = read_command_line(argc, argv);
        if (asked.describe) return describe(*asked.describe);
        if (asked.invoke) return invoke(*asked.invoke, secrets);
        if (asked.account) return account(*asked.account, secrets);
        if (asked.explain) return explain(*asked.explain, secrets);
        if (asked.panel) return panel(*asked.panel);
        if (asked.run) return run(*asked.run, secrets);
        if (asked.serve) return serve(*asked.serve, secrets);
        if (asked.secret) return secret(*asked.secret, secrets);
        return asked.exit;
    } catch (const Stop& stop) {
        return complain(json, stop.code(), stop.what());
    } catch (const wfc::Refused& refused) {
        return complain(json, exit_no_component, refused.what());
    } catch (const std::exception& defect) {
        return complain(json, exit_internal, defect.what());
    }
}
