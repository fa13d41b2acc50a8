/// The stream over a TCP socket, in clear until start_tls.
#pragma once

#include <Poco/Net/StreamSocket.h>
#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "net/stream.hpp"

namespace mailsend::net {

class TlsSession;

/// Owns a connected socket. Thread-safe as Stream says.
class Channel final : public Stream {
  public:
    explicit Channel(const Poco::Net::StreamSocket& connected);
    ~Channel() override;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    std::size_t read(char* into, std::size_t capacity, const Patience& patience) override;
    void write(std::string_view bytes, const Patience& patience) override;
    std::uint64_t bytes_written() const noexcept override { return written_.load(std::memory_order_relaxed); }
    bool has_pending_input() override;
    bool ended() override;
    Heard heard() override;
    void start_tls(const Trust& trust, const std::string& host, const Patience& patience) override;
    std::optional<TlsFacts> tls() const override;
    std::string peer_address() const override { return peer_address_; }
    std::string local_address() const override { return local_address_; }
    void close() noexcept override;

  private:
    int descriptor() const;
    short events(short asked) const;

    Poco::Net::StreamSocket socket_;
    std::string peer_address_;
    std::string local_address_;
    std::unique_ptr<TlsSession> session_;
    std::atomic<std::uint64_t> written_ = 0;
    std::uint16_t port_ = 0;  ///< of the peer
    bool in_recv_ = false;    ///< input is waited for in recv itself
    bool open_ = true;
};

}  // namespace mailsend::net
