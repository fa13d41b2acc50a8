/// The parameters that a browser brings back: the query of an address, or the fields of a form.
///
/// Guarantees: values live in wiped memory only; bounded (64 parameters); a name that stands twice makes the
/// whole unusable, because two readers could take different ones (RFC 6749 section 3.1).
#pragma once

#include <optional>
#include <string_view>

#include "wfc/secret.hpp"

namespace wfc {

class VisitParameters {
  public:
    /// Parses application/x-www-form-urlencoded. Nothing where a name is repeated, there are too many, or
    /// something is not UTF-8 or wrongly encoded.
    static std::optional<VisitParameters> parse(std::string_view encoded);

    /// Whether `state` is among them and is this one; takes the same time wherever they differ. Never for an
    /// empty `expected`.
    bool has_state(std::string_view expected) const noexcept;

    /// `{"parameters": {…}}`, in the order in which they came.
    const SecretString& document() const noexcept { return document_; }

  private:
    SecretString state_, document_;
};

}  // namespace wfc
