/// wfc.secrets/1 in memory.
///
/// Guarantees: any thread; every question and write is recorded; what the component wrote is answered until
/// the supplied value changes, and a write made of a value that has been replaced since the component asked
/// is WFC_CONFLICT, as with a real host. Does not wipe: no real secret belongs into a test.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/component.h"

namespace wfc::testhost {

/// What the component asked wfc.secrets/1 to keep, or without a value to forget.
struct SecretWrite {
    std::string name;
    std::optional<std::string> value;
};

class MemorySecrets {
  public:
    MemorySecrets();
    MemorySecrets(const MemorySecrets&) = delete;
    MemorySecrets& operator=(const MemorySecrets&) = delete;

    wfc_secrets& table() noexcept { return table_; }

    void supply(const std::string& name, const std::string& value);
    void fail_get(const std::string& name, wfc_status status);  ///< until a value is supplied
    void fail_writes(wfc_status status);                        ///< WFC_OK ends it
    std::vector<std::string> asked() const;
    std::vector<SecretWrite> writes() const;  ///< also those that failed

  private:
    struct Secret {
        std::optional<std::string> supplied{}, written{};
        std::optional<std::optional<std::string>> answered{};  ///< what was supplied when it was asked for
        wfc_status status = WFC_OK;
    };
    wfc_status get(std::string_view name, std::string& value);
    wfc_status put(std::string_view name, std::string_view value);
    wfc_status erase(std::string_view name);

    mutable std::mutex mutex_{};
    std::map<std::string, Secret, std::less<>> values_{};
    std::vector<std::string> asked_{};
    std::vector<SecretWrite> writes_{};
    wfc_status write_status_ = WFC_OK;
    wfc_secrets table_{};
};

}  // namespace wfc::testhost
