#include "operations/composing.hpp"

#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "ledger/draft_digest.hpp"
#include "message/attachment.hpp"
#include "message/draft.hpp"

namespace mailsend {
namespace {

/// The key never reaches the wire, only its hash does; the label keeps hashes for different uses apart.
std::string derived(std::string_view label, std::string_view key) {
    return crypto::sha256_hex(std::string(label).append("\n").append(key)).substr(0, 32);
}

wfc::Source open_attachment(const Invocation& invocation, const AttachmentSpec& spec) {
    const auto refuse = [&](const std::string& member, const std::string& why) {
        const std::string pointer = spec.pointer + "/" + member;
        throw wfc::Problem(spec.fault, pointer, pointer + " " + why + origin_of(spec));
    };
    try {
        if (!spec.blob.empty()) return invocation.call.open_blob(spec.blob);
    } catch (const wfc::StreamFailed&) {
        refuse("blob", "names a blob the host does not have: \"" + spec.blob + "\"");
    }
    try {
        return invocation.host.files().open(spec.path);
    } catch (const wfc::ServiceFailed& failed) {
        switch (failed.status()) {
            case WFC_NOT_FOUND:
                refuse("path", "was not found: \"" + spec.path + "\"");
                break;
            case WFC_DENIED:
                refuse("path", "may not be opened: \"" + spec.path +
                                   "\" is outside the folders the host opens, or not a regular file");
                break;
            default:
                refuse("path", "could not be opened: \"" + spec.path + "\"");
        }
    }
    return {};
}

}  // namespace

Composed compose_input(Invocation& invocation) {
    const Settings& settings = invocation.account.settings();
    return compose_draft(invocation, parse_draft(invocation.call.input(), *settings.message, settings.from,
                                                 settings.templates.get()));
}

Composed compose_draft(Invocation& invocation, const Draft& draft) {
    const wfc::Clock clock = invocation.host.clock();
    Composed out;
    out.terms = draft.terms;
    out.key = draft.terms.idempotency_key.value_or(std::string(invocation.call.id()));
    if (invocation.account.settings().delivery.ledger) out.draft_digest = ledger::draft_digest(draft);
    Circumstances circumstances;
    circumstances.message_id = derived("message-id", out.key) + "@" + draft.from->address.domain;
    circumstances.boundary_seed = derived("boundary", out.key);
    circumstances.now_unix_ms = clock.unix_ms();
    circumstances.utc_offset_minutes = clock.utc_offset_min(circumstances.now_unix_ms);
    out.message_id = "<" + circumstances.message_id + ">";
    out.message = compose(draft, circumstances,
                          [&](const AttachmentSpec& spec) { return open_attachment(invocation, spec); });
    return out;
}

}  // namespace mailsend
