/// The line discipline of RFC 5322 section 2.1.1 as a check, for tests.
#pragma once

#include <gtest/gtest.h>
#include <string_view>

namespace mailsend::test {

/// Lines end in CR LF, hold no CR, LF or NUL of their own, and have at most `limit` octets.
inline testing::AssertionResult disciplined(std::string_view wire, std::size_t limit) {
    while (!wire.empty()) {
        const std::size_t end = wire.find("\r\n");
        if (end == std::string_view::npos)
            return testing::AssertionFailure() << "the last line has no end: " << wire;
        const std::string_view line = wire.substr(0, end);
        for (const char c : line) {
            if (c == '\r' || c == '\n' || c == '\0')
                return testing::AssertionFailure() << "a CR, LF or NUL in: " << line;
        }
        if (line.size() > limit) return testing::AssertionFailure() << line.size() << " octets: " << line;
        wire.remove_prefix(end + 2);
    }
    return testing::AssertionSuccess();
}

}  // namespace mailsend::test
