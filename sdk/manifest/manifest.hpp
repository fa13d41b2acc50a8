/// What an installed component says about itself: its component.json.
///
/// Guarantees: size and depth are bounded, members nobody knows are refused with the nearest known one, and
/// no path leaves the component's own directory, neither by its text nor through a symbolic link. Runs
/// nothing of the component. Does not look into the files it names: schemas, texts and the library are read
/// by those who use them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/refused.hpp"

namespace wfc {

/// Something a component can be asked to do.
struct Operation {
    std::string id;                  ///< "send"
    std::string kind;                ///< "flow" (a step on the canvas) or "action" (a button of the panel)
    std::string input;               ///< path of the input's schema; empty: the input is `{}`
    std::string output;              ///< path of the result's schema; empty: none is promised
    std::vector<std::string> ports;  ///< outcomes that a flow can branch on
    std::string effects;             ///< "none", "sends", "at-most-once" …; empty: not said
    std::string view;  ///< how a panel shows the result: "report", "message", "account", "text"; or empty
    std::map<std::string, std::string>
        when;  ///< pointer into settings → value of that choice; empty: always there
    /// `"settings": "optional"`: it may be invoked on a component that was not configured.
    bool settings_optional = false;
    std::vector<std::string> needs;  ///< service ids this operation needs beyond `Manifest::required`
};

/// A component.json that was read and found sound. Immutable by habit; any thread.
/// Every path in it is relative to `directory`, with `/`; `file` turns one into a path that may be opened.
struct Manifest {
    std::filesystem::path directory;  ///< canonical
    std::string raw;                  ///< component.json, byte for byte

    std::string type;     ///< "greet"
    std::string version;  ///< of the component
    std::uint32_t abi_major = 0;
    std::uint32_t abi_minor = 0;
    std::map<std::string, std::string> library;  ///< platform ("linux-x86_64") → path
    bool parallel = false;      ///< `"concurrency": "parallel"`: invoke may run on many threads at once
    std::uint32_t idle_ms = 0;  ///< the host calls quiesce after this long without a call; 0: never
    std::vector<std::string> required;         ///< service ids ("requires")
    std::vector<std::string> optional;         ///< service ids used where the host has them
    std::string settings;                      ///< path of the settings' schema; empty: the settings are `{}`
    std::map<std::string, std::string> texts;  ///< language → path; "en" is always there when any is
    std::string errors;                        ///< path of the error catalogue, or empty
    std::string icon;                          ///< path of a picture, or empty
    std::vector<Operation> operations;         ///< at least one, in the manifest's order

    /// The operation, or null.
    const Operation* operation(std::string_view id) const noexcept;

    /// The canonical path of a file named in the manifest. Throws Refused when it is missing or a link leads
    /// it outside.
    std::filesystem::path file(std::string_view relative) const;
    /// Its content. Throws Refused, also for more than `limit` bytes.
    std::string read(std::string_view relative, std::size_t limit = std::size_t{8} << 20) const;
};

/// Throws Refused, "NAME needs ABI 2.0, this host offers 1.0", for another major or a newer minor.
void check_abi(const std::string& name, std::uint64_t major, std::uint64_t minor);

/// Reads `directory`/component.json. Throws Refused with the file, the member and the fault. The ABI is
/// compared first: a manifest of a newer ABI may have members that this host cannot know.
Manifest read_manifest(const std::filesystem::path& directory);

/// The key of `Manifest::library` for the machine this code was compiled for, for example "linux-x86_64".
std::string_view platform() noexcept;

}  // namespace wfc
