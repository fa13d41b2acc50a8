#include "tool/commands.hpp"
#include "tool/stop.hpp"
namespace wfc::tool {
int run(const RunOptions&, SecretStore&) {
    return exit_internal;
}
}  // namespace wfc::tool
