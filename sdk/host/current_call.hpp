/// Which call a thread is in: what is logged on it belongs to that call.
///
/// Guarantees: while an object of this lives, `get` on the same thread names its call; calls inside each
/// other come back to the outer one. Threads that a component starts itself are in no call: what they log
/// carries no id.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wfc {

/// How a call is called, by those who know it.
struct CallNames {
    std::string_view id;                     ///< wfc_call.id
    std::string_view flow{}, step{};         ///< empty where it is not a step of a flow
    std::optional<std::uint64_t> request{};  ///< of an engine in another process: the id of its request
};

/// Lives on the stack of the thread that makes the call.
class CurrentCall {
  public:
    /// What is borrowed outlives this.
    explicit CurrentCall(const CallNames& names) noexcept;
    ~CurrentCall();
    CurrentCall(const CurrentCall&) = delete;
    CurrentCall& operator=(const CurrentCall&) = delete;

    /// Nothing where the thread is in none.
    static const CallNames* get() noexcept;

  private:
    CallNames names_;
    const CallNames* outer_;
};

}  // namespace wfc
