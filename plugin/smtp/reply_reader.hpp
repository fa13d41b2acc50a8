/// Bytes -> replies (RFC 5321 section 4.2.1).
///
/// Guarantees: bounded (line 2000 octets, 12288 while signing in, reply 100 lines and 64 KiB); anything that
/// is not a reply is refused at once; every line of a reply carries the same code. A bare LF ends a line too:
/// servers that send it exist, and a reply cannot be smuggled past a client that matches one reply to one
/// command. Does not interpret text.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "outcome/reply.hpp"

namespace mailsend::smtp {

/// The server's bytes are no reply. `condition()` is the id of errors.json: "protocol.garbage",
/// "protocol.line_too_long", "protocol.reply_too_long".
class BadReply : public std::runtime_error {
  public:
    BadReply(const char* condition, const std::string& sentence)
        : std::runtime_error(sentence), condition_(condition) {}
    const char* condition() const noexcept { return condition_; }

  private:
    const char* condition_;
};

class ReplyReader {
  public:
    static constexpr std::size_t max_line = 2000;
    static constexpr std::size_t max_exchange_line = 12288;  ///< RFC 4954 section 4
    static constexpr std::size_t max_lines = 100;
    static constexpr std::size_t max_bytes = 64 * 1024;

    /// From now on a line may have so many octets.
    void allow_line(std::size_t octets) noexcept { longest_line_ = octets; }

    /// Takes bytes as they arrive. Throws BadReply.
    void push(std::string_view bytes);

    /// The next complete reply, to be used or changed until the next call; null: there is none yet. Throws
    /// BadReply.
    Reply* read();
    /// The same, to be kept.
    std::optional<Reply> next();

    /// True when nothing is buffered: no partial line, no line of a reply to come.
    bool empty() const noexcept { return rest().empty() && lines_ == 0; }

    /// What stands unread, for a sentence about it; borrowed.
    std::string_view rest() const noexcept { return std::string_view(buffer_).substr(read_); }

    void clear() noexcept;

  private:
    void check_line(std::size_t size) const;
    bool take_line(std::string_view line);

    std::string buffer_;
    std::size_t read_ = 0;   ///< so much of buffer_ was used
    Reply reply_;            ///< its strings are used again
    std::size_t lines_ = 0;  ///< of reply_ that belong to the reply that is being read
    std::size_t bytes_ = 0;  ///< of these
    std::size_t longest_line_ = max_line;
};

}  // namespace mailsend::smtp
