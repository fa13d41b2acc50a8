/// What the flow asked to be sent, parsed and checked, blobs unopened.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "message/address.hpp"
#include "wfc/component.h"

namespace mailsend {

enum class Priority { normal, high, low };

/// One entry of `attachments`; exactly one of `path` and `blob` is set.
struct AttachmentSpec {
    std::string path;
    std::string blob;
    std::string name;        ///< file name shown to the reader; empty: from the path, else the blob's name
    std::string type;        ///< media type; empty: by name and content
    std::string content_id;  ///< without angle brackets; empty for plain attachments
    wfc_status fault =
        WFC_INVALID_INPUT;  ///< status of a problem with it: a default of the settings is theirs
    std::string pointer;    ///< RFC 6901, "/attachments/0": for errors
};

/// A date with its zone, as given in the input.
struct ZonedTime {
    std::int64_t unix_seconds = 0;
    int offset_minutes = 0;
};

struct Draft {
    std::optional<Mailbox> from;
    std::optional<Mailbox> sender;
    std::vector<Mailbox> to, cc, bcc, reply_to;
    std::string subject;
    std::optional<std::string> text;
    std::optional<std::string> html;
    Priority priority = Priority::normal;
    std::optional<ZonedTime> date;
    std::vector<AttachmentSpec> attachments;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// Reads `send`'s input over the defaults of settings.message (`defaults`, may be null: an already validated
/// JSON object whose members stand in for those the input lacks) and the account's From. `account_from` is
/// used when neither names a sender. With neither text nor html the payload is the text: a string as it is,
/// anything else as indented JSON. Throws wfc::Problem(WFC_INVALID_INPUT) that names the member.
Draft parse_draft(std::string_view input_json, const nlohmann::json& defaults,
                  const std::optional<Mailbox>& account_from);

/// Checks settings.message by the same rules, with pointers under /message. Throws
/// wfc::Problem(WFC_INVALID_SETTINGS).
void check_message_defaults(const nlohmann::json& defaults);

}  // namespace mailsend
