/// A port of this machine's loopback, in both families of addresses or not at all.
///
/// Guarantees: listens on 127.0.0.1 and, where the machine has it, on ::1, never on another address; nobody
/// else can listen there meanwhile, since a browser that asks for localhost may take either family.
/// Descriptors are not inherited. Does not wait.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace wfc {

/// A file descriptor with one owner.
class Descriptor {
  public:
    explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    int get() const noexcept { return fd_; }
    void close() noexcept;

  private:
    int fd_;
};

/// Nobody listens now. `address` is that which failed: "[::1]:48888".
class CannotListen : public std::runtime_error {
  public:
    CannotListen(bool taken, const std::string& address)
        : std::runtime_error("cannot listen on " + address), taken_(taken), address_(address) {}
    bool taken() const noexcept { return taken_; }  ///< another program has it; else this one may not
    const std::string& address() const noexcept { return address_; }

  private:
    bool taken_;
    std::string address_;
};

class LoopbackListener {
  public:
    /// Throws CannotListen.
    explicit LoopbackListener(std::uint16_t port);

    /// One or two that become readable when somebody connects; none once it is closed.
    const std::vector<Descriptor>& descriptors() const noexcept { return descriptors_; }
    /// The next connection of that descriptor, which does not wait either; -1 where there is none.
    static Descriptor accept(const Descriptor& listening) noexcept;
    /// From now on connecting is refused.
    void close() noexcept { descriptors_.clear(); }

  private:
    std::vector<Descriptor> descriptors_;
};

}  // namespace wfc
