/// What was asked for on the command line.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wfc::tool {

struct DescribeOptions {
    std::string type;      ///< empty: list what is installed
    std::string language;  ///< empty: from the environment
    std::vector<std::filesystem::path> components;
};

/// NAME=VALUE, in the order given.
using Assignments = std::vector<std::pair<std::string, std::string>>;

struct InvokeOptions {
    std::string type, operation;
    std::filesystem::path settings;  ///< empty: {}
    std::filesystem::path input;     ///< "-": standard input; empty: {}
    Assignments blobs, saved_blobs, changes;
    std::optional<std::chrono::milliseconds> timeout;
    std::vector<std::filesystem::path> components, roots;
    bool private_addresses = true;
    bool json = false;
    bool verbose = false;
    std::filesystem::path support{};  ///< the archive to leave after a failure; empty: none
    std::string call_id;              ///< empty: a fresh random one
    std::string language{};           ///< of what the host itself asks a person; empty: from the environment
    std::optional<std::string> input_text{};  ///< instead of `input`
};

/// `call.operation` is "sign-in", "sign-out" or "account-status", `call.type` may be empty: the one component
/// that has it. `call.language` is that of the report, too.
struct AccountOptions {
    InvokeOptions call{};
};

struct ExplainOptions {
    std::vector<std::string>
        words;         ///< the text, perhaps behind a component's name; none or "-": standard input
    std::string type;  ///< empty: the one component that has the operation
    std::string stage, provider;  ///< empty: not known
    std::string language;         ///< empty: from the environment
    std::vector<std::filesystem::path> components;
    bool json = false;
};

struct PanelOptions {
    std::string type;
    std::string target;                ///< "node-red"
    std::string package;               ///< its name in the engine's registry
    std::filesystem::path out;         ///< the package's folder
    std::vector<std::string> flags{};  ///< check boxes of the node that the component knows nothing of
    bool check = false;                ///< compare only
    std::vector<std::filesystem::path> components{};
};

struct RunOptions {
    std::vector<std::filesystem::path> flows;  ///< at least one; exactly one with `payload`
    bool once = false;                         ///< now, and not on the schedule
    std::filesystem::path payload;             ///< "-": standard input; empty: none
    std::vector<std::filesystem::path> components;
    std::vector<std::filesystem::path> roots;  ///< empty: the folder of each flow file
    bool private_addresses = true;
    bool json = false;
    bool verbose = false;
    std::string metrics{};  ///< ADDRESS:PORT to tell counters at; empty: nowhere. Never with `once`
};

struct ServeOptions {
    std::vector<std::filesystem::path> components;
    std::vector<std::filesystem::path> roots;  ///< empty: no file can be opened
    bool private_addresses = true;
    std::size_t calls = 32;  ///< at the same time
};

struct SecretOptions {
    enum class Action { set, list, remove };
    Action action = Action::list;
    std::string name;         ///< of `set` and `remove`
    bool passphrase = false;  ///< `set`, where there is no store yet: protect it with a passphrase
    bool json = false;
};

/// Exactly one is set, or neither: `exit` then says how to end (help was shown, or the usage was wrong and
/// explained).
struct CommandLine {
    std::optional<DescribeOptions> describe;
    std::optional<InvokeOptions> invoke;
    std::optional<AccountOptions> account;
    std::optional<ExplainOptions> explain{};
    std::optional<PanelOptions> panel{};
    std::optional<RunOptions> run;
    std::optional<ServeOptions> serve{};
    std::optional<SecretOptions> secret;
    int exit = 0;
};

/// Whether `--json` stands among the arguments: what is wrong with the others is said in JSON then, too.
bool wants_json(int argc, const char* const* argv) noexcept;

/// Reads the arguments; prints help or what is wrong with them.
CommandLine read_command_line(int argc, const char* const* argv);

}  // namespace wfc::tool
