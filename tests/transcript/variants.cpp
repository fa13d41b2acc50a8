#include "transcript/variants.hpp"

#include <algorithm>

namespace transcript {
namespace {

bool begins(std::string_view text, std::string_view with) {
    return text.substr(0, with.size()) == with;
}

bool commands(const Line& line, std::string_view verb) {
    return (line.kind == Kind::hear || line.kind == Kind::match) && begins(line.text, verb);
}

bool offers(const Transcript& transcript, std::string_view keyword) {
    for (const auto& connection : transcript.connections) {
        for (const Line& line : connection) {
            if (line.kind == Kind::say && begins(line.text, "250") && line.text.size() > 4 &&
                begins(std::string_view(line.text).substr(4), keyword)) {
                return true;
            }
        }
    }
    return false;
}

/// Whether it stays the same when MAIL, RCPT and DATA leave together: each but the last is taken, and that
/// one is answered as a server does that keeps to what it offers.
bool may_be_grouped(const std::vector<Line>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const bool last = commands(lines[i], "DATA");
        if (!last && !commands(lines[i], "MAIL") && !commands(lines[i], "RCPT")) continue;
        if (i + 1 == lines.size() || lines[i + 1].kind != Kind::say) return false;
        const std::string& reply = lines[i + 1].text;
        if (last ? reply.find_first_of("345") != 0 : !begins(reply, "250 ")) return false;
    }
    return true;
}

/// Adds the keyword to each reply to EHLO; false where there is none.
bool offer(std::vector<Line>& lines, const std::string& keyword) {
    bool added = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!commands(lines[i], "EHLO")) continue;
        while (i + 1 < lines.size() && lines[i + 1].kind == Kind::say && begins(lines[i + 1].text, "250-"))
            ++i;
        if (i + 1 == lines.size() || lines[i + 1].kind != Kind::say || !begins(lines[i + 1].text, "250 "))
            continue;
        Line& last = lines[++i];
        last.text[3] = '-';
        Line more = last;
        more.text = "250 " + keyword + "\r\n";
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(++i), std::move(more));
        added = true;
    }
    return added;
}

bool in_a_group(const Line& line) {
    return commands(line, "MAIL") || commands(line, "RCPT") || commands(line, "DATA");
}

/// Puts each reply of a group behind its command; false where they are not as many.
bool take_apart(std::vector<Line>& lines) {
    for (auto begin = lines.begin(); begin != lines.end(); ++begin) {
        if (!in_a_group(*begin)) continue;
        auto reply = std::find_if_not(begin, lines.end(), in_a_group);
        for (; begin + 1 != reply; begin += 2, ++reply) {
            const bool whole = reply != lines.end() && reply->kind == Kind::say && reply->text.size() > 3 &&
                               reply->text[3] == ' ';
            if (!whole) return false;
            std::rotate(begin + 1, reply, reply + 1);
        }
    }
    return true;
}

}  // namespace

std::optional<Transcript> with_pipelining(const Transcript& transcript) {
    if (offers(transcript, "PIPELINING")) return std::nullopt;
    Transcript grouped = transcript;
    bool offered = false;
    for (auto& connection : grouped.connections) {
        if (!may_be_grouped(connection)) return std::nullopt;
        offered = offer(connection, "PIPELINING") || offered;
    }
    return offered ? std::optional(std::move(grouped)) : std::nullopt;
}

std::optional<Transcript> one_at_a_time(const Transcript& transcript) {
    if (!offers(transcript, "PIPELINING") || offers(transcript, "CHUNKING")) return std::nullopt;
    Transcript apart = transcript;
    apart.settings.merge_patch({{"delivery", {{"pipelining", "off"}}}});
    for (auto& connection : apart.connections) {
        if (!take_apart(connection) || !may_be_grouped(connection)) return std::nullopt;
    }
    return apart;
}

}  // namespace transcript
