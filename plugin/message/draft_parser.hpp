/// Reading `send`'s input, one function per kind of member; the front door is draft.hpp.
///
/// Guarantees: whatever comes back holds no CR, LF or NUL where a header, an address or a name is made of it;
/// every fault is a wfc::Problem with the pointer of the element at fault. Not done here: opening files and
/// blobs, encoding. Bounds count characters (code points), as the schemas do, but for header values, which
/// count octets.
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "message/draft.hpp"
#include "wfc/component.h"

namespace wfc {
class Fields;
class JsonReader;
}  // namespace wfc

namespace mailsend {

inline constexpr std::size_t max_input_bytes = std::size_t{48}
                                               << 20;  ///< the whole document, payload included
inline constexpr std::size_t max_body_bytes = std::size_t{16} << 20;  ///< `text` and `html` each
inline constexpr std::size_t max_recipients = 1000;                   ///< To, Cc and Bcc together
inline constexpr std::size_t max_reply_to = 20;
inline constexpr std::size_t max_attachments = 100;
inline constexpr std::size_t max_headers = 100;
inline constexpr std::size_t max_header_value_octets = 998;  ///< RFC 5322 section 2.1.1
inline constexpr std::size_t max_subject = 4000;
inline constexpr std::size_t max_path = 4096;
inline constexpr std::size_t max_file_name = 255;
inline constexpr std::size_t max_blob_name = 128;
inline constexpr std::size_t max_idempotency_key = 256;

/// Where a value stands and whose fault it would be.
struct Place {
    wfc_status status = WFC_INVALID_INPUT;
    std::string pointer;  ///< RFC 6901

    Place at(std::string_view member) const;
    Place at(std::size_t index) const;
    /// Throws wfc::Problem with `pointer` in front of the sentence.
    [[noreturn]] void refuse(const std::string& why) const;
};

/// Refuses a member that is none of `members`, before any other is looked at: a misspelt member is better
/// named than missed.
void allow_only(wfc::Fields& fields, std::initializer_list<std::string_view> members);

/// Whether `text` has more characters (code points) than `limit`.
bool longer_than(std::string_view text, std::size_t limit) noexcept;

/// At most `limit` characters, without controls (TAB included), so that it fits one line. May be empty.
void check_line(std::string_view text, const Place& place, std::size_t limit);

/// Text of a body. Controls but NUL are the writer's own business: the composer encodes them.
void check_body(std::string_view text, const Place& place);

/// The string at `place`, as check_line wants it.
std::string line_of(const nlohmann::json& value, const Place& place, std::size_t limit);

/// Characters (code points) of UTF-8 text.
std::size_t character_count(std::string_view text) noexcept;

/// One address: a string, `{ "name"?, "address" }`, or a list of exactly one of them.
Mailbox mailbox_of(const nlohmann::json& value, const Place& place);

/// Any number of addresses: a string that may hold several with commas between (or none), an object, or a
/// list of strings with one address each and objects. At most `limit`. Used for every address member, and by
/// actions that take `to`.
std::vector<Mailbox> mailboxes_of(const nlohmann::json& value, const Place& place,
                                  std::size_t limit = max_recipients);

/// `attachments`: exactly one of path and blob each, no content_id twice.
std::vector<AttachmentSpec> attachments_of(const nlohmann::json& value, const Place& place);

/// `headers`: field names of RFC 5322 section 3.6.8 and their values. Those that MailSend writes itself are
/// refused, naming the member to use instead.
std::vector<std::pair<std::string, std::string>> headers_of(const nlohmann::json& value, const Place& place);

/// An RFC 3339 date and time with its zone, from the year 1900 on (RFC 5322 section 3.3). Fractions of a
/// second are dropped, a leap second is the second after it.
ZonedTime zoned_time_of(const nlohmann::json& value, const Place& place);
ZonedTime zoned_time_of(std::string_view text, const Place& place);

// The same from the text of a document, for inputs that need no tree (draft_plain.hpp). They throw
// wfc::Problem, whose pointer and sentence mean nothing, or wfc::JsonFault.
Mailbox mailbox_of(wfc::JsonReader& in);
std::vector<Mailbox> mailboxes_of(wfc::JsonReader& in, std::size_t limit);
std::vector<std::pair<std::string, std::string>> headers_of(wfc::JsonReader& in);

/// Checks members of a message before there is a payload: all but the strings with tags in them.
void check_members(const nlohmann::json& members, const Place& place);

class Layers;

/// What `layers` make of a message, with the rules that hold for it as a whole. `fields` is the input.
Draft draft_of(wfc::Fields& fields, Layers& layers, const std::optional<Mailbox>& account_from);

}  // namespace mailsend
