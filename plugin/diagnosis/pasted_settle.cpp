#include <algorithm>
#include <array>
#include <vector>

#include "diagnosis/diagnosis.hpp"
#include "diagnosis/pasted_lines.hpp"
#include "diagnosis/pasted_stage.hpp"

namespace mailsend::diagnosis {
namespace {

std::string id_of(const Facts& facts) {
    return diagnose(facts, Language::en).id;
}

/// In the order in which they are tried after the likely one.
constexpr std::array stages{Stage::auth, Stage::rcpt,     Stage::dot,  Stage::mail, Stage::greeting,
                            Stage::data, Stage::starttls, Stage::ehlo, Stage::quit};

/// Words of a reply that say where it belongs; the first that is found counts.
struct Hint {
    std::string_view word;  ///< in lower case
    Stage stage;
};
constexpr Hint hints[] = {{"authenti", Stage::auth},  {"login", Stage::auth},  {"password", Stage::auth},
                          {"mail from", Stage::mail}, {"sender", Stage::mail}, {"mailbox", Stage::rcpt},
                          {"recipient", Stage::rcpt}, {"rcpt", Stage::rcpt},   {"user", Stage::rcpt}};

/// The stage at which a reply like this is said most often.
Stage likely_stage(const Reply& reply) {
    constexpr std::array of_login{432, 435, 454, 523, 524, 525, 526, 530, 534, 535, 538};
    if (std::find(of_login.begin(), of_login.end(), reply.code) != of_login.end()) return Stage::auth;
    if (reply.code == 421) return Stage::greeting;
    const std::string text = lowered(reply.text());
    const auto status = reply.enhanced();
    if (status && status->subject == 6) return Stage::dot;
    if (status && status->subject == 1)
        return status->detail == 7 || status->detail == 8 ? Stage::mail : Stage::rcpt;
    if (status && status->subject == 2) return Stage::rcpt;
    for (const Hint& hint : hints) {
        if (text.find(hint.word) != text.npos) return hint.stage;
    }
    const bool about_content = reply.code == 552 || reply.code == 554 || reply.code == 451;
    return about_content ? Stage::dot : Stage::rcpt;
}

/// The codes with which a status is said, the likeliest first.
std::vector<int> codes_for(const std::optional<EnhancedStatus>& status) {
    if (!status) return {};
    if (status->status_class == 4) return {451, 450, 421, 452, 454, 432, 455};
    if (status->status_class == 2) return {250};
    const bool about_login =
        status->subject == 7 && (status->detail == 8 || status->detail == 9 || status->detail == 14 ||
                                 status->detail == 57 || status->detail == 139);
    if (about_login) return {535, 534, 530, 550, 554};
    return {550, 535, 554, 530, 534, 552, 553, 501, 503, 538};
}

Reply with_code(Reply reply, int code) {
    reply.code = code;
    const std::string digits = std::to_string(code);
    for (std::size_t i = 0; i < reply.lines.size(); ++i)
        reply.lines[i] = digits + (i + 1 < reply.lines.size() ? "-" : " ") + reply.lines[i];
    return reply;
}

bool is_general(std::string_view id) {
    return id.starts_with("generic.") || id.starts_with("basic.") || id.starts_with("enhanced.");
}

/// What a server says there is said elsewhere more often in the same words.
bool is_rare(Stage stage) {
    return stage == Stage::auth || stage == Stage::starttls || stage == Stage::ehlo || stage == Stage::quit;
}

constexpr int providers_own_words = 4;
constexpr int known_by_words = 3;
// Words that could be a server's stand on a short line.
constexpr int most_worded_lines = 12;
constexpr std::size_t shortest_wording = 10;
constexpr std::size_t longest_wording = 500;

/// A line without what programs put before the words of a server.
std::string_view words_of(std::string_view line) {
    line = trimmed(line);
    for (const std::string_view prefix :
         {"error: ", "Error: ", "SMTP Error: ", "MailSend: ", "failed to send mail: "}) {
        if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
    }
    return line;
}

/// How much of `facts` the catalogue knows: its words beat its status, and that its code.
int knowledge(const Facts& facts, const std::string& id) {
    Facts bare = facts;
    const auto status = facts.reply->enhanced();
    const std::string code = std::to_string(facts.reply->code) + " ";
    bare.reply = Reply{facts.reply->code, {code + (status ? status->to_string() : std::string())}};
    if (id_of(bare) != id) return is_general(id) ? 3 : providers_own_words;
    if (!status) return 1;
    bare.reply->lines = {code};
    return id_of(bare) != id ? 2 : 1;
}

}  // namespace

void settle(Facts& facts, std::optional<Stage> stage) {
    if (!facts.reply) return;
    const Reply said = *facts.reply;
    std::vector<Reply> replies;
    if (said.code != 0) replies.push_back(said);
    if (said.code == 0) {
        for (const int code : codes_for(EnhancedStatus::parse(said.lines.empty() ? "" : said.lines[0])))
            replies.push_back(with_code(said, code));
    }
    int best = -1;
    Facts tried = facts;
    for (const Reply& reply : replies) {
        std::vector<Stage> order{stage ? *stage : likely_stage(reply)};
        if (!stage) order.insert(order.end(), stages.begin(), stages.end());
        for (const Stage each : order) {
            tried.stage = each;
            tried.reply = reply;
            // At the likely stage a status is as good as words elsewhere, unless those are a provider's own.
            const bool likely = each == order.front();
            const int know = knowledge(tried, id_of(tried));
            if (!likely && is_rare(each) && know < providers_own_words) continue;
            const int known = 2 * know + (likely ? 3 : 0);
            if (known <= best) continue;
            best = known;
            facts.stage = each;
            facts.reply = reply;
        }
    }
}

std::optional<Facts> wording_in(std::string_view text, std::optional<Stage> stage) {
    constexpr std::array tried_stages{Stage::auth, Stage::rcpt, Stage::dot, Stage::mail, Stage::greeting};
    constexpr std::array codes{535, 534, 530, 550, 554, 552, 451, 421};
    const std::vector<Stage> order =
        stage ? std::vector<Stage>{*stage} : std::vector<Stage>(tried_stages.begin(), tried_stages.end());
    int lines = 0;
    while (!text.empty() && lines < most_worded_lines) {
        const std::string_view line = words_of(text.substr(0, text.find('\n')));
        text.remove_prefix(
            std::min(text.size(), text.find('\n') == text.npos ? text.size() : text.find('\n') + 1));
        if (line.size() < shortest_wording || line.size() > longest_wording) continue;
        ++lines;
        for (const int code : codes) {
            for (const Stage each : order) {
                Facts facts;
                facts.stage = each;
                facts.reply = with_code({0, {std::string(line)}}, code);
                const std::string id = id_of(facts);
                // "Internal error", "try again later" and "spam" are anybody's.
                if (is_general(id) && (code < 500 || id.starts_with("generic.policy."))) continue;
                if (knowledge(facts, id) >= known_by_words) return facts;
            }
        }
        if (lowered(line).find("could not authenticate") != std::string::npos) {
            Facts facts;
            facts.stage = stage.value_or(Stage::auth);
            facts.reply = with_code({0, {std::string(line)}}, 535);
            return facts;
        }
    }
    return std::nullopt;
}

void settle_challenge(Facts& facts, std::optional<Stage> stage, const std::string& provider) {
    Facts said = facts;
    said.condition.clear();
    said.stage = stage.value_or(Stage::auth);
    said.reply = Reply{334, {"334 "}};
    const bool of_google = facts.challenge.find("mail.google.com") != std::string::npos;
    said.provider = provider.empty() && of_google ? "gmail" : provider;
    if (id_of(said).starts_with("sasl.")) facts = std::move(said);
}

}  // namespace mailsend::diagnosis
