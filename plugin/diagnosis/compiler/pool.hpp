/// Texts one behind the other, each text once.
#pragma once

#include <string>
#include <unordered_map>

#include "diagnosis/layout.hpp"

namespace mailsend::diagnosis::compiler {

class Pool {
  public:
    layout::Text add(const std::string& text) {
        const auto [found, fresh] = places_.try_emplace(text);
        if (fresh) {
            found->second = {static_cast<std::uint32_t>(bytes_.size()),
                             static_cast<std::uint32_t>(text.size())};
            bytes_ += text;
        }
        return found->second;
    }
    const std::string& bytes() const noexcept { return bytes_; }

  private:
    std::string bytes_;
    std::unordered_map<std::string, layout::Text> places_;
};

}  // namespace mailsend::diagnosis::compiler
