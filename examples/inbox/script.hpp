/// The script that tells the inbox how to answer.
///
///     # STAGE [MATCH] ACTION…
///     auth                      reply 535 5.7.139 Authentication unsuccessful
///     rcpt <bob@example.test>   delay 2s reply 550 5.1.1 No such user
///     ehlo #2                   close-after
///     dot                       delay 1s
///     |                         cut
///
/// Guarantees: a script is wholly understood or refused with the number of the line at fault; nothing is
/// ignored. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace inbox {

/// Where in a dialogue something is answered. `auth` is the verdict on credentials, `challenge` each 334
/// before it; `dot` is the end of data, by the final dot or by BDAT LAST.
enum class Stage {
    greeting,
    ehlo,
    starttls,
    tls,
    challenge,
    auth,
    mail,
    rcpt,
    data,
    dot,
    bdat,
    rset,
    noop,
    vrfy,
    quit
};

enum class Act {
    reply,        ///< `code` and `text` (lines separated by LF) in place of the usual reply
    bytes,        ///< `text` as it is, in place of the usual reply
    flood,        ///< lines of a reply that never ends, `count` of them (0: until the client goes)
    delay,        ///< waits `time`
    drip,         ///< from here on one byte per `time`
    silence,      ///< answers nothing any more; waits until the client goes
    cut,          ///< FIN
    reset,        ///< RST
    close_after,  ///< closes politely when the rule is done
};

struct Action {
    Act act = Act::reply;
    int code = 0;
    std::string text;
    std::chrono::milliseconds time{0};
    std::size_t count = 0;
};

struct Rule {
    Stage stage = Stage::greeting;
    std::string address;  ///< fits this path only; empty: any
    std::size_t nth = 0;  ///< fits the nth time only that the stage is answered in a connection; 0: always
    std::vector<Action> actions;
    std::size_t line = 0;  ///< where it stands
};

/// `what()` is "line 3: …".
class ScriptError : public std::runtime_error {
  public:
    ScriptError(std::size_t line, const std::string& sentence)
        : std::runtime_error("line " + std::to_string(line) + ": " + sentence), line_(line) {}
    std::size_t line() const noexcept { return line_; }

  private:
    std::size_t line_;
};

class Script {
  public:
    /// Throws ScriptError.
    static Script parse(std::string_view text);
    /// Reads at most 1 MiB. Throws ScriptError, also (with line 0) when the file cannot be read.
    static Script load(const std::string& path);

    /// The first rule that fits, or null. `nth` counts from 1; `address` is the path of mail and rcpt without
    /// brackets.
    const Rule* match(Stage stage, std::size_t nth, std::string_view address = {}) const noexcept;
    /// What a client is told: an error that nobody sees would pass for a dialogue.
    static std::string fault(const ScriptError& error);
    const std::vector<Rule>& rules() const noexcept { return rules_; }

  private:
    std::vector<Rule> rules_;
};

/// Writes \r \n \t \0 \\ \" and \xNN of `text` as the bytes they stand for. Throws std::invalid_argument.
std::string unescape(std::string_view text);

/// "200ms", "2s", "1m". Throws std::invalid_argument.
std::chrono::milliseconds parse_time(std::string_view text);

/// A whole reply with CR LF: `code` before every line of `text`, with '-' before all but the last.
std::string render_reply(int code, std::string_view text);

/// The word of a stage.
std::string_view to_string(Stage stage) noexcept;

}  // namespace inbox
