/// Messages as they arrived: NAME.eml, byte for byte, and NAME.json with the envelope.
///
/// Guarantees: a file named .eml is whole, and its .json is there before it; names sort by arrival and never
/// repeat. Passwords never get here. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "path.hpp"

namespace inbox {

/// What is known about a message besides its bytes.
struct Envelope {
    std::string peer;
    std::string ehlo;         ///< name the client gave
    bool extended = false;    ///< EHLO, not HELO
    std::string tls_version;  ///< empty in clear
    std::string tls_cipher;
    std::string tls_name;   ///< SNI
    std::string mechanism;  ///< empty without AUTH
    std::string user;
    std::string transfer;  ///< "DATA" or "BDAT"
    Path sender;
    std::vector<Path> recipients;
};

/// A message that is arriving. Not kept: it leaves nothing behind. One thread.
class Incoming {
  public:
    /// Throws std::system_error when the file cannot be made.
    Incoming(std::filesystem::path directory, std::string name);
    ~Incoming();
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;

    /// False when the disk refuses; nothing more can be kept then.
    bool append(std::string_view bytes) noexcept;
    std::size_t size() const noexcept { return size_; }
    const std::string& name() const noexcept { return name_; }
    /// Makes it a message of the store; false when the disk refuses.
    bool keep(const Envelope& envelope) noexcept;

  private:
    std::filesystem::path path(const char* extension) const;

    std::filesystem::path directory_;
    std::string name_;
    int fd_;
    std::size_t size_ = 0;
    bool kept_ = false;
};

class Store {
  public:
    /// Makes the directory. Throws std::filesystem::filesystem_error.
    explicit Store(std::filesystem::path directory);
    std::unique_ptr<Incoming> begin() const;
    const std::filesystem::path& directory() const noexcept { return directory_; }

  private:
    std::filesystem::path directory_;
};

}  // namespace inbox
