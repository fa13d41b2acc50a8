/// The blobs of one call, as files of the folder.
///
/// Guarantees: the call opens what it was given and nothing else; what it emits is kept only where that was
/// asked for and only from `keep` on, whole; what is left otherwise is removed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "serve/blob_folder.hpp"
#include "serve/said.hpp"
#include "wfc/component.h"

namespace wfc::serve {

/// The thread of the call, but for the constructor and the end.
class CallBlobs {
  public:
    /// `sources`: name → file. `folder` outlives this. Throws Refusal("blob").
    CallBlobs(BlobFolder& folder, const std::map<std::string, std::string>& sources,
              const std::vector<std::string>& save);
    ~CallBlobs();
    CallBlobs(const CallBlobs&) = delete;
    CallBlobs& operator=(const CallBlobs&) = delete;

    wfc_status open(std::string_view name, wfc_source* out) noexcept;
    wfc_status emit(std::string_view name, wfc_sink* out) noexcept;

    /// The call went well: what it emitted stays, as the result of call `id`. Those that could not be written
    /// whole are left out.
    std::map<std::string, SavedBlob> keep(std::uint64_t id);
    /// The call reads no more: its files are removed, or, where it never began, left to who wrote them.
    void give_back(bool removing) noexcept;

  private:
    struct Saving {
        FileDescriptor file{};
        SavedBlob blob{};
        bool whole = true;
    };
    static wfc_status write(Saving& saving, std::string_view bytes) noexcept;

    BlobFolder& folder_;
    std::map<std::string, std::string, std::less<>> sources_;
    std::set<std::string> taken_;
    std::set<std::string, std::less<>> save_;
    std::map<std::string, Saving, std::less<>> saving_;
};

}  // namespace wfc::serve
