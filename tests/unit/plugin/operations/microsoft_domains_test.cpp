#include "operations/microsoft_domains.hpp"

#include <gtest/gtest.h>

namespace {

using mailsend::consumer_domain;
using mailsend::ConsumerDomain;

TEST(ConsumerDomain, IsKnownInManyCountries) {
    for (const char* domain :
         {"outlook.com", "outlook.jp", "outlook.com.br", "hotmail.com", "hotmail.co.jp", "hotmail.co.uk",
          "hotmail.fr", "live.com", "live.jp", "live.com.au", "msn.com", "passport.com", "windowslive.com"}) {
        EXPECT_EQ(consumer_domain(domain), ConsumerDomain::yes) << domain;
    }
}

TEST(ConsumerDomain, IsGuessedInOthers) {
    for (const char* domain : {"hotmail.ke", "outlook.com.ng", "live.co.ug"})
        EXPECT_EQ(consumer_domain(domain), ConsumerDomain::likely) << domain;
}

TEST(ConsumerDomain, IsComparedByWholeLabels) {
    for (const char* domain :
         {"", "com", "olive.com", "myoutlook.com", "alive.com", "amsn.com", "live", "live.",
          "live.example.com", "mail.outlook.com", "outlook.company", "msn.com.example.com"}) {
        EXPECT_EQ(consumer_domain(domain), ConsumerDomain::no) << domain;
    }
}

}  // namespace
