/// One invocation in memory: scripted blobs, sinks and cancel; records what the component did.
///
/// Guarantees: `cancelled` is lock-free; getters may be called from any thread. At the end, blobs not closed
/// exactly once are a misuse (see `on_misuse`).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "testhost/content.hpp"
#include "wfc/component.h"

namespace wfc::testhost {

/// A blob the component emitted.
struct EmittedBlob {
    std::string name;
    std::string media_type;
    std::string content;
};

class TestCall {
  public:
    explicit TestCall(std::string operation, std::string input = "{}");
    ~TestCall();
    TestCall(const TestCall&) = delete;
    TestCall& operator=(const TestCall&) = delete;

    /// The call to give to `invoke`; valid while this object lives.
    const wfc_call* table() const noexcept;

    void id(std::string value);             ///< default "call-1"
    void deadline_ms(std::uint64_t value);  ///< on the host clock's monotonic scale; default 0, none
    void blob(std::string name, Content content);
    void result_fails_at(std::uint64_t bytes);  ///< the write that would pass this many bytes fails
    void emit_fails_at(std::uint64_t bytes);    ///< the same for every emitted blob
    void refuse_emitting();                     ///< emit_blob answers WFC_UNSUPPORTED
    /// Called on the call's thread, after the event is recorded.
    void on_progress(std::function<void(const std::string&)> listener);

    void cancel() noexcept;                                 ///< any thread, at any time
    void cancel_after_polls(std::uint64_t polls) noexcept;  ///< the poll after so many others answers true
    std::uint64_t polls() const noexcept;

    std::string result() const;         ///< all bytes of the document
    std::size_t result_writes() const;  ///< how many writes it came in
    std::vector<std::string> progress() const;
    std::vector<EmittedBlob> emitted() const;
    std::vector<std::string> blobs_asked() const;
    SourceCounts sources() const;
    void release_blobs();  ///< never-ready reads give up

    /// Called at the end with a sentence when a source was not closed exactly once. Default: prints it and
    /// aborts.
    void on_misuse(std::function<void(const std::string&)> report);

    /// The default of `on_misuse`, here and in TestHost.
    [[noreturn]] static void abort_with(const std::string& sentence);
    /// The sentence for counts that are not clean.
    static std::string misuse(const SourceCounts& counts);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace wfc::testhost
