#include "outcome/vocabulary.hpp"

#include <array>
#include <cstddef>

namespace mailsend {
namespace {

using namespace std::string_view_literals;

// In the order of the enumerations.
constexpr std::array stages{"settings"sv, "input"sv,    "resolve"sv, "connect"sv, "tls"sv,  "greeting"sv,
                            "ehlo"sv,     "starttls"sv, "token"sv,   "auth"sv,    "mail"sv, "rcpt"sv,
                            "data"sv,     "dot"sv,      "quit"sv,    "api"sv,     "host"sv};
constexpr std::array verdicts{"accepted"sv, "succeeded"sv, "partial"sv,  "rejected"sv,
                              "failed"sv,   "unknown"sv,   "cancelled"sv};
constexpr std::array classes{"permanent"sv, "transient"sv, "unknown"sv};
constexpr std::array advices{"never"sv, "after-fix"sv, "backoff"sv, "after"sv};
constexpr std::array actors{"sender"sv,    "mailbox-admin"sv, "tenant-admin"sv, "developer"sv,
                            "recipient"sv, "provider"sv,      "nobody"sv};
constexpr std::array languages{"en"sv, "ja"sv};

template <class Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? words[index] : std::string_view{};
}

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& words, std::string_view wanted) noexcept {
    for (std::size_t i = 0; i < N; ++i) {
        if (words[i] == wanted) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

}  // namespace

std::string_view to_string(Stage value) noexcept {
    return word(stages, value);
}
std::string_view to_string(Verdict value) noexcept {
    return word(verdicts, value);
}
std::string_view to_string(ErrorClass value) noexcept {
    return word(classes, value);
}
std::string_view to_string(Advice value) noexcept {
    return word(advices, value);
}
std::string_view to_string(Actor value) noexcept {
    return word(actors, value);
}
std::string_view to_string(Language value) noexcept {
    return word(languages, value);
}

std::optional<Stage> stage_named(std::string_view wanted) noexcept {
    return named<Stage>(stages, wanted);
}
std::optional<ErrorClass> class_named(std::string_view wanted) noexcept {
    return named<ErrorClass>(classes, wanted);
}
std::optional<Advice> advice_named(std::string_view wanted) noexcept {
    return named<Advice>(advices, wanted);
}
std::optional<Actor> actor_named(std::string_view wanted) noexcept {
    return named<Actor>(actors, wanted);
}
std::optional<Language> language_named(std::string_view wanted) noexcept {
    return named<Language>(languages, wanted);
}

}  // namespace mailsend
