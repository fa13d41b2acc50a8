#include "operations/connection_words.hpp"

#include <algorithm>

#include "delivery/spoken_protocol.hpp"
#include "diagnosis/diagnosis.hpp"

namespace mailsend {
namespace {

constexpr std::int64_t day_s = 86'400;
/// Enough to renew a certificate and to notice that nobody did.
constexpr std::int64_t days_that_are_few = 21;

std::string value_of(const Facts& facts, const char* name) {
    const auto found = facts.details.find(name);
    return found == facts.details.end() ? std::string() : found->second;
}

bool is_about_dates(const std::string& conditions) {
    return conditions.find("cert.expired") != std::string::npos ||
           conditions.find("cert.not_yet_valid") != std::string::npos;
}

/// Ids of conditions, ", " between, as what they are called.
std::string titles_of(const std::string& ids, Language language) {
    constexpr std::string_view between = ", ";
    std::string text;
    for (std::size_t at = 0; at < ids.size();) {
        const std::size_t end = std::min(ids.find(between, at), ids.size());
        Facts facts;
        facts.stage = Stage::tls;
        facts.condition = ids.substr(at, end - at);
        const std::string pause = language == Language::ja ? "、" : "; ";
        text += (text.empty() ? "" : pause) + diagnose(facts, language).explanation.title;
        at = end + between.size();
    }
    return text;
}

}  // namespace

std::string capabilities_text(const smtp::Capabilities& offered) {
    std::string text;
    const auto say = [&](bool there, std::string_view word) {
        if (there) text.append(text.empty() ? "" : " ").append(word);
    };
    say(offered.starttls, "STARTTLS");
    say(offered.pipelining, "PIPELINING");
    say(offered.chunking, "CHUNKING");
    say(offered.eight_bit_mime, "8BITMIME");
    say(offered.smtputf8, "SMTPUTF8");
    say(offered.dsn, "DSN");
    if (offered.size) say(true, "SIZE=" + std::to_string(*offered.size));
    for (const std::string& name : offered.auth_mechanisms) say(true, "AUTH=" + name);
    return text;
}

std::string full_stop(Language language) {
    return language == Language::ja ? "。" : ". ";
}

std::string list_text(const std::vector<std::string>& words) {
    std::string list;
    for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
    return list;
}

TlsWords tls_words(const net::TlsFacts& tls, std::int64_t now_unix, Language language) {
    const std::int64_t left = tls.not_after_unix - now_unix;
    const bool old = tls.version == "TLSv1" || tls.version == "TLSv1.1" || tls.version == "SSLv3";
    const std::map<std::string, std::string> values = {{"version", tls.version},
                                                       {"cipher", tls.cipher},
                                                       {"names", tls.names},
                                                       {"issuers", list_text(tls.issuers)},
                                                       {"days", std::to_string(left / day_s)}};
    std::string text = phrase("report.tls", values, language);
    if (left <= 0) {
        text += phrase("report.certificate_over", values, language);
    } else {
        const bool few = left < days_that_are_few * day_s;
        text += phrase(few ? "report.few_days_left" : "report.days_left", values, language);
    }
    if (old) text += phrase("report.tls_old", values, language);
    return {std::move(text), old || left < days_that_are_few * day_s};
}

std::string clues(const Facts& facts, Language language) {
    std::string text;
    const auto add = [&](const char* name, const std::map<std::string, std::string>& values) {
        text += (text.empty()               ? full_stop(language)
                 : language == Language::ja ? ""
                                            : " ") +
                phrase(name, values, language);
    };
    const std::string also = value_of(facts, "also");
    if (!also.empty()) add("report.also", {{"also", titles_of(also, language)}});
    if (is_about_dates(facts.condition + " " + also)) {
        add("report.clock", {{"now", value_of(facts, "now")},
                             {"not_before", value_of(facts, "not_before")},
                             {"not_after", value_of(facts, "not_after")}});
    }
    const std::string protocol = delivery::spoken_protocol(value_of(facts, "said"));
    if (protocol == "SMTP") {
        add("report.speaks_smtp", {});
    } else if (!protocol.empty()) {
        add("report.speaks", {{"protocol", protocol}});
    }
    return text;
}

}  // namespace mailsend
