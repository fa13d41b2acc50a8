#include "smtp/reply_reader.hpp"

#include <utility>

namespace mailsend::smtp {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// "250-text", "250 text", "250": the code, or 0.
int code_of(std::string_view line) noexcept {
    if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
        return 0;
    if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

}  // namespace

void ReplyReader::push(std::string_view bytes) {
    buffer_.append(bytes);
    // A peer that never ends its line is stopped here; complete lines are bounded in next().
    if (buffer_.find('\n') == buffer_.npos) check_line(buffer_.size());
}

std::optional<Reply> ReplyReader::next() {
    std::size_t begin = 0;
    std::optional<Reply> complete;
    while (!complete) {
        const std::size_t end = buffer_.find('\n', begin);
        if (end == buffer_.npos) break;
        std::string_view line(buffer_.data() + begin, end - begin);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        begin = end + 1;
        complete = take_line(line);
    }
    buffer_.erase(0, begin);
    return complete;
}

void ReplyReader::check_line(std::size_t size) const {
    if (size <= longest_line_) return;
    throw BadReply("protocol.line_too_long",
                   "the server sent a line longer than " + std::to_string(longest_line_) + " octets");
}

std::optional<Reply> ReplyReader::take_line(std::string_view line) {
    check_line(line.size());
    const int code = code_of(line);
    if (code == 0 || (!partial_.lines.empty() && code != partial_.code)) {
        throw BadReply("protocol.garbage",
                       "the server sent what is not an SMTP reply: " + std::string(line.substr(0, 120)));
    }
    partial_bytes_ += line.size();
    if (partial_.lines.size() >= max_lines || partial_bytes_ > max_bytes) {
        throw BadReply("protocol.reply_too_long", "the server sent a reply of more than 100 lines or 64 KiB");
    }
    partial_.code = code;
    partial_.lines.emplace_back(line);
    if (line.size() > 3 && line[3] == '-') return std::nullopt;
    partial_bytes_ = 0;
    return std::exchange(partial_, Reply{});
}

void ReplyReader::clear() noexcept {
    buffer_.clear();
    partial_ = Reply{};
    partial_bytes_ = 0;
}

}  // namespace mailsend::smtp
