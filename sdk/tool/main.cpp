/// `wfc`: runs workflow components from a shell.
#include <cstdio>
#include <exception>

#include "host/hygiene.hpp"
#include "host/secret_store.hpp"
#include "manifest/refused.hpp"
#include "tool/commands.hpp"
#include "tool/options.hpp"
#include "tool/stop.hpp"
#include "tool/style.hpp"

namespace {

int complain(int code, const char* sentence) {
    const wfc::tool::Style style = wfc::tool::Style::of(STDERR_FILENO);
    std::fprintf(stderr, "%s%s\n", style.red("wfc: ").c_str(), sentence);
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace wfc::tool;
    wfc::harden_process();
    wfc::ignore_sigpipe();
    try {
        wfc::SecretStore secrets;
        secrets.take_environment();
        const CommandLine asked = read_command_line(argc, argv);
        if (asked.describe) return describe(*asked.describe);
        if (asked.invoke) return invoke(*asked.invoke, secrets);
        return asked.exit;
    } catch (const Stop& stop) {
        return complain(stop.code(), stop.what());
    } catch (const wfc::Refused& refused) {
        return complain(exit_no_component, refused.what());
    } catch (const std::exception& defect) {
        return complain(exit_internal, defect.what());
    }
}
