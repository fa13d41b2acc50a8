#include "diagnosis/pasted_delivery.hpp"

#include <algorithm>
#include <array>

#include "diagnosis/pasted_lines.hpp"
#include "outcome/document.hpp"

namespace mailsend::diagnosis {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t longest_sentence = 300;

// A message was given away whole, and nobody knows what became of it.
constexpr std::array handed_over{"message may be sent more than once"sv, "sending end of data"sv,
                                 "the whole message was sent but"sv};
constexpr std::array cuts{"connection reset"sv, "econnreset"sv,      "connection closed"sv,
                          "lost connection"sv,  "connection lost"sv, "timed out"sv,
                          "etimedout"sv,        "broken pipe"sv,     "connection unexpectedly closed"sv,
                          "unexpected eof"sv,   "socket close"sv};
constexpr std::array done{"sent"sv, "delivered"sv, "deliverable"sv};

std::string sentence_of(std::string_view text) {
    return printable(trimmed(text), longest_sentence);
}

/// The line around `at`.
std::string_view line_around(std::string_view text, std::size_t at) {
    const std::size_t feed = at == 0 ? text.npos : text.rfind('\n', at - 1);
    text.remove_prefix(feed == text.npos ? 0 : feed + 1);
    return text.substr(0, text.find('\n'));
}

Facts yes(std::string sentence, Stage stage) {
    Facts facts;
    facts.stage = stage;
    facts.condition = "explain.accepted";
    facts.sentence = std::move(sentence);
    return facts;
}

Stage stage_of_yes(int code) {
    switch (code) {
        case 220:
            return Stage::greeting;
        case 221:
            return Stage::quit;
        case 235:
        case 334:
            return Stage::auth;
        case 354:
            return Stage::data;
        default:
            return Stage::dot;
    }
}

bool begins_with_354(std::string_view text, std::size_t at) {
    const char before = at == 0 ? '\n' : text[at - 1];
    const char after = at + 3 < text.size() ? text[at + 3] : '\n';
    return " \n:<>'\""sv.find(before) != std::string_view::npos &&
           " -\n"sv.find(after) != std::string_view::npos;
}

}  // namespace

std::optional<DeliveryLine> delivery_line(std::string_view text) {
    const std::size_t at = text.rfind("dsn=");
    if (at == text.npos || (at > 0 && is_letter(text[at - 1]))) return std::nullopt;
    std::string_view line = text.substr(at + 4);
    line = line.substr(0, line.find('\n'));
    DeliveryLine out;
    out.status = line.substr(0, std::min(line.find_first_not_of("0123456789."), line.size()));
    if (out.status.empty()) return std::nullopt;
    std::string_view words;
    if (const std::size_t status = line.find("status="); status != line.npos) {
        words = line.substr(status + 7);
        const std::size_t open = words.find('(');
        const std::string_view name = trimmed(words.substr(0, open));
        out.delivered = std::find(done.begin(), done.end(), name) != done.end();
        words = open == words.npos ? ""sv : words.substr(open + 1, words.rfind(')') - open - 1);
    } else if (const std::size_t stat = line.find("stat="); stat != line.npos) {
        words = line.substr(stat + 5);
        out.delivered = words.starts_with("Sent");
    }
    out.delivered = out.delivered && out.status.starts_with('2');
    out.words = trimmed(words);
    if (out.words.empty() && !out.delivered) return std::nullopt;
    return out;
}

std::optional<Facts> unknown_outcome(std::string_view text) {
    const std::string low = lowered(text);
    std::size_t at = low.npos;
    for (const std::string_view words : handed_over) at = std::min(at, low.find(words));
    if (const std::size_t go = low.rfind("354");
        at == low.npos && go != low.npos && begins_with_354(low, go)) {
        const std::string_view rest = std::string_view(low).substr(go + 3);
        std::size_t cut = rest.npos;
        for (const std::string_view words : cuts) cut = std::min(cut, rest.find(words));
        const bool answered = rest.substr(0, cut).find("\n250") != rest.npos;
        if (cut != rest.npos && !answered) at = go + 3 + cut;
    }
    if (at == low.npos) return std::nullopt;
    Facts facts;
    facts.stage = Stage::dot;
    facts.condition = "outcome.unknown";
    facts.sentence = sentence_of(line_around(text, at));
    return facts;
}

Facts accepted(const PastedReply& reply, std::optional<Stage> stage) {
    Facts facts = yes(sentence_of(reply.reply.words()), stage.value_or(stage_of_yes(reply.reply.code)));
    facts.reply = reply.reply;
    return facts;
}

Facts accepted(const DeliveryLine& line) {
    return yes(sentence_of(line.words), Stage::dot);
}

}  // namespace mailsend::diagnosis
