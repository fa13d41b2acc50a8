/// The words that everybody who has a component knows: those of its manifest and its schemas, and ours.
///
/// Guarantees: a file of the component that cannot be read has none.
#pragma once

#include "host/support_mask.hpp"
#include "manifest/manifest.hpp"

namespace wfc::tool {

/// Tells them to `mask`. Before it knows secrets.
void add_public_words(const Manifest& manifest, SupportMask& mask);

}  // namespace wfc::tool
