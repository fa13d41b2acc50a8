#include "ledger/digested_message.hpp"

namespace mailsend::ledger {

namespace {

constexpr std::string_view version = "body1:";
constexpr std::string_view end_of_headers = "\r\n\r\n";

}  // namespace

std::size_t DigestedMessage::read(char* into, std::size_t capacity) {
    const std::size_t size = message_->read(into, capacity);
    std::string_view bytes(into, size);
    while (matched_ < end_of_headers.size() && !bytes.empty()) {
        if (bytes.front() == end_of_headers[matched_]) {
            ++matched_;
        } else {
            matched_ = bytes.front() == '\r' ? 1 : 0;
        }
        bytes.remove_prefix(1);
    }
    if (!bytes.empty()) body_.update(bytes);
    return size;
}

bool DigestedMessage::rewind() {
    if (!message_->rewind()) return false;
    body_ = {};
    matched_ = 0;
    return true;
}

std::string DigestedMessage::digest() const {
    return std::string(version) + body_.hex();
}

}  // namespace mailsend::ledger
