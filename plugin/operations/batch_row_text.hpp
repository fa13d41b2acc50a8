/// A row's line in the blob of results.
///
/// Guarantees: one line of JSON without its end; explanations are left out, because they are the same for
/// many rows and stand in the result document.
#pragma once

#include <string>
#include <string_view>

#include "operations/batch_row.hpp"

namespace mailsend {

/// `own_key`: the idempotency_key that the row gave, or empty.
std::string row_text(std::uint64_t number, RowFate fate, const SendResult& result, std::string_view own_key);

/// The same of a row of which nothing was sent.
std::string row_text(std::uint64_t number, RowFate fate, const Error& error, std::string_view own_key);

}  // namespace mailsend
