#include "delivery/spoken_protocol.hpp"

#include <algorithm>
#include <array>

namespace mailsend::delivery {
namespace {

struct Beginning {
    std::string_view words;
    const char* protocol;
};

constexpr std::array beginnings = {
    Beginning{"* OK", "IMAP"},      Beginning{"* PREAUTH", "IMAP"}, Beginning{"* BYE", "IMAP"},
    Beginning{"+OK", "POP3"},       Beginning{"-ERR", "POP3"},      Beginning{"SSH-", "SSH"},
    Beginning{"HTTP/", "HTTP"},     Beginning{"<html", "HTTP"},     Beginning{"<HTML", "HTTP"},
    Beginning{"<!DOCTYPE", "HTTP"}, Beginning{"<!doctype", "HTTP"}, Beginning{"220", "SMTP"},
    Beginning{"421", "SMTP"},       Beginning{"554", "SMTP"}};

}  // namespace

std::string spoken_protocol(std::string_view first_words) {
    const auto* const found = std::find_if(beginnings.begin(), beginnings.end(), [&](const Beginning& known) {
        return first_words.starts_with(known.words);
    });
    return found == beginnings.end() ? "" : found->protocol;
}

}  // namespace mailsend::delivery
