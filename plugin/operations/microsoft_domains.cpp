#include "operations/microsoft_domains.hpp"

#include <algorithm>
#include <array>

namespace mailsend {
namespace {

constexpr std::array<std::string_view, 5> whole = {"msn.com", "passport.com", "passport.net",
                                                   "windowslive.com", "livemail.tw"};
constexpr std::array<std::string_view, 3> families = {"outlook", "hotmail", "live"};

/// Where at least one of the families has mailboxes; sorted.
constexpr std::array<std::string_view, 72> suffixes = {
    "at",     "be",     "bg",     "ca",     "ch",     "cl",     "cn",     "co",     "co.id",
    "co.il",  "co.in",  "co.jp",  "co.kr",  "co.nz",  "co.th",  "co.uk",  "co.za",  "com",
    "com.ar", "com.au", "com.br", "com.co", "com.gr", "com.hk", "com.mx", "com.my", "com.pe",
    "com.ph", "com.pt", "com.py", "com.sg", "com.tr", "com.tw", "com.ve", "com.vn", "cz",
    "de",     "dk",     "ee",     "es",     "fi",     "fr",     "gr",     "hk",     "hr",
    "hu",     "ie",     "in",     "it",     "jp",     "kr",     "lt",     "lu",     "lv",
    "my",     "net",    "nl",     "no",     "ph",     "pl",     "pt",     "ro",     "rs",
    "ru",     "sa",     "se",     "sg",     "si",     "sk",     "tw",     "ua",     "us"};
static_assert(std::is_sorted(suffixes.begin(), suffixes.end()));

/// "fr", "com.ar", "co.ke": what a country's branch would end with.
bool is_of_a_country(std::string_view suffix) noexcept {
    for (const std::string_view second : {"com.", "co."}) {
        if (!suffix.starts_with(second)) continue;
        suffix.remove_prefix(second.size());
        break;
    }
    return suffix.size() == 2 && suffix.find('.') == std::string_view::npos;
}

}  // namespace

ConsumerDomain consumer_domain(std::string_view domain) noexcept {
    if (std::find(whole.begin(), whole.end(), domain) != whole.end()) return ConsumerDomain::yes;
    const std::size_t dot = domain.find('.');
    if (dot == std::string_view::npos) return ConsumerDomain::no;
    if (std::find(families.begin(), families.end(), domain.substr(0, dot)) == families.end())
        return ConsumerDomain::no;
    const std::string_view suffix = domain.substr(dot + 1);
    if (std::binary_search(suffixes.begin(), suffixes.end(), suffix)) return ConsumerDomain::yes;
    return is_of_a_country(suffix) ? ConsumerDomain::likely : ConsumerDomain::no;
}

}  // namespace mailsend
