/// A server that keeps the rules of RFC 5321, RFC 2920 and RFC 3030, refuses at random, and remembers what it
/// really took: what a Session says of its transactions is measured against it. No socket.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace mailsend::smtp {

class ModelServer {
  public:
    struct Delivery {
        std::string sender;
        std::vector<std::string> recipients;
        std::string body;
    };
    /// Of a thousand.
    struct Temper {
        unsigned refuses_mail = 30;
        unsigned refuses_rcpt = 150;
        unsigned is_full = 40;  ///< "too many recipients", whether or not others were accepted
        unsigned refuses_data = 30;
        unsigned says_354_to_nobody = 300;
        unsigned refuses_chunk = 60;
        unsigned refuses_end = 100;
        unsigned takes_empty_for_nobody = 500;
        bool keeps_envelope_after_refused_chunk = false;
        unsigned leaves = 0;              ///< says 421 and closes
        unsigned goes_on_behind_421 = 0;  ///< says it to one command as another server would say 451
        unsigned hangs_up = 0;            ///< closes without a word
        unsigned talks_on = 0;            ///< one reply too many
    };

    ModelServer(std::uint32_t seed, Temper temper) : random_(seed), temper_(temper) {}

    /// Reads on: at most `most` octets of what was sent.
    void read(std::size_t most) {
        while (most > 0 && !in.empty() && !closed) {
            const std::size_t used = phase_ == Phase::chunk ? take_chunk(most) : take_line(most);
            if (used == 0) return;
            most -= std::min(most, used);
        }
    }

    std::string in;   ///< from the client
    std::string out;  ///< to it
    bool closed = false;
    bool babbled = false;          ///< said a reply too many
    std::size_t out_of_order = 0;  ///< MAIL inside a transaction: a client must never do that
    std::vector<Delivery> deliveries;

  private:
    enum class Phase { commands, body, chunk };

    bool chance(unsigned of_thousand) { return random_() % 1000 < of_thousand; }
    void say(std::string_view line) { out.append(line).append("\r\n"); }

    std::size_t take_line(std::size_t) {
        const std::size_t end = in.find("\r\n");
        if (end == in.npos) return 0;
        const std::string line = in.substr(0, end);
        in.erase(0, end + 2);
        phase_ == Phase::body ? body_line(line) : command(line);
        return end + 2;
    }

    void command(const std::string& line) {
        if (chance(temper_.hangs_up)) {
            closed = true;
            return;
        }
        if (chance(temper_.leaves)) {
            say("421 4.3.2 closing");
            closed = true;
            return;
        }
        const std::string verb = line.substr(0, 4);
        // BDAT is answered with its octets; a server that does not take RSET mixes messages itself.
        if (verb != "BDAT" && verb != "RSET" && chance(temper_.goes_on_behind_421))
            return say("421 4.3.2 not this, not now");
        if (verb == "MAIL") mail(line);
        if (verb == "RCPT") rcpt(line);
        if (verb == "DATA") data();
        if (verb == "BDAT") bdat(line);
        if (verb == "RSET") {
            reset();
            say("250 2.0.0 reset");
        }
        if (chance(temper_.talks_on) && phase_ == Phase::commands) {
            say("250 2.0.0 and more");
            babbled = true;
        }
    }

    static std::string path(const std::string& line) {
        const std::size_t begin = line.find('<') + 1;
        return line.substr(begin, line.find('>') - begin);
    }

    void mail(const std::string& line) {
        if (has_sender_) {
            ++out_of_order;
            return say("503 5.5.1 nested MAIL");
        }
        if (chance(temper_.refuses_mail)) return say("451 4.3.0 not you, not now");
        has_sender_ = true;
        current_.sender = path(line);
        say("250 2.1.0 ok");
    }

    void rcpt(const std::string& line) {
        if (!has_sender_) return say("503 5.5.1 MAIL first");
        if (chance(temper_.is_full)) return say("452 4.5.3 too many recipients");
        if (chance(temper_.refuses_rcpt)) return say("550 5.1.1 unknown");
        current_.recipients.push_back(path(line));
        say("250 2.1.5 ok");
    }

    void data() {
        const bool nobody = current_.recipients.empty();
        if (nobody && !(has_sender_ && chance(temper_.says_354_to_nobody)))
            return say(has_sender_ ? "554 5.5.1 no valid recipients" : "503 5.5.1 MAIL first");
        if (!nobody && chance(temper_.refuses_data)) return say("451 4.3.0 no room");
        phase_ = Phase::body;
        say("354 go");
    }

    void body_line(const std::string& line) {
        if (line != ".") {
            current_.body += (line.starts_with('.') ? line.substr(1) : line) + "\r\n";
            return;
        }
        phase_ = Phase::commands;
        end();
        reset();
    }

    void end() {
        if (current_.recipients.empty())
            return say(chance(temper_.takes_empty_for_nobody) ? "250 2.0.0 ok" : "554 5.5.1 nobody");
        if (chance(temper_.leaves)) {
            say("421 4.3.2 closing");
            closed = true;
            return;
        }
        if (chance(temper_.goes_on_behind_421)) return say("421 4.3.2 not this, not now");
        if (chance(temper_.refuses_end)) return say("554 5.7.1 not this");
        deliveries.push_back(current_);
        say("250 2.0.0 queued " + current_.sender);
    }

    void bdat(const std::string& line) {
        left_ = std::stoul(line.substr(5));
        last_ = line.ends_with(" LAST");
        phase_ = Phase::chunk;
        if (left_ == 0) chunk_taken();
    }

    std::size_t take_chunk(std::size_t most) {
        const std::size_t count = std::min({most, left_, in.size()});
        current_.body.append(in, 0, count);
        in.erase(0, count);
        left_ -= count;
        if (left_ == 0) chunk_taken();
        return count;
    }

    void chunk_taken() {
        phase_ = Phase::commands;
        if (current_.recipients.empty() || failed_) {
            const bool odd = has_sender_ && !failed_ && last_ && chance(100);
            if (last_ && !temper_.keeps_envelope_after_refused_chunk) reset();
            return say(odd ? "250 2.0.0 to nobody" : "503 5.5.1 no valid recipients");
        }
        if (!last_) {
            if (!chance(temper_.refuses_chunk)) return say("250 2.0.0 chunk");
            failed_ = true;
            return say("452 4.3.1 disk full");
        }
        const std::size_t before = deliveries.size();
        end();
        if (deliveries.size() > before || !temper_.keeps_envelope_after_refused_chunk)
            reset();
        else
            current_.body.clear();
    }

    void reset() {
        has_sender_ = failed_ = false;
        current_ = {};
    }

    std::mt19937 random_;
    Temper temper_;
    Phase phase_ = Phase::commands;
    bool has_sender_ = false;
    bool failed_ = false;  ///< a chunk was refused
    bool last_ = false;
    std::size_t left_ = 0;
    Delivery current_;
};

}  // namespace mailsend::smtp
