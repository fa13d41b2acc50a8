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
#include "message/send_terms.hpp"
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
    /// Whose problem it is when it cannot be had: the settings' where they say which file or blob it is, the
    /// input's where it does or where the payload chose.
    wfc_status fault = WFC_INVALID_INPUT;
    std::string pointer;        ///< RFC 6901, "/attachments/0", "/message/attachments/0": for errors
    std::string rendered_from;  ///< pointer of the settings' template that became it; empty: none did
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
    SendTerms terms{};  ///< no part of the message
};

/// Reads `send`'s input over the template it names (of settings.templates: `templates`, may be null) and the
/// defaults of settings.message (`defaults`, may be null); both already checked as below. A member of the
/// input stands instead of the template's, and that instead of the default, each as a whole; text and html
/// are one body for this. Strings of
/// `templates` and `defaults` are templates, those of the input only with `"render": true`; only what is used
/// is rendered. `account_from` is used when none names a sender. With neither text nor html from anywhere the
/// payload is the text: a string as it is, anything else as indented JSON. Throws
/// wfc::Problem(WFC_INVALID_INPUT) that names the member, also for what a payload made of a template, with
/// the pointer of the message's member ("/subject") or of the payload's that a template misses.
Draft parse_draft(std::string_view input_json, const nlohmann::json& defaults,
                  const std::optional<Mailbox>& account_from, const nlohmann::json* templates = nullptr);

/// Checks settings.message by the same rules, with pointers under /message: strings with a tag by their
/// syntax and what no payload can mend, everything else as in any message. Throws
/// wfc::Problem(WFC_INVALID_SETTINGS).
void check_message_defaults(const nlohmann::json& defaults);

/// Checks settings.templates in the same way, with pointers as /templates/NAME/subject.
void check_templates(const nlohmann::json& templates);

}  // namespace mailsend
