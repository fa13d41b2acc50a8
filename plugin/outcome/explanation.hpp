/// What diagnosis answers: what happened, who must act, what to do, whether to try again.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "outcome/failure.hpp"
#include "outcome/vocabulary.hpp"

namespace mailsend {

/// Text for people, in one language, placeholders filled in.
struct Explanation {
    std::string title;
    std::string cause;
    std::vector<std::string> steps;
    Actor actor = Actor::nobody;
    std::string link;  ///< empty when there is none
};

struct Diagnosis {
    std::string id;  ///< of errors.json; never changes
    ErrorClass error_class = ErrorClass::unknown;
    Advice advice = Advice::never;
    std::optional<std::chrono::milliseconds> delay;  ///< with backoff and after
    bool penalty =
        false;  ///< the server counts repeats against the account: none by itself, however transient
    Explanation explanation;
};

/// Everything the document says about one failure.
struct Error {
    Facts facts;
    Diagnosis diagnosis;
    /// What had gone wrong before and led to this: `facts.cause`, explained.
    std::shared_ptr<const Error> cause{};
};

}  // namespace mailsend
