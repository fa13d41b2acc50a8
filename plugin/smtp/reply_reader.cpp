#include "smtp/reply_reader.hpp"

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
    if (read_ == buffer_.size()) {
        buffer_.clear();
        read_ = 0;
    } else if (read_ > 0) {
        buffer_.erase(0, read_);
        read_ = 0;
    }
    buffer_.append(bytes);
    // A peer that never ends its line is stopped here; complete lines are bounded in read().
    if (buffer_.find('\n') == buffer_.npos) check_line(buffer_.size());
}

Reply* ReplyReader::read() {
    for (;;) {
        const std::size_t end = buffer_.find('\n', read_);
        if (end == buffer_.npos) return nullptr;
        std::string_view line(buffer_.data() + read_, end - read_);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        read_ = end + 1;
        if (take_line(line)) return &reply_;
    }
}

std::optional<Reply> ReplyReader::next() {
    const Reply* const reply = read();
    return reply == nullptr ? std::nullopt : std::optional<Reply>(*reply);
}

void ReplyReader::check_line(std::size_t size) const {
    if (size <= longest_line_) return;
    throw BadReply("protocol.line_too_long",
                   "the server sent a line longer than " + std::to_string(longest_line_) + " octets");
}

/// True when it was the last line of a reply.
bool ReplyReader::take_line(std::string_view line) {
    check_line(line.size());
    const int code = code_of(line);
    if (code == 0 || (lines_ > 0 && code != reply_.code)) {
        throw BadReply("protocol.garbage",
                       "the server sent what is not an SMTP reply: " + std::string(line.substr(0, 120)));
    }
    bytes_ += line.size();
    if (lines_ >= max_lines || bytes_ > max_bytes) {
        throw BadReply("protocol.reply_too_long", "the server sent a reply of more than 100 lines or 64 KiB");
    }
    reply_.code = code;
    if (lines_ < reply_.lines.size()) {
        reply_.lines[lines_].assign(line);
    } else {
        reply_.lines.emplace_back(line);
    }
    ++lines_;
    if (line.size() > 3 && line[3] == '-') return false;
    reply_.lines.resize(lines_);
    lines_ = bytes_ = 0;
    return true;
}

void ReplyReader::clear() noexcept {
    buffer_.clear();
    read_ = lines_ = bytes_ = 0;
}

}  // namespace mailsend::smtp
