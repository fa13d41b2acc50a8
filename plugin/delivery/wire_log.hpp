/// The transcript: what happened on a connection as log events at trace level.
///
/// "net.connected", "tls.established", "smtp.command" and "smtp.reply", each with its stage. Guarantees:
/// every command comes from its masked rendering (smtp/command.hpp), a reply has had the credentials of this
/// connection taken out (smtp/authentication) and whatever else looks like some; the body of a message is
/// never part of it; with a mask, nor is a third party's address. Costs nothing when the level is off.
#pragma once

#include "net/stream.hpp"
#include "outcome/address_mask.hpp"
#include "smtp/session.hpp"
#include "wfc/host.hpp"

namespace mailsend::delivery {

/// One connection's transcript. Copies are cheap; as thread-safe as the log.
class WireLog {
  public:
    /// `addresses` may be null: all of them are shown.
    WireLog(const wfc::Log& log, std::shared_ptr<const AddressMask> addresses)
        : log_(log), addresses_(std::move(addresses)) {}

    /// Lets `options`' session write its dialogue.
    void follow(smtp::SessionOptions& options) const;

    void connected(const net::Stream& stream) const;
    void encrypted(const net::TlsFacts& facts) const;

  private:
    std::string fields(Stage stage, std::string_view name, std::string_view text) const;

    wfc::Log log_;
    std::shared_ptr<const AddressMask> addresses_;
};

}  // namespace mailsend::delivery
