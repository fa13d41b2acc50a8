#include "serve/line_prompt.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "host/component_host.hpp"
#include "serve/said.hpp"

namespace wfc::serve {

LinePrompt::LinePrompt(LineWriter& out) : out_(out), came_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!came_) throw std::system_error(errno, std::generic_category(), "no eventfd");
}

LinePrompt::Asking::Asking(LinePrompt& prompt, std::uint64_t id, std::uint64_t deadline_ms)
    : prompt_(prompt) {
    const std::lock_guard lock(prompt_.mutex_);
    prompt_.callers_[std::this_thread::get_id()] = {id, deadline_ms};
}

LinePrompt::Asking::~Asking() {
    const std::lock_guard lock(prompt_.mutex_);
    prompt_.callers_.erase(std::this_thread::get_id());
}

LinePrompt::Caller LinePrompt::caller() {
    const std::lock_guard lock(mutex_);
    const auto found = callers_.find(std::this_thread::get_id());
    return found == callers_.end() ? Caller{} : found->second;
}

void LinePrompt::hush(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    for (auto& [thread, each] : callers_) {
        if (each.id == id) each.id = 0;
    }
    if (asking_ == id) asking_ = 0;
}

/// `id`: 0 where nobody listens any more.
void LinePrompt::say(std::uint64_t id, std::string line) {
    if (id != 0) out_.write(std::move(line));
}

/// Until the question or the call ends, whichever is first.
std::optional<std::uint64_t> LinePrompt::seconds_left(std::optional<std::uint64_t> question_ms) {
    const std::uint64_t deadline = caller().deadline_ms;
    if (deadline == 0) return question_ms ? std::optional(*question_ms / 1000) : std::nullopt;
    const std::uint64_t now = system_clock_table()->monotonic_ms(nullptr);
    const std::uint64_t left = deadline > now ? deadline - now : 0;
    return std::min(left, question_ms.value_or(left)) / 1000;
}

bool LinePrompt::answer(std::uint64_t of, SecretString pasted) {
    const std::lock_guard lock(mutex_);
    if (of == 0 || asking_ != of || answers_.size() >= most_answers) return false;
    answers_.push_back(std::move(pasted));
    const std::uint64_t one = 1;
    return ::write(came_.get(), &one, sizeof one) == sizeof one;
}

void LinePrompt::asked(const PromptQuestion& question) {
    if (const auto* outcome = std::get_if<OutcomeQuestion>(&question)) {
        const std::uint64_t id = caller().id;
        say(id, said_done(id, outcome->succeeded));
    } else if (const auto* device = std::get_if<DeviceQuestion>(&question)) {
        device_ = *device;
    } else {
        expires_in_ms_ = std::get<RedirectQuestion>(question).expires_in_ms;
    }
}

void LinePrompt::show_url(std::string_view url, bool) {
    const std::uint64_t id = caller().id;
    {
        const std::lock_guard lock(mutex_);
        asking_ = id;
    }
    say(id, said_url(id, url, seconds_left(expires_in_ms_)));
}

void LinePrompt::show_code(std::string_view url, std::string_view user_code, std::int64_t expires_in_s) {
    DeviceQuestion device = device_.value_or(DeviceQuestion{});
    device.url = url;
    device.user_code = user_code;
    const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(expires_in_s, 0)) * 1000;
    const std::uint64_t id = caller().id;
    say(id, said_code(id, device, static_cast<std::int64_t>(seconds_left(ms).value_or(0))));
}

void LinePrompt::drain() noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(came_.get(), &count, sizeof count);
}

std::optional<SecretString> LinePrompt::pasted() {
    const std::lock_guard lock(mutex_);
    if (answers_.empty()) {
        drain();
        return std::nullopt;
    }
    SecretString out = std::move(answers_.front());
    answers_.pop_front();
    return out;
}

void LinePrompt::complain(std::string_view sentence) {
    refused(Pasted::elsewhere, sentence);
}

void LinePrompt::refused(Pasted verdict, std::string_view sentence) {
    const std::uint64_t id = caller().id;
    say(id, said_complaint(id, verdict == Pasted::elsewhere ? "elsewhere" : "other-sign-in", sentence));
}

void LinePrompt::done() noexcept {
    const std::lock_guard lock(mutex_);
    asking_ = 0;
    answers_.clear();
    drain();
}

}  // namespace wfc::serve
