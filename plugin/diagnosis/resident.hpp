/// Keeps RE2's library mapped when this one is unloaded.
#pragma once

namespace mailsend::diagnosis {

/// RE2 makes a few objects once and never frees them, which is no leak only as long as its library stays:
/// unloaded and loaded again with the component, it would lose 128 bytes each time. Idempotent; any thread.
/// Does not keep this library mapped.
void keep_re2_mapped() noexcept;

}  // namespace mailsend::diagnosis
