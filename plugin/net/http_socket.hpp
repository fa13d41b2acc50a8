/// A Stream as Poco's HTTP session wants to see it.
///
/// Guarantees: what a Stream throws gets through, though Poco's streams swallow it: the first cause is kept;
/// the heads of an answer are bounded together, and what does not begin as HTTP fails at once; a head that
/// breaks off is a failure; what was sent is wiped in Poco's buffers. No descriptor of its own: nothing that
/// Poco may do to a socket reaches the system.
#pragma once

#include <Poco/Net/StreamSocketImpl.h>
#include <exception>
#include <string>

#include "net/stream.hpp"

namespace mailsend::net {

/// One thread at a time; borrows the stream. Counted by references, as Poco wants its sockets.
class HttpSocket : public Poco::Net::StreamSocketImpl {
  public:
    /// `host` is for the words of failures.
    HttpSocket(Stream& stream, std::string host, const Patience& patience);

    /// From now on bytes belong to the body, and their end is no failure here.
    void head_is_over() noexcept { in_head_ = false; }
    /// Throws what the stream had thrown first, if anything.
    void rethrow_cause() const;
    /// Overwrites what was received where Poco keeps it; while that memory is still Poco's.
    void wipe_received() noexcept;

    using StreamSocketImpl::receiveBytes;
    using StreamSocketImpl::sendBytes;
    int sendBytes(const void* buffer, int length, int flags) override;
    int receiveBytes(void* buffer, int length, int flags) override;
    int available() override { return 0; }
    bool poll(const Poco::Timespan& timeout, int mode) override;
    void close() override { reset(); }
    void shutdownReceive() override {}
    void shutdownSend() override {}
    void shutdown() override {}
    void setSendTimeout(const Poco::Timespan& timeout) override;
    void setReceiveTimeout(const Poco::Timespan& timeout) override;
    void setBlocking(bool flag) override;
    bool secure() const override { return stream_.tls().has_value(); }

  protected:
    ~HttpSocket() override;

  private:
    template <class Work>
    int guarded(Work work);
    std::size_t receive(char* into, std::size_t most);
    void begins_as_http(const char* bytes, std::size_t size);

    Stream& stream_;
    const std::string host_;
    const Patience patience_;
    std::exception_ptr cause_;
    bool in_head_ = true;
    std::size_t head_size_ = 0;
    char* received_ = nullptr;
    std::size_t most_received_ = 0;
};

}  // namespace mailsend::net
