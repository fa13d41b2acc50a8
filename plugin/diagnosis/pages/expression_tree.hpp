/// An expression taken apart, as far as its words are wanted. Internal to phrases.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailsend::diagnosis::pages {

/// A piece of an expression.
struct Node {
    enum class Kind {
        text,      ///< exactly these words
        one,       ///< one character of any kind: "doesn.t"
        anything,  ///< of any length
        sequence,
        choice,
        maybe,  ///< its only part may be missing
    };
    Kind kind = Kind::text;
    std::string text;
    std::vector<Node> parts;
};

/// Anchors and word borders are dropped. Never throws; brackets that do not close end with the text.
Node tree_of(std::string_view expression);

}  // namespace mailsend::diagnosis::pages
