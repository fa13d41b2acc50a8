/// Which processes that run flows are alive.
///
/// Guarantees: exact and immediate: the kernel drops a process's lock as it dies, however it dies, and keeps
/// it while the process is stopped or the machine asleep. Process ids that are used again, other boots, other
/// pid namespaces (containers that share a folder) and clocks that are set mislead nobody, and there is
/// nothing to renew. Needs a local file system, as the state store does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "host/file_source.hpp"

namespace wfc::flow {

/// Who runs flows. An interface, so that a test plays several processes. Any thread.
class Owners {
  public:
    Owners() = default;
    Owners(const Owners&) = delete;
    Owners& operator=(const Owners&) = delete;
    virtual ~Owners() = default;

    virtual std::string self() = 0;
    /// Whether that one still runs. Unknown names do not.
    virtual bool alive(std::string_view owner) = 0;
};

/// A lock on one byte of a file that all share; which byte is drawn at random and is the owner's name.
class Presence final : public Owners {
  public:
    /// Makes `file` (0600) where it is missing. Throws std::system_error.
    explicit Presence(const std::filesystem::path& file);
    std::string self() override;
    bool alive(std::string_view owner) override;

  private:
    FileDescriptor file_;
    std::int64_t byte_ = 0;
};

}  // namespace wfc::flow
