/// `--support FILE`: what somebody who is asked for help needs, in one archive, after a call that failed.
///
/// Guarantees: nothing is written after a call that succeeded; what is written is masked (support_mask.hpp)
/// and bounded; a file that cannot be written changes nothing about how the call ended. Learns nothing of the
/// input but the names and sizes of its members; what is in them is masked wherever it is repeated.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/event_record.hpp"
#include "host/secret_view.hpp"
#include "manifest/manifest.hpp"
#include "tool/options.hpp"

namespace wfc::tool {

/// Of one call. One thread, but for `record`.
class SupportBundle {
  public:
    /// Throws Stop(66) where `options.support` cannot be written, Stop(64) where it is a file of
    /// this call or lies where secrets are. Both outlive this.
    SupportBundle(const InvokeOptions& options, const Manifest& manifest);

    /// For the log writer.
    EventRecord& record() noexcept { return record_; }
    /// The call begins. `settings` and `input`: the documents it is made with.
    void begins(std::string call_id, std::string settings, const std::string& input);
    /// The document that was shown.
    void ended_with(std::string_view document) { result_ = document; }
    /// A sentence for the person: what was written, or why not.
    struct Outcome {
        std::int32_t level;
        std::string sentence;
    };
    /// After the call, while its component is still loaded. `secrets` kept their values. Where `cancelled`
    /// becomes true meanwhile, what is not yet masked is left out.
    Outcome finish(int exit_code, const SecretView& secrets, const std::atomic<bool>& cancelled);

  private:
    const InvokeOptions& options_;
    const Manifest& manifest_;
    EventRecord record_{};
    std::string call_id_, settings_, input_, result_, began_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace wfc::tool
