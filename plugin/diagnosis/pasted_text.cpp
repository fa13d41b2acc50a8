#include "diagnosis/pasted_text.hpp"

#include "diagnosis/pasted_delivery.hpp"
#include "diagnosis/pasted_document.hpp"
#include "diagnosis/pasted_json.hpp"
#include "diagnosis/pasted_lines.hpp"
#include "diagnosis/pasted_oauth.hpp"
#include "diagnosis/pasted_reply.hpp"
#include "diagnosis/pasted_stage.hpp"
#include "diagnosis/pasted_trouble.hpp"
#include "outcome/document.hpp"

namespace mailsend {
namespace {

using namespace diagnosis;

constexpr std::size_t longest_sentence = 300;
/// A context further away than this belongs to something else.
constexpr std::size_t longest_context = 4096;

Facts unrecognised(std::string_view text) {
    Facts facts;
    facts.stage = Stage::input;
    facts.condition = "explain.unrecognised";
    const std::string_view said = trimmed(text);
    facts.sentence = printable(said.substr(0, said.find('\n')), longest_sentence);
    return facts;
}

/// Facts of a reply: its words, the stage that the text around it names, and what else that text knows.
Facts facts_of(const PastedReply& found, std::string_view text, std::optional<Stage> stage,
               const std::string& provider) {
    const std::size_t from = found.at > longest_context ? found.at - longest_context : 0;
    const std::string before = lowered(text.substr(from, found.at - from));
    const std::string after = lowered(text.substr(found.end, longest_context));
    Facts facts;
    facts.reply = found.reply;
    facts.provider = provider;
    if (!stage) stage = stage_in_words(before, after);
    for (const std::string_view mechanism : {"xoauth2", "oauthbearer"}) {
        if (before.find(mechanism) == before.npos && after.find(mechanism) == after.npos) continue;
        facts.details = {{"proof", "access_token"}, {"mechanism", std::string(mechanism)}};
        if (!stage && found.reply.code == 535) stage = Stage::auth;
        break;
    }
    if (const std::string challenge = challenge_in_text(text); !challenge.empty())
        add_challenge(facts, challenge);
    settle(facts, stage);
    return facts;
}

/// Facts of what a log says of a delivery: the words name the trouble, or else its status does.
Facts facts_of(const DeliveryLine& line, std::optional<Stage> stage, const std::string& provider) {
    if (line.delivered) return accepted(line);
    if (std::optional<Facts> trouble = trouble_in_text(line.words)) return *trouble;
    if (const std::optional<PastedReply> reply = find_reply(line.words))
        return facts_of(*reply, line.words, stage, provider);
    Facts facts;
    facts.reply = Reply{0, {line.status + " " + line.words}};
    facts.provider = provider;
    settle(facts, stage);
    return facts;
}

/// The stage of the command that was answered with a yes.
std::optional<Stage> stage_before(const PastedReply& found, std::string_view text) {
    const std::size_t from = found.at > longest_context ? found.at - longest_context : 0;
    return stage_in_words(lowered(text.substr(from, found.at - from)), {});
}

Facts read(std::string_view raw, std::optional<Stage> stage, const std::string& provider) {
    PastedJson json = read_json_in(raw);
    if (json.facts && json.challenge) settle_challenge(*json.facts, stage, provider);
    if (json.facts) return *json.facts;
    const std::string text = plain_lines(json.strings.empty() ? raw : std::string_view(json.strings));
    if (!stage && !json.command.empty()) stage = stage_of_command(json.command);

    const std::optional<PastedReply> reply = find_reply(text, stage && *stage != Stage::api);
    const bool yes = reply && reply->reply.code < 400;
    if (reply && reply->certain && !yes) return facts_of(*reply, text, stage, provider);
    if (std::optional<Facts> unknown = unknown_outcome(text)) return *unknown;
    if (const std::optional<DeliveryLine> line = delivery_line(text); line && (!yes || !line->delivered))
        return facts_of(*line, stage, provider);
    if (std::optional<Facts> oauth = oauth_in_text(text)) return *oauth;
    const std::optional<PastedReply> status = find_status(text);
    if (status) return facts_of(*status, text, stage, provider);
    if (std::optional<Facts> api = api_in_text(text)) return *api;
    if (std::optional<Facts> trouble = trouble_in_text(text)) return *trouble;
    if (reply && !yes) return facts_of(*reply, text, stage, provider);
    if (const std::string challenge = challenge_in_text(text); !challenge.empty()) {
        Facts facts = challenge_facts(challenge);
        settle_challenge(facts, stage, provider);
        return facts;
    }
    if (yes) return accepted(*reply, stage ? stage : stage_before(*reply, text));
    if (std::optional<Facts> words = wording_in(text, stage)) {
        words->provider = provider;
        return *words;
    }
    return unrecognised(text);
}

/// At most `longest_pasted` octets, without a piece of a character at the end.
std::string_view shortened_text(std::string_view text) noexcept {
    if (text.size() <= longest_pasted) return text;
    std::size_t end = longest_pasted;
    while (end > longest_pasted - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
}

}  // namespace

PastedText read_pasted(std::string_view text, std::optional<Stage> stage, const std::string& provider) {
    const std::string_view looked_at = shortened_text(text);
    PastedText out;
    out.cut = looked_at.size() < text.size();
    out.facts = read(looked_at, stage, provider);
    if (stage) out.facts.stage = *stage;
    if (!provider.empty()) out.facts.provider = provider;
    return out;
}

bool readable(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_letter(c) || is_digit(c)) return true;
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0xC3 && byte <= 0xF4 && i + 1 < text.size() &&
            (static_cast<unsigned char>(text[i + 1]) & 0xC0) == 0x80 &&
            !(byte == 0xEF && static_cast<unsigned char>(text[i + 1]) == 0xBF)) {
            return true;
        }
    }
    return false;
}

}  // namespace mailsend
