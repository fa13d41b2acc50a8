/// A piece of a message on its way from where it is composed to the socket, in one buffer that is used again.
///
/// Guarantees: what the source writes is sent from where it was written; an octet moves only where a dot
/// before it had to be doubled. Room is left in front, for the commands that go ahead of the piece, and
/// behind, for the end of data and the commands that follow it, so that all of it leaves in one write. Memory
/// is bounded by what is asked for, whatever the message holds. Does not write, nor know what the commands
/// say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace mailsend::smtp {

/// One thread at a time.
class BodyBuffer {
  public:
    enum class Form {
        dot_stuffed,  ///< for DATA (RFC 5321 section 4.5.2)
        plain,  ///< for BDAT (RFC 3030 section 2): octet by octet, but for an end of line that is lacking
    };
    /// How much can be put in front, and behind the end of data.
    static constexpr std::size_t spare = 1024;

    /// `octets` of a message are taken at a time.
    explicit BodyBuffer(std::size_t octets = 64 * 1024);

    /// A new message; what is left of the one before is dropped.
    void start(Form form) noexcept;

    /// Drops view(), then takes the next piece: calls `read(char*, std::size_t most)`, which returns how many
    /// octets it gave, 0 at the end, until the buffer is full or the source has ended. What `read` throws
    /// comes out; the message must then be given up. Lines end in CR LF.
    template <class Read>
    void fill(Read&& read) {
        drop();
        while (!ended_ && octets() < most_) took(read(data_.get() + end_, most_ - octets()));
    }

    /// The source has given everything.
    bool ended() const noexcept { return ended_; }
    /// Of the message in view(), as they go over the wire; without what stands in front or behind.
    std::size_t octets() const noexcept { return body_end_ - body_begin_; }
    /// What is to be written; borrowed until the next change.
    std::string_view view() const noexcept { return {data_.get() + begin_, end_ - begin_}; }
    /// view() was written.
    void drop() noexcept;

    /// False where there is no room: nothing is done then.
    bool put_in_front(std::string_view commands) noexcept;
    /// Appends the end of data. Once, for Form::dot_stuffed, when ended().
    void end_of_data() noexcept;
    /// Behind it all; as put_in_front.
    bool put_behind(std::string_view commands) noexcept;

  private:
    void took(std::size_t count);
    void stuff(std::size_t from);
    void append(std::string_view octets) noexcept;

    std::size_t most_;
    std::size_t capacity_;
    std::unique_ptr<char[]> data_;
    std::size_t begin_ = spare;
    std::size_t body_begin_ = spare;
    std::size_t body_end_ = spare;
    std::size_t end_ = spare;
    Form form_ = Form::dot_stuffed;
    bool at_line_start_ = true;
    bool ended_ = false;
    std::vector<std::uint32_t> dots_;  ///< places to be doubled, kept for its memory
};

}  // namespace mailsend::smtp
