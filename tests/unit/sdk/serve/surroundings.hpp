/// What sessions and servers need around them, in a folder of the test.
#pragma once

#include "loader/loader.hpp"
#include "pipe.hpp"
#include "serve/session.hpp"
#include "support/scratch.hpp"

namespace wfc::serve::test {

class InAFolder {
  public:
    Surroundings around() { return {out, secrets, files, egress, std::nullopt, 2}; }

    /// All that was said; nothing can be said after it.
    std::vector<nlohmann::json> lines() { return lines_of(pipe, out); }

    const wfc::test::Scratch home;
    BlobFolder folder{home.path()};
    Pipe pipe;
    LineWriter out{pipe.in.get()};
    SecretStore secrets;
    FileRoots files{{}};
    EgressPolicy egress{true};
    const std::vector<std::filesystem::path> components{PROBE_COMPONENTS};
};

}  // namespace wfc::serve::test
