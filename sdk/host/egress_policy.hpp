/// wfc.egress/1: which addresses a component may connect to.
///
/// Guarantees: decided on the resolved address, so a name that points inside later gains nothing. With
/// private addresses refused, so are the IPv6 forms that carry one inside (mapped, compatible, translated,
/// 6to4), and what is no address at all.
#pragma once

#include <string_view>

#include "wfc/component.h"

namespace wfc {

/// True for an IP literal that is reachable from the public internet: not loopback, private, shared,
/// link-local, unique-local, multicast, unspecified, reserved or for documentation (IANA special-purpose
/// registries, RFC 6890).
bool is_public_address(std::string_view address) noexcept;

/// Any thread.
class EgressPolicy {
  public:
    explicit EgressPolicy(bool private_addresses);
    EgressPolicy(const EgressPolicy&) = delete;
    EgressPolicy& operator=(const EgressPolicy&) = delete;

    const wfc_egress* table() const noexcept { return &table_; }
    wfc_status allow(std::string_view address) const noexcept;

  private:
    bool private_addresses_;
    wfc_egress table_;
};

}  // namespace wfc
