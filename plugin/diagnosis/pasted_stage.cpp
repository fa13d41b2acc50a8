#include "diagnosis/pasted_stage.hpp"

#include "diagnosis/pasted_lines.hpp"

namespace mailsend::diagnosis {
namespace {

struct Clue {
    std::string_view words;
    Stage stage;
};

// Said around a reply by programs that know where they were; the most telling first.
constexpr Clue clues[] = {
    {"in reply to end of data", Stage::dot},
    {"in reply to rcpt", Stage::rcpt},
    {"in reply to mail", Stage::mail},
    {"in reply to data", Stage::data},
    {"in reply to bdat", Stage::dot},
    {"in reply to auth", Stage::auth},
    {"in reply to starttls", Stage::starttls},
    {"in reply to ehlo", Stage::ehlo},
    {"in reply to helo", Stage::ehlo},
    {"refused to talk to me", Stage::greeting},
    {"sasl authentication failed", Stage::auth},
    {"after end of data", Stage::dot},
    {"after pipelined end of data", Stage::dot},
    {"after rcpt to", Stage::rcpt},
    {"after pipelined rcpt to", Stage::rcpt},
    {"after mail from", Stage::mail},
    {"after pipelined mail from", Stage::mail},
    {"after data", Stage::data},
    {"after pipelined data", Stage::data},
    {"after auth", Stage::auth},
    {"after starttls", Stage::starttls},
    {"after ehlo", Stage::ehlo},
    {"after helo", Stage::ehlo},
    {"after initial connection", Stage::greeting},
    {"smtpauthenticationerror", Stage::auth},
    {"smtprecipientsrefused", Stage::rcpt},
    {"smtpsenderrefused", Stage::mail},
    {"smtpdataerror", Stage::dot},
    {"smtpheloerror", Stage::ehlo},
    {"smtpconnecterror", Stage::greeting},
    {"authenticationfailedexception", Stage::auth},
    {"smtpaddressfailedexception", Stage::rcpt},
    {"smtpsenderfailedexception", Stage::mail},
    {"authenticationexception", Stage::auth},
    {"invalid login", Stage::auth},
    {"eauth", Stage::auth},
    {"password command failed", Stage::auth},
    {"could not authenticate", Stage::auth},
    {"failed to authenticate", Stage::auth},
    {"mail command failed", Stage::mail},
    {"mail from command failed", Stage::mail},
    {"the following from address failed", Stage::mail},
    {"recipient command failed", Stage::rcpt},
    {"all recipients were rejected", Stage::rcpt},
    {"recipients failed", Stage::rcpt},
    {"recipient address", Stage::rcpt},
    {"data command failed", Stage::data},
    {"data not accepted", Stage::dot},
    {"data end command failed", Stage::dot},
    {"message failed", Stage::dot},
    {"invalid greeting", Stage::greeting},
    {"upgrading connection with starttls", Stage::starttls},
    {"starttls command failed", Stage::starttls},
    {"ehlo command failed", Stage::ehlo},
    {"authentication failed", Stage::auth},
    {"authentication failure", Stage::auth},
};

constexpr Clue commands[] = {
    {"auth", Stage::auth}, {"mail", Stage::mail},     {"rcpt", Stage::rcpt},
    {"data", Stage::dot},  {"bdat", Stage::dot},      {"ehlo", Stage::ehlo},
    {"helo", Stage::ehlo}, {"lhlo", Stage::ehlo},     {"starttls", Stage::starttls},
    {"quit", Stage::quit}, {"conn", Stage::greeting}, {"end of data", Stage::dot},
    {".", Stage::dot},
};

// As they stand in a transcript, in front of the reply.
constexpr Clue sent[] = {
    {"auth plain", Stage::auth},
    {"auth login", Stage::auth},
    {"auth xoauth2", Stage::auth},
    {"auth cram-", Stage::auth},
    {"auth oauthbearer", Stage::auth},
    {"auth scram", Stage::auth},
    {"mail from:", Stage::mail},
    {"rcpt to:", Stage::rcpt},
    {"ehlo ", Stage::ehlo},
    {"starttls\n", Stage::starttls},
    {"data\n", Stage::dot},
    {"\n.\n", Stage::dot},
};

std::optional<Stage> last_sent(std::string_view before) {
    std::optional<Stage> out;
    std::size_t last = 0;
    for (const Clue& clue : sent) {
        const std::size_t at = before.rfind(clue.words);
        if (at == before.npos || (out && at < last)) continue;
        if (at > 0 && is_letter(before[at - 1]) && is_letter(clue.words[0])) continue;
        out = clue.stage;
        last = at;
    }
    return out;
}

/// The value of a member `command` as programs write it: command: 'AUTH PLAIN', "command":"RCPT TO".
std::optional<Stage> named_command(std::string_view text) {
    constexpr std::string_view name = "command";
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        std::string_view value = text.substr(at + name.size());
        const std::size_t begin = value.find_first_not_of("\"' :=");
        if (begin == value.npos || value.substr(0, begin).find_first_of(":=") == value.npos) continue;
        if (const auto stage = stage_of_command(value.substr(begin))) return stage;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Stage> stage_of_command(std::string_view command) {
    for (const Clue& clue : commands) {
        if (command.starts_with(clue.words)) return clue.stage;
    }
    return std::nullopt;
}

std::optional<Stage> stage_in_words(std::string_view before, std::string_view after) {
    if (const auto named = named_command(after)) return named;
    if (const auto named = named_command(before)) return named;
    for (const Clue& clue : clues) {
        if (after.find(clue.words) != after.npos || before.find(clue.words) != before.npos) return clue.stage;
    }
    return last_sent(before);
}

}  // namespace mailsend::diagnosis
