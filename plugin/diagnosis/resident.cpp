#include "diagnosis/resident.hpp"

#include <dlfcn.h>
#include <re2/re2.h>

namespace mailsend::diagnosis {

void keep_re2_mapped() noexcept {
    Dl_info found{};
    const auto* symbol = reinterpret_cast<const void*>(&re2::RE2::QuoteMeta);
    if (::dladdr(symbol, &found) == 0 || found.dli_fname == nullptr) return;
    // NOLOAD: it is mapped already, only its mark changes; the mark outlives the handle.
    if (void* library = ::dlopen(found.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE)) ::dlclose(library);
}

}  // namespace mailsend::diagnosis
