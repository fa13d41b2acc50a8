/// The closed sets of the result document: stages, classes, advice, actors, outcomes.
#pragma once

#include <optional>
#include <string_view>

namespace mailsend {

/// Where in the one data path something happened. `to_string` gives the word of the document.
enum class Stage {
    settings,
    input,
    resolve,
    connect,
    tls,
    greeting,
    ehlo,
    starttls,
    token,
    auth,
    mail,
    rcpt,
    data,
    dot,
    quit,
    api,
    host
};

/// How an invocation ended.
enum class Verdict { accepted, succeeded, partial, rejected, failed, unknown, cancelled };

/// Whether the same thing may work later unchanged.
enum class ErrorClass { permanent, transient, unknown };

/// Whether and when to try again.
enum class Advice { never, after_fix, backoff, after };

/// Who must act.
enum class Actor { sender, mailbox_admin, tenant_admin, developer, recipient, provider, nobody };

/// Language of explanations.
enum class Language { en, ja };

std::string_view to_string(Stage) noexcept;
std::string_view to_string(Verdict) noexcept;
std::string_view to_string(ErrorClass) noexcept;
std::string_view to_string(Advice) noexcept;
std::string_view to_string(Actor) noexcept;
std::string_view to_string(Language) noexcept;

/// The value of a word of the document (exact spelling), or nothing.
std::optional<Stage> stage_named(std::string_view word) noexcept;
std::optional<ErrorClass> class_named(std::string_view word) noexcept;
std::optional<Advice> advice_named(std::string_view word) noexcept;
std::optional<Actor> actor_named(std::string_view word) noexcept;
std::optional<Language> language_named(std::string_view word) noexcept;

}  // namespace mailsend
