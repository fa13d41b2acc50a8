#include "operations/batch_lines.hpp"

#include <algorithm>
#include <string_view>

namespace mailsend {
namespace {

constexpr std::size_t piece = 64 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool blank(std::string_view text) {
    return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

/// False at the end of the source.
bool BatchLines::fill() {
    if (ended_) return false;
    buffer_.resize(piece);
    std::size_t count = source_.read(buffer_.data(), piece);
    at_ = 0;
    // Short reads are normal: the mark may come in pieces.
    while (!begun_ && count > 0 && count < byte_order_mark.size()) {
        const std::size_t more = source_.read(buffer_.data() + count, piece - count);
        if (more == 0) break;
        count += more;
    }
    buffer_.resize(count);
    ended_ = count == 0;
    if (!begun_ && buffer_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    begun_ = true;
    return !ended_;
}

/// Takes a line off the source; false where there is none.
bool BatchLines::gather(BatchLine& line) {
    for (;;) {
        if (at_ == buffer_.size() && !fill()) return line.octets > 0;
        const std::size_t end = buffer_.find('\n', at_);
        const std::size_t stop = std::min(end, buffer_.size());
        line.octets += stop - at_ + (end == buffer_.npos ? 0 : 1);
        if (!line.too_long && line.text.size() + (stop - at_) > longest) {
            line.too_long = true;
            line.text = {};
        }
        if (!line.too_long) line.text.append(buffer_, at_, stop - at_);
        at_ = end == buffer_.npos ? buffer_.size() : end + 1;
        if (end != buffer_.npos) return true;
    }
}

std::optional<BatchLine> BatchLines::next() {
    for (;;) {
        BatchLine line;
        if (!gather(line)) return std::nullopt;
        line.number = ++lines_;
        if (!line.too_long && blank(line.text)) {
            passed_over_ += line.octets;
            continue;
        }
        if (line.text.ends_with('\r')) line.text.pop_back();
        line.octets += passed_over_;
        passed_over_ = 0;
        return line;
    }
}

}  // namespace mailsend
