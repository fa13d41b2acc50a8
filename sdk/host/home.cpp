#include "host/home.hpp"

namespace wfc {
std::filesystem::path home_directory() {
    throw HomeUnusable("not built yet");
}
}  // namespace wfc
