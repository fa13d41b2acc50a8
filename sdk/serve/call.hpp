/// One invocation, from its request to its result.
///
/// Guarantees: `cancelled` is lock-free; the result is bounded and said once, whoever comes first. What the
/// component does with its call after that is silence.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "serve/call_blobs.hpp"
#include "serve/line_writer.hpp"
#include "serve/request.hpp"
#include "serve/said.hpp"
#include "wfc/component.h"

namespace wfc::serve {

class Call {
  public:
    /// `ports`: of the operation. `folder` and `out` outlive this. Its time begins now. Throws
    /// Refusal("blob").
    Call(std::uint64_t id, Invoke asked, std::vector<std::string> ports, BlobFolder& folder, LineWriter& out);
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    const wfc_call& table() const noexcept { return table_; }
    std::uint64_t id() const noexcept { return id_; }
    /// wfc_call.id, which the component sees; borrowed.
    std::string_view name() const noexcept { return call_; }
    std::uint64_t deadline_ms() const noexcept { return table_.deadline_ms; }
    void cancel() noexcept { cancelled_ = true; }

    /// What the component wrote becomes the result. `status`: what its invoke returned. The thread of the
    /// call.
    Result finish(wfc_status status);
    /// A result of the host's, where the component has none.
    static Result without(wfc_status status, std::string_view outcome, std::string_view error,
                          std::string_view error_class, std::string_view advice, std::string_view sentence);
    /// True for the first who asks: that one says the result, and nobody else may.
    bool claim() noexcept { return !claimed_.exchange(true); }
    /// Removes what the call read and says the result.
    void say(const Result& result);
    /// Says instead that it was not begun.
    void refuse(const Refusal& refusal);

  private:
    wfc_status append(std::string_view bytes);

    std::uint64_t id_;
    std::string call_, operation_, input_, document_{};
    std::vector<std::string> ports_;
    CallBlobs blobs_;
    LineWriter& out_;
    bool too_long_ = false;
    std::atomic<bool> cancelled_{false}, claimed_{false};
    wfc_call table_{};
};

}  // namespace wfc::serve
