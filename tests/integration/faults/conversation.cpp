#include "faults/conversation.hpp"

#include <utility>

namespace faults {
namespace {

constexpr std::string_view end_of_data = "\r\n.\r\n";
constexpr std::size_t read_before_a_fault = 64 * 1024;
constexpr std::string_view no_reply = "\x01\x02\xfe\xff is this how they speak?\r\n";

bool is(std::string_view line, std::string_view verb) {
    return line.substr(0, verb.size()) == verb;
}

/// Keeps as much as the end of data may have begun in.
void shorten(std::string& heard) {
    if (heard.size() > end_of_data.size()) heard.erase(0, heard.size() - end_of_data.size());
}

}  // namespace

Conversation::Conversation(Peer& peer, const Cell& cell, std::chrono::milliseconds time_out,
                           const inbox::ServerTls& tls, std::function<void()> handed_over)
    : peer_(peer), cell_(cell), time_out_(time_out), tls_(tls), handed_over_(std::move(handed_over)) {}

void Conversation::run(bool faulty) {
    faulty_ = faulty;
    try {
        talk();
    } catch (const Gone&) {  // this is how every dialogue ends
    }
}

void Conversation::talk() {
    if (cell_.protection == Protection::tls) shake_hands();
    // A client must have seen that it is connected before it is turned away.
    if (due(Stage::greeting)) peer_.pause(time_out_ / 10);
    answer(Stage::greeting, "220 mail.example.test ready\r\n");
    for (;;) obey(peer_.hear_line());
}

void Conversation::obey(std::string_view line) {
    if (is(line, "EHLO")) {
        const bool again = encrypted_ && cell_.protection == Protection::starttls;
        const bool offered = cell_.protection == Protection::starttls && !encrypted_;
        answer(again ? Stage::ehlo_again : Stage::ehlo,
               offered ? "250-mail.example.test\r\n250 STARTTLS\r\n"
                       : "250-mail.example.test\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n");
    } else if (is(line, "STARTTLS")) {
        answer(Stage::starttls, "220 2.0.0 go ahead\r\n");
        shake_hands();
    } else if (is(line, "AUTH")) {
        answer(Stage::auth, "235 2.7.0 welcome\r\n");
    } else if (is(line, "MAIL")) {
        answer(Stage::mail, "250 2.1.0 sender is fine\r\n");
    } else if (is(line, "RCPT")) {
        answer(Stage::rcpt, "250 2.1.5 recipient is fine\r\n");
    } else if (is(line, "DATA")) {
        answer(Stage::data, "354 go ahead, end with a dot\r\n");
        read_message();
        answer(Stage::dot, "250 2.0.0 queued as 1\r\n");
    } else if (is(line, "QUIT")) {
        answer(Stage::quit, "221 2.0.0 until next time\r\n");
        peer_.cut();
        throw Gone{};
    } else {
        peer_.say("250 2.0.0 fine\r\n");
    }
}

void Conversation::answer(Stage stage, std::string_view reply) {
    std::string heard;
    if (due(stage)) strike(heard);
    peer_.say(reply);
}

void Conversation::shake_hands() {
    if (due(Stage::tls)) {
        std::string heard;
        peer_.await_bytes();
        strike(heard);
    }
    peer_.start_tls(tls_);
    encrypted_ = true;
}

void Conversation::strike(std::string& heard) {
    switch (cell_.fault) {
        case Fault::cut:
            // Whether the kernel says FIN or RST depends on what is unread: in a message there always is
            // some.
            if (cell_.stage == Stage::body) peer_.await_bytes();
            peer_.cut();
            throw Gone{};
        case Fault::reset:
            peer_.reset();
            throw Gone{};
        case Fault::blackhole:
            peer_.stay_silent();
        case Fault::half_close:
            peer_.half_close();
            read_to_the_end(heard);
            break;
        case Fault::garbage:
            peer_.say(no_reply);
            read_to_the_end(heard);
            break;
        case Fault::delay:
            peer_.pause(2 * time_out_);
            break;
        case Fault::drip:
            peer_.drip(time_out_ / 5);
            break;
    }
}

/// Hears all there is and says nothing; an end of data counts all the same. Throws Gone.
void Conversation::read_to_the_end(std::string& heard) {
    for (;;) {
        heard += peer_.hear_some();
        if (heard.find(end_of_data) != heard.npos) {
            handed_over_();
            peer_.stay_silent();
        }
        shorten(heard);
    }
}

void Conversation::read_message() {
    std::string tail = "\r\n";
    for (std::size_t had = 0;;) {
        const std::string more = peer_.hear_some();
        had += more.size();
        tail += more;
        if (tail.find(end_of_data) != tail.npos) return handed_over_();
        shorten(tail);
        if (due(Stage::body) && had >= read_before_a_fault) {
            faulty_ = false;  // once in a message
            strike(tail);
        }
    }
}

}  // namespace faults
