/// Finds the end of data and takes the stuffed dots out (RFC 5321 section 4.5.2).
///
/// Guarantees: only CR LF . CR LF (or . CR LF as the whole) ends the data; a bare LF or CR is data. Works on
/// pieces of any size. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace inbox {

class Dots {
  public:
    /// Appends the data in `bytes` to `into`; returns how many bytes belonged to it, fewer than all only at
    /// the end.
    std::size_t feed(std::string_view bytes, std::string& into) {
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            const char c = bytes[at];
            if (state_ == State::dot && c != '\r') {
                state_ = State::inside;  // the dot before was a stuffed one: it is gone already
            } else if (state_ == State::dot_cr) {
                if (c == '\n') {
                    state_ = State::done;
                    return at + 1;
                }
                into += '\r';
                state_ = State::inside;
            }
            switch (state_) {
                case State::start:
                    if (c == '.') {
                        state_ = State::dot;
                        continue;
                    }
                    state_ = c == '\r' ? State::cr : State::inside;
                    break;
                case State::inside:
                    state_ = c == '\r' ? State::cr : State::inside;
                    break;
                case State::cr:
                    state_ = c == '\n' ? State::start : c == '\r' ? State::cr : State::inside;
                    break;
                case State::dot:
                    state_ = State::dot_cr;
                    continue;
                case State::dot_cr:
                case State::done:
                    break;
            }
            into += c;
        }
        return bytes.size();
    }
    bool done() const noexcept { return state_ == State::done; }

  private:
    enum class State { start, inside, cr, dot, dot_cr, done };
    State state_ = State::start;
};

}  // namespace inbox
