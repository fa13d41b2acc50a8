/// A message that is hashed while it is read.
///
/// Guarantees: the bytes are those of the message within; nothing is read ahead or held. The headers are left
/// out: they hold the time of the try, and what they say is in draft_digest().
#pragma once

#include <memory>

#include "crypto/digest.hpp"
#include "message/message.hpp"

namespace mailsend::ledger {

/// One thread at a time.
class DigestedMessage final : public Message {
  public:
    /// `message` stands at its first byte.
    explicit DigestedMessage(std::unique_ptr<Message> message) : message_(std::move(message)) {}

    const Envelope& envelope() const noexcept override { return message_->envelope(); }
    const std::vector<std::pair<std::string, std::string>>& headers() const noexcept override {
        return message_->headers();
    }
    std::vector<PartFacts> parts() const override { return message_->parts(); }
    std::optional<std::uint64_t> size() const noexcept override { return message_->size(); }
    std::size_t read(char* into, std::size_t capacity) override;
    /// Begins a new digest where the message can go back.
    bool rewind() override;

    /// "body1:" and 64 hexadecimal digits, of the body read so far: of the whole one once read() has returned
    /// 0. The number changes with how bodies are composed.
    std::string digest() const;

  private:
    std::unique_ptr<Message> message_;
    crypto::Sha256 body_{};
    std::size_t matched_ = 0;  ///< of the empty line that ends the headers
};

}  // namespace mailsend::ledger
