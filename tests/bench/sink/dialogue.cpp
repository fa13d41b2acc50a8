#include "bench/sink/dialogue.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <strings.h>

namespace bench::sink {
namespace {

constexpr std::string_view known[] = {"PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE",
                                      "CHUNKING",   "DSN",      "AUTH",     "ENHANCEDSTATUSCODES"};

bool begins(std::string_view line, std::string_view verb) {
    return line.size() >= verb.size() && ::strncasecmp(line.data(), verb.data(), verb.size()) == 0;
}

std::string offer(std::string_view word) {
    if (std::find(std::begin(known), std::end(known), word) == std::end(known))
        throw std::invalid_argument("the sink cannot offer " + std::string(word));
    if (word == "AUTH") return "250-AUTH PLAIN LOGIN XOAUTH2\r\n";
    if (word == "SIZE") return "250-SIZE 2147483647\r\n";
    return "250-" + std::string(word) + "\r\n";
}

class Dialogue {
  public:
    Dialogue(Channel& channel, const Door& door, const ServerTls* tls, Counts& counts)
        : channel_(channel), door_(door), tls_(tls), counts_(counts) {}

    void run() {
        if (door_.security == Security::tls && !start_tls()) return;
        channel_.reply("220 sink.example.test ESMTP\r\n");
        std::string_view line;
        while (channel_.line(line) && answer(line)) {
        }
        channel_.flush();
    }

  private:
    bool start_tls() {
        if (!channel_.start_tls(tls_->context(door_.resumption))) return false;
        ++counts_.handshakes;
        if (channel_.resumed()) ++counts_.resumed;
        return true;
    }
    /// False when the conversation is over.
    bool answer(std::string_view line) {
        if (begins(line, "MAIL FROM:")) {
            sender_ = true;
            recipients_ = 0;
        } else if (begins(line, "RCPT TO:")) {
            if (!sender_) return refuse();
            ++recipients_;
        } else if (begins(line, "BDAT ")) {
            return chunk(line.substr(5));
        } else if (begins(line, "DATA")) {
            return data();
        } else if (begins(line, "EHLO") || begins(line, "HELO")) {
            return hello();
        } else if (begins(line, "AUTH ")) {
            return sign_in(line);
        } else if (begins(line, "STARTTLS")) {
            channel_.reply("220 2.0.0 go\r\n");
            return start_tls();
        } else if (begins(line, "QUIT")) {
            channel_.reply("221 2.0.0 bye\r\n");
            return false;
        } else if (begins(line, "RSET")) {
            sender_ = false;
        }
        channel_.reply("250 2.0.0 ok\r\n");
        return true;
    }
    bool refuse() {
        channel_.reply("503 5.5.1 not now\r\n");
        return true;
    }
    bool hello() {
        channel_.reply("250-sink.example.test\r\n");
        channel_.reply(door_.offers);
        const bool may_encrypt = door_.security == Security::starttls && !channel_.encrypted();
        channel_.reply(may_encrypt ? "250 STARTTLS\r\n" : "250 HELP\r\n");
        return true;
    }
    bool sign_in(std::string_view line) {
        const bool login = begins(line, "AUTH LOGIN");
        const bool has_response = line.find(' ', 5) != line.npos;
        std::string_view ignored;
        for (int asked = has_response ? 1 : 0; asked < (login ? 2 : 1); ++asked) {
            channel_.reply("334 \r\n");
            if (!channel_.line(ignored)) return false;
        }
        channel_.reply("235 2.7.0 ok\r\n");
        return true;
    }
    bool taken() {
        ++counts_.messages;
        counts_.recipients += recipients_;
        sender_ = false;
        recipients_ = 0;
        channel_.reply("250 2.0.0 queued\r\n");
        return true;
    }
    bool data() {
        if (recipients_ == 0) return refuse();
        channel_.reply("354 go\r\n");
        return skip_message() && taken();
    }
    void pass(std::size_t octets) {
        counts_.octets += octets;
        channel_.consume(octets);
    }
    /// Through CR LF . CR LF. Dots are rare, so they are what is looked for.
    bool skip_message() {
        char before[2] = {'\r', '\n'};  // the two bytes before those that are buffered
        for (;;) {
            const std::string_view all = channel_.buffered();
            const auto at = [&](std::size_t i, std::size_t back) {
                return i >= back ? all[i - back] : before[2 + i - back];
            };
            std::size_t dot = all.find('.');
            while (dot != all.npos && (at(dot, 1) != '\n' || at(dot, 2) != '\r' ||
                                       (dot + 3 <= all.size() && all.substr(dot + 1, 2) != "\r\n")))
                dot = all.find('.', dot + 1);
            const std::size_t end = std::min(dot, all.size());
            if (dot != all.npos && dot + 3 <= all.size()) {
                pass(dot + 3);
                return true;
            }
            const char one = at(end, 1), two = at(end, 2);
            before[0] = two;
            before[1] = one;
            pass(end);  // a dot whose line may end the message stays for the next look
            if (!channel_.fill()) return false;
        }
    }
    /// RFC 3030 section 2: "SIZE [LAST]", then so many octets.
    bool chunk(std::string_view arguments) {
        std::uint64_t left = 0;
        const char* const end = arguments.data() + arguments.size();
        const auto parsed = std::from_chars(arguments.data(), end, left);
        const bool last = begins({parsed.ptr, static_cast<std::size_t>(end - parsed.ptr)}, " LAST");
        const bool wanted = recipients_ != 0;
        while (left > 0) {
            const std::size_t here =
                static_cast<std::size_t>(std::min<std::uint64_t>(left, channel_.buffered().size()));
            pass(here);
            left -= here;
            if (left > 0 && !channel_.fill()) return false;
        }
        if (!wanted) return refuse();
        if (last) return taken();
        channel_.reply("250 2.0.0 chunk\r\n");
        return true;
    }

    Channel& channel_;
    const Door& door_;
    const ServerTls* tls_;
    Counts& counts_;
    bool sender_ = false;
    std::uint64_t recipients_ = 0;
};

}  // namespace

Door Door::parse(std::string_view text) {
    Door door;
    const std::size_t colon = text.find(':');
    std::string_view security = text.substr(0, colon);
    if (security == "tls-full" || security == "starttls-full") {
        door.resumption = false;
        security.remove_suffix(5);
    }
    if (security == "starttls") {
        door.security = Security::starttls;
    } else if (security == "tls") {
        door.security = Security::tls;
    } else if (security != "plain") {
        throw std::invalid_argument("a door is plain, starttls or tls, not " + std::string(security));
    }
    if (colon == text.npos) {
        for (const std::string_view word : known) door.offers += offer(word);
        return door;
    }
    for (std::string_view words = text.substr(colon + 1); !words.empty();) {
        const std::size_t comma = std::min(words.find(','), words.size());
        if (comma > 0) door.offers += offer(words.substr(0, comma));
        words.remove_prefix(std::min(comma + 1, words.size()));
    }
    return door;
}

void converse(Channel& channel, const Door& door, const ServerTls* tls, Counts& counts) {
    ++counts.connections;
    Dialogue(channel, door, tls, counts).run();
}

}  // namespace bench::sink
