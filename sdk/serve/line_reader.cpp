#include "serve/line_reader.hpp"

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace wfc::serve {

LineReader::~LineReader() {
    wipe(bytes_.data(), to_);
}

bool LineReader::fill() {
    if (ended_) return false;
    const ssize_t n = ::read(descriptor_, bytes_.data(), bytes_.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    from_ = 0;
    to_ = n > 0 ? static_cast<std::size_t>(n) : 0;
    ended_ = n <= 0;
    return !ended_;
}

std::optional<LineReader::Line> LineReader::next() {
    while (from_ < to_) {
        const std::string_view rest(bytes_.data() + from_, to_ - from_);
        const std::size_t end = rest.find('\n');
        const std::string_view piece = rest.substr(0, end);
        const bool whole = end != rest.npos;
        const bool fits = !skipping_ && line_.size() + piece.size() <= longest_;
        if (fits) line_.append(piece);
        wipe(bytes_.data() + from_, piece.size());
        from_ += piece.size() + (whole ? 1 : 0);
        if (!fits) {
            line_.clear();
            const bool told = std::exchange(skipping_, !whole);
            if (!told) return Line{{}, Fault::too_long};
        } else if (whole) {
            return Line{std::exchange(line_, {}), Fault::none};
        }
    }
    if (ended_ && !line_.empty()) {
        line_.clear();
        return Line{{}, Fault::unfinished};
    }
    return std::nullopt;
}

}  // namespace wfc::serve
