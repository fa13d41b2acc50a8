// Replies: however the bytes are cut into pieces, the same replies come out, each bounded and with one code.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "smtp/reply_reader.hpp"

namespace {

using mailsend::Reply;
using mailsend::smtp::BadReply;
using mailsend::smtp::ReplyReader;

void check(const Reply& reply) {
    std::size_t octets = 0;
    for (const std::string& line : reply.lines) {
        octets += line.size();
        if (line.substr(0, 3) != std::to_string(reply.code) || line.find('\n') != line.npos) std::abort();
    }
    if (reply.lines.empty() || reply.lines.size() > ReplyReader::max_lines) std::abort();
    if (octets > ReplyReader::max_bytes || reply.text().size() > octets) std::abort();
    if (const auto status = reply.enhanced(); status && status->to_string().size() > 9) std::abort();
    if (reply.words().empty()) std::abort();
}

/// The replies until the first that is none; the bytes arrive `piece` at a time.
std::vector<std::vector<std::string>> read(std::string_view bytes, std::size_t piece) {
    std::vector<std::vector<std::string>> found;
    ReplyReader reader;
    try {
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            reader.push(bytes.substr(at, piece));
            while (const auto reply = reader.next()) {
                check(*reply);
                found.push_back(reply->lines);
            }
        }
    } catch (const BadReply&) {
        // What is no reply is refused: that is right.
    }
    return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = read(bytes, bytes.size());
    const auto pieces = read(bytes, std::size_t{data[0]} + 1);
    // A line that never ends is noticed earlier in pieces; what was read before that must agree.
    const std::size_t both = std::min(whole.size(), pieces.size());
    if (!std::equal(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(both), pieces.begin()))
        std::abort();
    return 0;
}
