/// Standard input and output for the protocol alone.
///
/// Guarantees: afterwards a library that prints writes to standard error, one that reads finds nothing, and a
/// child process inherits neither stream of the protocol.
#pragma once

#include "host/file_source.hpp"

namespace wfc::serve {

struct PrivateStreams {
    FileDescriptor in, out;
};

/// Duplicates descriptors 0 and 1, points 0 at /dev/null and 1 at 2. Before anything else uses them, and
/// before other threads. Throws std::system_error.
PrivateStreams take_standard_streams();

}  // namespace wfc::serve
