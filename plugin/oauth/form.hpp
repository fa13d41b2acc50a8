/// application/x-www-form-urlencoded, for requests and for the query of a URL.
#pragma once

#include <string>
#include <string_view>

#include "wfc/secret.hpp"

namespace mailsend::oauth {

/// Everything but unreserved characters as %XX (RFC 3986 section 2.3): right in forms and in queries.
void append_encoded(wfc::SecretString& out, std::string_view text);

/// Names and values in the order given. Wipes itself.
class Form {
  public:
    Form& add(std::string_view name, std::string_view value);
    /// As `add`, unless the value is empty.
    Form& add_some(std::string_view name, std::string_view value);
    Form copy() const;
    std::string_view encoded() const noexcept { return encoded_.reveal(); }

  private:
    wfc::SecretString encoded_;
};

/// `url` with a query in which the form's parameters come last. For forms without secrets.
std::string with_query(std::string_view url, const Form& form);

}  // namespace mailsend::oauth
