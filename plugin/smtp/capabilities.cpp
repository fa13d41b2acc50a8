#include "smtp/capabilities.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace mailsend::smtp {
namespace {

std::string upper(std::string_view word) {
    std::string out(word);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    return out;
}

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while ((at = line.find_first_not_of(" \t", at)) != line.npos) {
        const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
        words.push_back(upper(line.substr(at, end - at)));
        at = end;
    }
    return words;
}

void add_mechanism(Capabilities& capabilities, const std::string& name) {
    auto& known = capabilities.auth_mechanisms;
    if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
}

/// What "RCPTMAX=100" among the words of LIMITS says (RFC 9422 section 4.1); nothing where it is no number
/// that can be kept.
std::optional<std::uint64_t> recipients_limit(const std::vector<std::string>& words) {
    constexpr std::string_view name = "RCPTMAX=";
    for (const std::string& word : words) {
        if (!word.starts_with(name)) continue;
        const char* const end = word.data() + word.size();
        std::uint64_t most = 0;
        const auto [stopped, error] = std::from_chars(word.data() + name.size(), end, most);
        if (error == std::errc{} && stopped == end && most > 0) return most;
    }
    return std::nullopt;
}

}  // namespace

Capabilities Capabilities::from(const Reply& ehlo) {
    Capabilities out;
    for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {  // the first line is the greeting
        const std::string_view line = ehlo.lines[i];
        const std::vector<std::string> words =
            words_of(line.size() > 4 ? line.substr(4) : std::string_view{});
        if (words.empty()) continue;
        const std::string& keyword = words.front();
        if (keyword == "STARTTLS") out.starttls = true;
        if (keyword == "PIPELINING") out.pipelining = true;
        if (keyword == "CHUNKING") out.chunking = true;
        if (keyword == "8BITMIME") out.eight_bit_mime = true;
        if (keyword == "SMTPUTF8") out.smtputf8 = true;
        if (keyword == "DSN") out.dsn = true;
        if (keyword == "SIZE") {
            std::uint64_t octets = 0;
            if (words.size() > 1) std::from_chars(words[1].data(), words[1].data() + words[1].size(), octets);
            out.size = octets;
        }
        if (keyword == "LIMITS") out.recipients_max = recipients_limit(words);
        // "AUTH=PLAIN LOGIN" is what some servers still send for clients older than RFC 2554.
        if (keyword == "AUTH" || keyword.rfind("AUTH=", 0) == 0) {
            if (keyword.size() > 5) add_mechanism(out, keyword.substr(5));
            for (std::size_t w = 1; w < words.size(); ++w) add_mechanism(out, words[w]);
        }
    }
    return out;
}

}  // namespace mailsend::smtp
