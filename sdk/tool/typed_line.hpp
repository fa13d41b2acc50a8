/// One line that a person types where the terminal shows nothing and hands over each key.
///
/// Guarantees: at most 64 KiB; control characters and the sequences of cursor keys are not part of it; the
/// last character can be taken back, and all of it. No I/O.
#pragma once

#include "wfc/secret.hpp"

namespace wfc::tool {

/// One line; one thread.
class TypedLine {
  public:
    enum class Key {
        more,
        ignored,   ///< a key without a character
        done,      ///< the line is whole
        leave,     ///< Ctrl-C, Ctrl-\ or, in an empty line, Ctrl-D
        too_long,  ///< there is no room for it
    };
    Key take(char byte);
    /// What was typed; the next line begins.
    SecretString text();

  private:
    bool part_of_sequence(char byte) noexcept;
    void rub_out();

    enum class Sequence { none, begun, parameters, last } sequence_ = Sequence::none;
    SecretString text_;
};

}  // namespace wfc::tool
