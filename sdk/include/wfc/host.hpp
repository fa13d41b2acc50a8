/// The host's services as a component sees them.
///
/// Guarantees: a service the host lacks behaves as a null object where silence is harmless (log, egress) and
/// throws ServiceFailed where it is not (secrets, state, files); a prompt answers "unsupported". Members a
/// shorter table lacks are never called.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "wfc/secret.hpp"
#include "wfc/stream.hpp"
#include "wfc/view.hpp"

namespace wfc {

/// A host service refused or failed. `status()` is what it said: WFC_NOT_FOUND, WFC_DENIED, WFC_UNAVAILABLE …
class ServiceFailed : public std::runtime_error {
  public:
    ServiceFailed(wfc_status status, const std::string& what) : std::runtime_error(what), status_(status) {}
    wfc_status status() const noexcept { return status_; }

  private:
    wfc_status status_;
};

enum class Level : std::int32_t { trace = 0, debug = 1, info = 2, warning = 3, error = 4 };

/// `wfc.log/1`: events, not sentences. Any thread. Without the service: silence.
class Log {
  public:
    explicit Log(const wfc_log* table = nullptr) noexcept : table_(table) {}
    bool enabled(Level level) const noexcept {
        return table_ != nullptr && table_->enabled(table_->ctx, static_cast<std::int32_t>(level)) != 0;
    }
    /// `event` is an id such as "job.started"; `fields_json` a JSON object without secrets.
    void write(Level level, std::string_view event, std::string_view fields_json) const noexcept {
        if (enabled(level))
            table_->write(table_->ctx, static_cast<std::int32_t>(level), view(event), view(fields_json));
    }

  private:
    const wfc_log* table_;
};

/// `wfc.clock/1`. Any thread. Required: without the table every reading is 0.
class Clock {
  public:
    explicit Clock(const wfc_clock* table = nullptr) noexcept : table_(table) {}
    /// Milliseconds on a clock that never goes back; its zero means nothing.
    std::uint64_t monotonic_ms() const noexcept {
        return table_ == nullptr ? 0 : table_->monotonic_ms(table_->ctx);
    }
    /// Milliseconds since 1970-01-01T00:00:00Z.
    std::int64_t unix_ms() const noexcept { return table_ == nullptr ? 0 : table_->unix_ms(table_->ctx); }
    /// Minutes that the host's local time is ahead of UTC at `unix_ms`.
    std::int32_t utc_offset_min(std::int64_t at_unix_ms) const noexcept {
        return table_ == nullptr ? 0 : table_->utc_offset_min(table_->ctx, at_unix_ms);
    }

  private:
    const wfc_clock* table_;
};

/// `wfc.secrets/1`. Any thread. Throws ServiceFailed.
class Secrets {
  public:
    explicit Secrets(const wfc_secrets* table = nullptr) noexcept : table_(table) {}
    SecretString get(std::string_view name) const {
        if (table_ == nullptr) throw ServiceFailed(WFC_UNSUPPORTED, "the host keeps no secrets");
        SecretString value;
        const wfc_status status = table_->get(table_->ctx, view(name), append_to(value));
        if (status == WFC_NOT_FOUND || status == WFC_UNSUPPORTED)
            throw ServiceFailed(status, "the host has no secret named \"" + std::string(name) + "\"");
        check(status, name, "give");
        return value;
    }

    /// Keeps a value that a server replaced in use, such as a refresh token: from now on `get` answers it,
    /// until the value that the host was given changes.
    void put(std::string_view name, const SecretString& value) const {
        check(
            table_ == nullptr ? WFC_UNSUPPORTED : table_->put(table_->ctx, view(name), view(value.reveal())),
            name, "keep");
    }
    /// Forgets what `put` kept. A name without such a value is no failure.
    void erase(std::string_view name) const {
        const wfc_status status =
            table_ == nullptr ? WFC_UNSUPPORTED : table_->erase(table_->ctx, view(name));
        if (status != WFC_NOT_FOUND) check(status, name, "forget");
    }

  private:
    static void check(wfc_status status, std::string_view name, const char* verb) {
        if (status != WFC_OK) {
            throw ServiceFailed(status, std::string("the host did not ") + verb + " the secret \"" +
                                            std::string(name) + "\"");
        }
    }

    const wfc_secrets* table_;
};

/// `wfc.state/1`: small values that outlive the process and that other workers see. Any thread. Throws
/// ServiceFailed; without the service, with WFC_UNSUPPORTED.
class State {
  public:
    explicit State(const wfc_state* table = nullptr) noexcept : table_(table) {}
    bool offered() const noexcept { return table_ != nullptr; }

    struct Value {
        std::string bytes;
        std::uint64_t version = 0;
    };
    /// Nothing when there is no such key, or it has expired.
    std::optional<Value> get(std::string_view key) const {
        Value value;
        const wfc_status status =
            offered() ? table_->get(table_->ctx, view(key), append_to(value.bytes), &value.version)
                      : WFC_UNSUPPORTED;
        if (status == WFC_NOT_FOUND) return std::nullopt;
        check(status, key);
        return value;
    }
    /// Replaces `expected_version` (0: there is none yet); the new version, or nothing when somebody else
    /// wrote first. `ttl_ms` 0: until erased.
    std::optional<std::uint64_t> put(std::string_view key, std::string_view bytes,
                                     std::uint64_t expected_version, std::uint64_t ttl_ms = 0) const {
        std::uint64_t version = 0;
        const wfc_status status =
            offered() ? table_->put(table_->ctx, view(key), view(bytes), expected_version, ttl_ms, &version)
                      : WFC_UNSUPPORTED;
        if (status == WFC_CONFLICT) return std::nullopt;
        check(status, key);
        return version;
    }
    /// False when somebody else wrote first or it is gone.
    bool erase(std::string_view key, std::uint64_t expected_version) const {
        const wfc_status status =
            offered() ? table_->erase(table_->ctx, view(key), expected_version) : WFC_UNSUPPORTED;
        if (status == WFC_CONFLICT || status == WFC_NOT_FOUND) return false;
        check(status, key);
        return true;
    }
    /// A JSON list of keys with `prefix` in byte order, those after `after`; empty when there are no more.
    std::string list(std::string_view prefix, std::string_view after = {}) const {
        std::string keys;
        check(offered() ? table_->list(table_->ctx, view(prefix), view(after), append_to(keys))
                        : WFC_UNSUPPORTED,
              prefix);
        return keys;
    }

  private:
    static void check(wfc_status status, std::string_view key) {
        if (status != WFC_OK)
            throw ServiceFailed(status, "the host's state store failed for \"" + std::string(key) + "\"");
    }

    const wfc_state* table_;
};

/// `wfc.files/1`: the only way to a path named in settings or input. Any thread. Throws ServiceFailed.
class Files {
  public:
    explicit Files(const wfc_files* table = nullptr) noexcept : table_(table) {}
    Source open(std::string_view path) const {
        if (table_ == nullptr) throw ServiceFailed(WFC_UNSUPPORTED, "the host opens no files");
        wfc_source opened{};
        const wfc_status status = table_->open(table_->ctx, view(path), &opened);
        if (status != WFC_OK) throw ServiceFailed(status, "the host could not open the file");
        return Source(opened);
    }

  private:
    const wfc_files* table_;
};

/// `wfc.egress/1`: asked before every connect, with the resolved address. Any thread. Without the service:
/// allowed.
class Egress {
  public:
    explicit Egress(const wfc_egress* table = nullptr) noexcept : table_(table) {}
    /// `address` is an IP literal without brackets.
    bool allows(std::string_view host, std::string_view address, std::uint16_t port) const noexcept {
        return table_ == nullptr || table_->allow(table_->ctx, view(host), view(address), port) == WFC_OK;
    }

  private:
    const wfc_egress* table_;
};

/// `wfc.prompt/1`: asks the person in front of the host. Only on the thread of the call, while it runs. A
/// host where nobody can be asked does not offer it.
///
/// What can be asked, each a JSON object (texts are plain text, no markup):
///
/// - `{"kind": "redirect", "url", "redirect_uri", "state", "setting", "language", "account"?,
///   "expires_in_s"?}`: the person opens `url` in a browser and comes back to `redirect_uri` (http on
///   loopback with a port), where the host listens. Only a visit whose `state` is this one counts. The
///   answer: `{"parameters": {"code": "…", "state": "…"}}`, all parameters of the query or form. `setting` is
///   the pointer of the setting that holds `redirect_uri`. `expires_in_s`: for how long the component waits
///   at most, besides the call's deadline.
/// - `{"kind": "device", "url", "complete_url"?, "user_code", "expires_in_s", "language"}`: shown, answered
///   `{}` at once.
/// - `{"kind": "outcome", "succeeded", "pages": {"en": {"title", "text", "steps": []}, "ja": {…}}}`: how what
///   was asked before ended; the page that the person is waiting at says so. Answered `{}` at once.
///
/// Other answers than WFC_OK: WFC_CANCELLED; WFC_UNAVAILABLE with `{"problem": "port-in-use", "address"}`,
/// `{"problem": "port-denied", "address"}` where the host may not listen there, `{"problem": "busy"}` while
/// another question waits for its answer, or `{"problem": "no-time-left"}` when the call's deadline or
/// `expires_in_s` passed; WFC_UNSUPPORTED with `{"problem": "nobody"}` where there is neither a browser nor a
/// terminal; WFC_INVALID_INPUT for a question that is none of these.
class Prompt {
  public:
    explicit Prompt(const wfc_prompt* table = nullptr) noexcept : table_(table) {}
    bool offered() const noexcept { return table_ != nullptr; }

    struct Answer {
        wfc_status status = WFC_UNSUPPORTED;
        SecretString document;  ///< JSON as above, or empty
    };
    /// Never throws for what the person or the host answers.
    Answer present(const wfc_call* call, std::string_view question_json) const {
        Answer answer;
        if (offered())
            answer.status =
                table_->present(table_->ctx, call, view(question_json), append_to(answer.document));
        return answer;
    }

  private:
    const wfc_prompt* table_;
};

/// The host of one component; outlives it. Copyable, any thread.
class Host {
  public:
    explicit Host(const wfc_host* host) noexcept : host_(host) {}

    Log log() const noexcept { return Log(table<wfc_log>(WFC_LOG)); }
    Clock clock() const noexcept { return Clock(table<wfc_clock>(WFC_CLOCK)); }
    Secrets secrets() const noexcept { return Secrets(table<wfc_secrets>(WFC_SECRETS)); }
    State state() const noexcept { return State(table<wfc_state>(WFC_STATE)); }
    Files files() const noexcept { return Files(table<wfc_files>(WFC_FILES)); }
    Egress egress() const noexcept { return Egress(table<wfc_egress>(WFC_EGRESS)); }
    Prompt prompt() const noexcept { return Prompt(table<wfc_prompt>(WFC_PROMPT)); }

    /// A service's table by id, or null; also null when the table is shorter than `Table`.
    template <class Table>
    const Table* table(const char* id) const noexcept {
        const auto* found = static_cast<const Table*>(host_->service(host_, id));
        return found != nullptr && found->struct_size >= sizeof(Table) ? found : nullptr;
    }

  private:
    const wfc_host* host_;
};

}  // namespace wfc
