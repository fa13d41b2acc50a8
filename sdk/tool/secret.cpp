#include "tool/commands.hpp"
#include "tool/stop.hpp"
namespace wfc::tool {
int secret(const SecretOptions&, SecretStore&) {
    return exit_internal;
}
}  // namespace wfc::tool
