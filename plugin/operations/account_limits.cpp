#include "operations/account_limits.hpp"

#include "operations/account_identity.hpp"

namespace mailsend {
namespace {

ProviderLimits of_provider(const Settings& settings) {
    const Provider* const provider = provider_of(settings.server);
    return provider == nullptr ? ProviderLimits{} : provider->limits;
}

std::optional<unsigned> first_of(const std::optional<unsigned>& own, const std::optional<unsigned>& preset) {
    return own ? own : preset;
}

}  // namespace

governor::Limits limits_of(const Settings& settings) {
    const DeliveryLimits& own = settings.delivery.limits;
    const ProviderLimits preset = of_provider(settings);
    return {.messages_per_minute = first_of(own.messages_per_minute, preset.messages_per_minute),
            .messages_per_day = first_of(own.messages_per_day, preset.messages_per_day),
            .recipients_per_day = first_of(own.recipients_per_day, preset.recipients_per_day),
            .connections = first_of(settings.delivery.max_connections, preset.connections)};
}

std::optional<unsigned> recipients_per_message(const Settings& settings) {
    return first_of(settings.delivery.limits.recipients_per_message,
                    of_provider(settings).recipients_per_message);
}

}  // namespace mailsend
