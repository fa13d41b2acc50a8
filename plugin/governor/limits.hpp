/// The limits of an account.
#pragma once

#include <optional>

namespace mailsend::governor {

/// What a provider or the settings allow; nothing: as much as you like.
struct Limits {
    std::optional<unsigned> messages_per_minute{}, messages_per_day{}, recipients_per_day{}, connections{};

    bool rates() const noexcept { return messages_per_minute || messages_per_day || recipients_per_day; }
    bool operator==(const Limits&) const = default;
    bool none() const noexcept { return !rates() && !connections; }
};

}  // namespace mailsend::governor
