#include "offers.hpp"

#include "path.hpp"

namespace inbox {
namespace {

void offer(Offers& offers, const std::string& word) {
    if (word == "STARTTLS") {
        offers.starttls = true;
    } else if (word == "AUTH") {
        offers.auth_plain = offers.auth_login = true;
    } else if (word == "AUTH=PLAIN") {
        offers.auth_plain = true;
    } else if (word == "AUTH=LOGIN") {
        offers.auth_login = true;
    } else if (word == "AUTH=XOAUTH2") {
        offers.auth_xoauth2 = true;
    } else if (word == "AUTH=OAUTHBEARER") {
        offers.auth_oauthbearer = true;
    } else if (word == "PIPELINING") {
        offers.pipelining = true;
    } else if (word == "CHUNKING") {
        offers.chunking = true;
    } else if (word == "8BITMIME") {
        offers.eight_bit_mime = true;
    } else if (word == "SMTPUTF8") {
        offers.smtputf8 = true;
    } else if (word == "DSN") {
        offers.dsn = true;
    } else if (word == "ENHANCEDSTATUSCODES") {
        offers.enhanced = true;
    } else if (word == "SIZE") {
        offers.size = true;
    } else if (const std::string digits = word.substr(0, 5) == "SIZE=" ? word.substr(5) : std::string();
               !digits.empty() && digits.size() < 13 &&
               digits.find_first_not_of("0123456789") == std::string::npos) {
        offers.size = true;
        offers.size_limit = std::stoul(digits);
    } else {
        throw std::invalid_argument("\"" + word +
                                    "\" cannot be offered; there are STARTTLS AUTH AUTH=PLAIN AUTH=LOGIN " +
                                    "AUTH=XOAUTH2 AUTH=OAUTHBEARER PIPELINING CHUNKING 8BITMIME SMTPUTF8 DSN "
                                    "ENHANCEDSTATUSCODES SIZE SIZE=bytes none");
    }
}

}  // namespace

Offers Offers::parse(std::string_view list) {
    Offers offers;
    offers.starttls = offers.auth_plain = offers.auth_login = offers.pipelining = offers.chunking = false;
    offers.eight_bit_mime = offers.smtputf8 = offers.dsn = offers.enhanced = offers.size = false;
    if (upper(list) == "NONE") return offers;
    for (;;) {
        const std::size_t comma = list.find(',');
        offer(offers, upper(list.substr(0, comma)));
        if (comma == std::string_view::npos) return offers;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace inbox
