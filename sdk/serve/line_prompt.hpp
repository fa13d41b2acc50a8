/// The person at the engine, for wfc.prompt/1: questions go out as lines, answers come in as requests.
///
/// Guarantees: what is pasted is kept until the question is over, bounded, and shown nowhere; an answer to a
/// call that asks nothing now is refused. Opens no browser.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "host/file_source.hpp"
#include "host/prompt_service.hpp"
#include "serve/line_writer.hpp"

namespace wfc::serve {

class LinePrompt final : public PromptTerminal {
  public:
    /// `out` outlives this. Throws std::system_error.
    explicit LinePrompt(LineWriter& out);

    /// While it lives, questions on this thread are those of call `id`, which ends at `deadline_ms` of
    /// wfc.clock/1 (0: without).
    class Asking {
      public:
        Asking(LinePrompt& prompt, std::uint64_t id, std::uint64_t deadline_ms);
        ~Asking();
        Asking(const Asking&) = delete;
        Asking& operator=(const Asking&) = delete;

      private:
        LinePrompt& prompt_;
    };

    /// The result of call `id` is said: what it still asks is said no more. Any thread.
    void hush(std::uint64_t id);
    /// False where call `of` asks nothing. Any thread.
    bool answer(std::uint64_t of, SecretString pasted);

    void asked(const PromptQuestion& question) override;
    void show_url(std::string_view url, bool opened) override;
    void show_code(std::string_view url, std::string_view user_code, std::int64_t expires_in_s) override;
    int descriptor() override { return came_.get(); }
    std::optional<SecretString> pasted() override;
    void complain(std::string_view sentence) override;
    void refused(Pasted verdict, std::string_view sentence) override;
    void done() noexcept override;

  private:
    struct Caller {
        std::uint64_t id = 0, deadline_ms = 0;
    };
    static constexpr std::size_t most_answers = 16;

    Caller caller();
    void say(std::uint64_t id, std::string line);
    std::optional<std::uint64_t> seconds_left(std::optional<std::uint64_t> question_ms);
    void drain() noexcept;

    LineWriter& out_;
    FileDescriptor came_;
    std::mutex mutex_{};
    std::map<std::thread::id, Caller> callers_{};
    std::uint64_t asking_ = 0;  ///< the call whose url is open; 0: none
    std::deque<SecretString> answers_{};
    // Of the question that is asked now; on its thread.
    std::optional<std::uint64_t> expires_in_ms_{};
    std::optional<DeviceQuestion> device_{};
};

}  // namespace wfc::serve
