/// A pipe of a test, and the lines that came through it.
#pragma once

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "host/file_source.hpp"
#include "serve/line_writer.hpp"

namespace wfc::serve::test {

class Pipe {
  public:
    explicit Pipe(int flags = 0) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC | flags) != 0) throw std::runtime_error("no pipe");
        out.reset(ends[0]);
        in.reset(ends[1]);
    }
    void write(std::string_view bytes) const {
        if (::write(in.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            throw std::runtime_error("cannot write");
    }
    /// All that was written; closes the writing end.
    std::string rest() {
        in.reset();
        std::string all;
        char chunk[4096];
        for (ssize_t n = 0; (n = ::read(out.get(), chunk, sizeof chunk)) > 0;)
            all.append(chunk, static_cast<std::size_t>(n));
        return all;
    }
    /// The same as lines of JSON.
    std::vector<nlohmann::json> lines() {
        std::vector<nlohmann::json> read;
        const std::string all = rest();
        for (std::size_t from = 0, end = 0; (end = all.find('\n', from)) != all.npos; from = end + 1)
            read.push_back(nlohmann::json::parse(all.substr(from, end - from)));
        return read;
    }

    FileDescriptor out, in;
};

/// All that was said into `pipe`; nothing can be said after it.
inline std::vector<nlohmann::json> lines_of(Pipe& pipe, LineWriter& out) {
    if (!out.flush(std::chrono::minutes(1))) throw std::runtime_error("not written");
    return pipe.lines();
}

}  // namespace wfc::serve::test
