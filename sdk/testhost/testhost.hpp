/// A host in memory, for tests of components: every service scripted, every question recorded, time in the
/// test's hands.
///
/// Guarantees: services may be called from any thread; nothing touches disk, network or environment. At the
/// end, file sources not closed exactly once are a misuse (see `on_misuse`). Offers a prompt
/// only to a test that answers it.
///
///     TestHost host;
///     host.secret("alice", "correct horse");
///     host.file("report.pdf", {.bytes = "…"});
///     TestCall call("send", R"({…})");
///     component->invoke(component, call.table());
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "testhost/call.hpp"
#include "testhost/content.hpp"
#include "testhost/secrets.hpp"
#include "testhost/state.hpp"
#include "wfc/component.h"

namespace wfc::testhost {

/// What the component wrote to wfc.log/1.
struct LogEvent {
    std::int32_t level;
    std::string id;
    std::string fields;
};

/// What the component asked wfc.egress/1.
struct EgressQuestion {
    std::string host;
    std::string address;
    std::uint16_t port;
};

/// Configure it before the component runs; `advance`, `release_files` and the getters may be called from any
/// thread meanwhile.
class TestHost {
  public:
    TestHost();
    ~TestHost();
    TestHost(const TestHost&) = delete;
    TestHost& operator=(const TestHost&) = delete;

    /// The host to give to `create`; valid while this object lives.
    const wfc_host* table() const noexcept;

    // wfc.log/1
    void log_level(std::int32_t lowest);  ///< events below are not enabled; default 0, everything
    std::vector<LogEvent> events() const;
    /// Called on the writing thread, after the event is recorded; for "cancel when this is logged".
    void on_event(std::function<void(const LogEvent&)> listener);

    // wfc.clock/1: stands still until it is cranked
    void advance(std::uint64_t ms);           ///< both clocks
    void tick_per_reading(std::uint64_t ms);  ///< each reading of the monotonic clock advances it
    void unix_time(std::int64_t unix_ms);
    void utc_offset(std::int32_t minutes);
    void real_time();  ///< from now on the machine's clocks
    std::uint64_t now_ms() const;

    // wfc.secrets/1
    void secret(const std::string& name, const std::string& value);
    void secret_status(const std::string& name, wfc_status status);  ///< get answers this
    void secret_writes_fail(wfc_status status);                      ///< put and erase answer this
    std::vector<std::string> secrets_asked() const;
    std::vector<SecretWrite> secret_writes() const;

    // wfc.state/1: times to live run on unix_ms
    MemoryState& state() noexcept;

    // wfc.files/1: unknown paths are WFC_NOT_FOUND
    void file(std::string path, Content content);
    void file_status(std::string path, wfc_status status);  ///< open answers this
    std::vector<std::string> files_asked() const;
    void release_files();  ///< never-ready reads give up
    SourceCounts file_sources() const;

    // wfc.egress/1: default allows everything
    void egress(std::function<bool(const EgressQuestion&)> allows);
    std::vector<EgressQuestion> egress_asked() const;

    // wfc.prompt/1: not offered until somebody is there who answers
    /// Called on the call's thread, after the question is recorded. What it puts into `answer` is given to
    /// the component whatever the status.
    void on_prompt(std::function<wfc_status(std::string_view question, std::string& answer)> person);
    std::vector<std::string> questions_asked() const;

    // an older or poorer host
    void without(std::string_view service);
    /// Reports so small a `struct_size` for the service ("" = the host itself) and clears the members behind
    /// it.
    void truncate(std::string_view service, std::uint32_t struct_size);

    /// Called at the end with a sentence when a source was not closed exactly once. Default: prints it and
    /// aborts.
    void on_misuse(std::function<void(const std::string&)> report);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace wfc::testhost
