#include "smtp/dot_stuffing.hpp"

namespace mailsend::smtp {

void DotStuffing::append(std::string_view chunk, std::string& out) {
    while (!chunk.empty()) {
        if (at_line_start_ && chunk.front() == '.') out += '.';
        const std::size_t newline = chunk.find('\n');
        const std::size_t length = newline == chunk.npos ? chunk.size() : newline + 1;
        out.append(chunk.substr(0, length));
        at_line_start_ = newline != chunk.npos;
        chunk.remove_prefix(length);
    }
}

}  // namespace mailsend::smtp
