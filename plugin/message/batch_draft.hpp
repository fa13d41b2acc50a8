/// Drafts of a batch: what is said once for all rows, and a row over it.
///
/// Guarantees: a row is data. Its strings are taken literally, and only those of the batch's message, of the
/// settings' templates and defaults are templates, filled in from the row's payload.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "message/draft.hpp"

namespace mailsend {

class ParsedTemplates;

/// Where the members of each row's message come from besides the row. Borrowed: must outlive the rows.
struct RowSources {
    const nlohmann::json& message;   ///< of the batch, checked; its members are as those of settings.message
    const nlohmann::json& defaults;  ///< settings.message
    const std::optional<Mailbox>& account_from;
    const nlohmann::json* templates = nullptr;  ///< settings.templates; may be null
    const ParsedTemplates* parsed = nullptr;    ///< of the three above; may be null
};

/// Checks the message of a batch before there is a row, with pointers under /message. Throws
/// wfc::Problem(WFC_INVALID_INPUT).
void check_batch_message(const nlohmann::json& message);

/// Reads a row: members of `send`'s input that differ from row to row, above all `to` and `payload`. Throws
/// wfc::Problem(WFC_INVALID_INPUT) with a pointer into the row, or under /message where every row has the
/// fault, and WFC_INVALID_SETTINGS for one of the settings. Any thread.
Draft parse_row(const nlohmann::json& row, const RowSources& sources);

}  // namespace mailsend
