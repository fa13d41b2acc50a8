#include "serve/call_blobs.hpp"

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace wfc::serve {

CallBlobs::CallBlobs(BlobFolder& folder, const std::map<std::string, std::string>& sources,
                     const std::vector<std::string>& save)
    : folder_(folder), save_(save.begin(), save.end()) {
    for (const auto& [name, file] : sources) {
        taken_.insert(file);
        sources_.emplace(name, file);
    }
    folder_.take(taken_);
}

CallBlobs::~CallBlobs() {
    give_back(true);
    for (const auto& [name, saving] : saving_) folder_.remove(saving.blob.file);
}

wfc_status CallBlobs::open(std::string_view name, wfc_source* out) noexcept try {
    const auto found = sources_.find(name);
    if (found == sources_.end()) return WFC_NOT_FOUND;
    FileDescriptor file = folder_.open(found->second);
    return file ? file_source(std::move(file), out) : WFC_UNAVAILABLE;
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status CallBlobs::emit(std::string_view name, wfc_sink* out) noexcept try {
    if (save_.count(name) == 0) {
        *out = {nullptr, [](void*, wfc_view) noexcept -> wfc_status { return WFC_OK; }};
        return WFC_OK;
    }
    if (saving_.find(name) != saving_.end()) return WFC_CONFLICT;  // a blob is written once
    Saving saving;
    saving.file = folder_.create(saving.blob.file);
    if (!saving.file) return WFC_UNAVAILABLE;
    Saving& kept = saving_.emplace(std::string(name), std::move(saving)).first->second;
    *out = {&kept, [](void* ctx, wfc_view bytes) noexcept {
                return write(*static_cast<Saving*>(ctx), {bytes.data, bytes.size});
            }};
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status CallBlobs::write(Saving& saving, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t n = ::write(saving.file.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            saving.whole = false;
            return WFC_UNAVAILABLE;
        }
        saving.blob.bytes += static_cast<std::size_t>(n);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return WFC_OK;
}

std::map<std::string, SavedBlob> CallBlobs::keep(std::uint64_t id) {
    std::map<std::string, SavedBlob> out;
    std::vector<std::string> files;
    for (auto at = saving_.begin(); at != saving_.end();) {
        Saving& saving = at->second;
        if (!saving.whole || ::close(saving.file.release()) != 0) {
            ++at;
            continue;
        }
        files.push_back(saving.blob.file);
        out.emplace(at->first, std::move(saving.blob));
        at = saving_.erase(at);
    }
    folder_.keep(id, std::move(files));
    return out;
}

void CallBlobs::give_back(bool removing) noexcept {
    folder_.give_back(taken_, removing);
    taken_.clear();
}

}  // namespace wfc::serve
