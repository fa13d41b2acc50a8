/// Why a component is not used, in one sentence that names both sides of the disagreement.
#pragma once

#include <stdexcept>
#include <string>

namespace wfc {

/// "greet needs ABI 1.3, this host offers 1.0". `what()` is for people; the exit code of `wfc` is 69.
class Refused : public std::runtime_error {
  public:
    explicit Refused(const std::string& sentence) : std::runtime_error(sentence) {}
};

}  // namespace wfc
