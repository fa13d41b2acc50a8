/// Whose server it is, by the signs that it gives and by what the settings say.
///
/// Guarantees: pure. The best kind of sign that names anybody decides alone: a relay that passes on what
/// Gmail said is treated as Gmail, whatever is configured.
#pragma once

#include <cstdint>

#include "diagnosis/catalogue.hpp"
#include "outcome/failure.hpp"

namespace mailsend::diagnosis {

/// A bit per provider of the catalogue; 0 when there is no sign. In this order: words in the reply
/// (`reply`: what its text shows, or null), in details: greeting, server_name; the preset of the settings,
/// or where that is none of a provider, the host.
std::uint32_t providers_of(const Facts& facts, const Shown* reply, const Catalogue& catalogue);

/// What a detail shows; only its beginning is looked at.
Shown shown_by_detail(std::string_view value, const Expressions& expressions);

}  // namespace mailsend::diagnosis
