#include <cstdio>
#include <filesystem>
#include <system_error>

#include "host/printable.hpp"
#include "panel/node_red.hpp"
#include "panel/package_files.hpp"
#include "tool/commands.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

namespace {

constexpr int exit_stale = 1;

int complain_of(const std::vector<std::string>& stale, const std::filesystem::path& directory) {
    for (const std::string& name : stale) {
        std::fprintf(stderr, "wfc: %s is not what wfc panel writes\n",
                     printable((directory / name).string()).c_str());
    }
    return stale.empty() ? exit_ok : exit_stale;
}

}  // namespace

int panel(const PanelOptions& options) {
    if (options.target != "node-red")
        throw Stop(exit_usage, "--target: there is no target \"" + options.target + "\"; node-red is one");
    const Manifest manifest = find_component(options.type, options.components);
    try {
        const panel::Package package{options.package, panel::resources_of(options.out), options.flags,
                                     panel::stand_ins_of(options.out)};
        const auto files = panel::node_red_files(manifest, package);
        if (options.check) return complain_of(panel::stale_files(options.out, files), options.out);
        panel::write_files(options.out, files);
    } catch (const std::system_error& error) {
        throw Stop(exit_unreadable, error.what());
    }
    return exit_ok;
}

}  // namespace wfc::tool
