#include "diagnosis/provider_signs.hpp"

#include <algorithm>

namespace mailsend::diagnosis {
namespace {

/// An error description of Microsoft's has a few hundred characters.
constexpr std::size_t detail_limit = 2048;

using Sign = std::uint16_t layout::Provider::*;

/// The providers whose expression of that kind is shown.
std::uint32_t showing(const Shown& shown, Sign sign, const Catalogue& catalogue) {
    const auto providers = catalogue.providers();
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < providers.size(); ++i) {
        const layout::Provider provider = providers[i];
        if (provider.*sign != layout::none && shown.has(provider.*sign)) found |= std::uint32_t{1} << i;
    }
    return found;
}

std::uint32_t showing(const Facts& facts, const char* detail, Sign sign, const Catalogue& catalogue) {
    const auto found = facts.details.find(detail);
    if (found == facts.details.end()) return 0;
    return showing(shown_by_detail(found->second, catalogue.expressions()), sign, catalogue);
}

std::uint32_t configured(const std::string& preset, const Catalogue& catalogue) {
    const auto providers = catalogue.providers();
    std::uint32_t found = 0;
    if (preset.empty()) return found;
    for (std::size_t i = 0; i < providers.size(); ++i) {
        const layout::Provider provider = providers[i];
        const Texts presets = catalogue.texts(provider.presets);
        bool named = catalogue.text(provider.id) == preset;
        for (std::size_t j = 0; j < presets.size(); ++j) named = named || presets[j] == preset;
        if (named) found |= std::uint32_t{1} << i;
    }
    return found;
}

}  // namespace

std::uint32_t providers_of(const Facts& facts, const Shown* reply, const Catalogue& catalogue) {
    using layout::Provider;
    if (reply != nullptr) {
        if (const auto found = showing(*reply, &Provider::text, catalogue)) return found;
    }
    for (const char* detail : {"greeting", "server_name"}) {
        if (const auto found = showing(facts, detail, &Provider::greeting, catalogue)) return found;
    }
    if (const auto found = configured(facts.provider, catalogue)) return found;
    return showing(facts, "host", &Provider::host, catalogue);
}

Shown shown_by_detail(std::string_view value, const Expressions& expressions) {
    return expressions.shown_by(value.substr(0, detail_limit));
}

}  // namespace mailsend::diagnosis
