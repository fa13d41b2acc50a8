/// What an engine says, read into types.
///
/// Guarantees: bounded in size, depth and number; a member that nobody knows is refused with the nearest
/// known one, and every fault names its member. Values of secrets are nowhere but in the types when it
/// returns, as far as that is in our hands, and in no sentence. Does not know what components there are.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "host/secret_store.hpp"
#include "wfc/secret.hpp"

namespace wfc::serve {

struct Hello {
    std::int32_t log = 2;  ///< the lowest level of wfc.log/1 that is wanted; 5: none
};
struct Load {
    std::string component, of;
};
struct Configure {
    std::string component, settings;  ///< settings: a JSON document
    SecretValues secrets{};
};
struct Invoke {
    std::string component, operation, input;  ///< input: a JSON document
    std::string call{};                       ///< empty: a fresh one
    std::optional<std::chrono::milliseconds> timeout{};
    std::map<std::string, std::string> blobs{};  ///< name → file
    std::vector<std::string> save{};
};
struct Cancel {
    std::uint64_t of;
};
struct Answer {
    std::uint64_t of;
    SecretString pasted;
};
struct Release {
    std::uint64_t of;
};
struct Unload {
    std::string component;
};

struct Request {
    std::uint64_t id;
    std::variant<Hello, Load, Configure, Invoke, Cancel, Answer, Release, Unload> asked;
};

/// What is wrong with a line or cannot be done about it. `error` is an id of the protocol, `what()` a
/// sentence.
class Refusal : public std::runtime_error {
  public:
    Refusal(std::string error, const std::string& sentence, std::optional<std::uint64_t> id = {})
        : std::runtime_error(sentence), error_(std::move(error)), id_(id) {}
    const std::string& error() const noexcept { return error_; }
    /// Of the request, where the line had one.
    std::optional<std::uint64_t> id() const noexcept { return id_; }

  private:
    std::string error_;
    std::optional<std::uint64_t> id_;
};

/// `line` is wiped. Throws Refusal: malformed, unknown-type, protocol.
Request read_request(SecretString line);

/// 1 to 128 of [A-Za-z0-9._-].
bool plain_name(std::string_view name) noexcept;

}  // namespace wfc::serve
