/// One attempt to connect to one address, and the words for what came of it.
///
/// Guarantees: asks egress before a packet leaves; the kernel's codes become conditions in this place alone.
/// Does not wait: whoever dials polls the socket.
#pragma once

#include <Poco/Net/StreamSocket.h>
#include <string>
#include <variant>

#include "net/connect.hpp"
#include "outcome/failure.hpp"

namespace mailsend::net {

/// Why an address could not be connected to: an id of the catalogue, and words that follow the address.
struct Refusal {
    std::string condition;
    std::string words;
};

/// Of an errno.
Refusal refusal_of(int error);

/// Begins to connect. The socket does not block; it is writable once the attempt is decided, and then its
/// error tells how. Throws nothing of Poco's.
std::variant<Poco::Net::StreamSocket, Refusal> dial(const Endpoint& endpoint, const std::string& address,
                                                    const wfc::Egress& egress);

/// Refused attempts at one endpoint, added up. Borrows the endpoint.
class Refusals {
  public:
    /// `leads_back`: see connect.hpp.
    explicit Refusals(const Endpoint& endpoint, bool leads_back = false)
        : endpoint_(endpoint), leads_back_(leads_back) {}

    void note(const std::string& address, Refusal refusal);
    /// The most telling refusal with its address, and all of them in the sentence. Something was noted.
    Failure failure() const;

  private:
    const Endpoint& endpoint_;
    bool leads_back_;
    std::string tried_;
    Refusal worst_;
    std::string telling_address_;
};

}  // namespace mailsend::net
