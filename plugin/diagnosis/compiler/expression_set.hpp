/// The expressions of a catalogue, each once, and the database that finds them all in one pass.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mailsend::diagnosis::compiler {

class ExpressionSet {
  public:
    /// The number of `pattern`; `owner` is named where it does not compile ("gmail.json, the entry 'x'").
    /// Throws std::runtime_error when there are too many.
    std::uint16_t number_of(const std::string& pattern, const std::string& owner);
    std::size_t size() const noexcept { return patterns_.size(); }

    /// Serialized, for any machine of this kind whatever its processor can do: letter case ignored, `.` takes
    /// every byte. Throws std::runtime_error that names the owner of the expression at fault.
    std::string database() const;

  private:
    std::map<std::string, std::uint16_t> numbers_;
    std::vector<std::string> patterns_;
    std::vector<std::string> owners_;
};

}  // namespace mailsend::diagnosis::compiler
