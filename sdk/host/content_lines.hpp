/// Finds the lines of texts of people in texts that are about to be given away.
///
/// Guarantees: a line of eight bytes or more is found where it stands whole, and where its first sixteen
/// bytes or more do; time grows with the text, whatever the lines are. Bounded: further lines are not looked
/// for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/shared_runs.hpp"

namespace wfc {

/// One thread at a time.
class ContentLines {
  public:
    void add(std::string_view text);
    void find(std::string_view text, std::vector<Span>& into) const;

  private:
    void add_line(std::string_view line);

    std::unordered_map<std::uint64_t, std::vector<std::string>> lines_{};  ///< by their first eight bytes
    std::size_t bytes_ = 0, count_ = 0;
};

}  // namespace wfc
