/// Data compiled into a module by `embed_files` (sdk/cmake/EmbedFiles.cmake).
#pragma once

#include <string_view>

/// Declares the function `name()` that returns the embedded bytes of `symbol`; they live as long as the
/// module is loaded.
// NOLINTBEGIN(bugprone-macro-parentheses): names that are declared cannot stand in parentheses.
#define WFC_EMBEDDED(name, symbol)                                              \
    extern "C" __attribute__((visibility("hidden"))) const char symbol[];       \
    extern "C" __attribute__((visibility("hidden"))) const char symbol##_end[]; \
    inline std::string_view name() noexcept {                                   \
        return {symbol, static_cast<std::size_t>(symbol##_end - symbol)};       \
    }
// NOLINTEND(bugprone-macro-parentheses)
