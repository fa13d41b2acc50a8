#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <system_error>
#include <unistd.h>

#include "host/printable.hpp"
#include "host/secret_key.hpp"
#include "host/secret_store.hpp"
#include "host/secret_vault.hpp"
#include "tool/commands.hpp"
#include "tool/passphrase.hpp"
#include "tool/stop.hpp"
#include "tool/style.hpp"
#include "wfc/problem.hpp"

namespace wfc::tool {

namespace {

void say(const std::string& sentence) {
    std::fprintf(stderr, "%s\n", printable(sentence).c_str());
}

void warn(const std::string& sentence) {
    std::fprintf(stderr, "%s%s\n", Style::of(STDERR_FILENO).yellow("warning: ").c_str(),
                 printable(sentence).c_str());
}

/// A refused name is not repeated: it may be a value that got into the wrong place.
void check_name(const std::string& name) {
    if (storable_name(name)) return;
    throw Stop(
        exit_usage,
        "that is no name of a secret: names have 1 to 128 characters, letters, digits, dots, hyphens and "
        "underscores of ASCII; the value does not stand on the command line");
}

/// All of standard input, without one line feed at its end.
SecretString piped_value() {
    SecretString value;
    char buffer[4096];
    for (;;) {
        const ssize_t n = ::read(STDIN_FILENO, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            throw Stop(exit_unreadable,
                       "standard input cannot be read: " + std::generic_category().message(errno));
        }
        value.append(buffer, static_cast<std::size_t>(n));
        wipe(buffer, sizeof buffer);
        if (n == 0) break;
        if (value.size() > largest_secret + 1) {
            throw Stop(exit_invalid_input, "the value is larger than 64 KiB; was a wrong file piped in?");
        }
    }
    std::string_view text = value.reveal();
    if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    if (text.empty()) throw Stop(exit_invalid_input, "standard input was empty: there is nothing to store");
    if (text.size() > largest_secret) throw Stop(exit_invalid_input, "the value is larger than 64 KiB");
    return SecretString(text);
}

/// What a person would hardly mean, and a server would refuse without saying why.
void point_out(std::string_view value) {
    constexpr std::string_view blank = " \t\r\n";
    if (value.find('\0') != value.npos) warn("the value contains a NUL byte; it is stored with it");
    if (blank.find(value.front()) != blank.npos)
        warn("the value begins with white space; it is stored with it");
    if (blank.find(value.back()) != blank.npos) {
        warn("the value ends with white space or another line end; it is stored with it");
    }
}

int set(const SecretOptions& options, SecretStore& secrets, SecretVault& vault) {
    check_name(options.name);
    const bool fresh = !vault.exists();
    if (options.passphrase && fresh) choose_passphrase(vault);
    // A passphrase for a store that is there: unlock() below asks for it, or says that the store has a key.
    if (options.passphrase && !fresh && !vault.locked()) {
        throw Stop(exit_usage,
                   "the store of secrets " + vault.file().string() +
                       " is there and has a key; only a new one can be protected by a passphrase");
    }
    unlock(vault);
    vault.list();  // a store that cannot be used is better known before somebody types
    const SecretString value =
        isatty(STDIN_FILENO) == 1
            ? ask_twice("Value of " + options.name + " (not shown): ", "The same again: ")
            : piped_value();
    point_out(value.reveal());
    const std::filesystem::path key = own_key_file(vault.file().parent_path());
    std::error_code ignored;  // then nothing is said about the key
    const bool had_key = std::filesystem::exists(key, ignored);
    vault.supply(options.name, value);
    say("the secret \"" + options.name + "\" is stored");
    if (!had_key && std::filesystem::exists(key, ignored)) {
        say("its key is " + key.string() + ": keep it apart from copies of the store");
    }
    if (const std::string caution = vault.caution(); !caution.empty()) warn(caution);
    if (secrets.in_environment(options.name)) {
        warn(SecretStore::variable(options.name) + " is set and comes before the stored value");
    }
    return exit_ok;
}

int list(const SecretOptions& options, const SecretStore& secrets, SecretVault& vault) {
    unlock(vault);
    nlohmann::ordered_json entries = nlohmann::ordered_json::array();
    std::string lines;
    for (const SecretListing& secret : vault.list()) {
        const bool environment = secrets.in_environment(secret.name);
        auto from = nlohmann::ordered_json::array();
        std::string words;
        const auto add = [&](const char* id, const std::string& text) {
            from.push_back(id);
            words += (words.empty() ? "" : ", ") + text;
        };
        if (secret.written) add("component", "written by a component");
        if (environment) add("environment", SecretStore::variable(secret.name) + " is set");
        if (secret.supplied) add("store", "stored");
        entries.push_back({{"name", secret.name}, {"from", from}});
        lines += secret.name + "  " + words + "\n";
    }
    std::fputs((options.json ? entries.dump() + "\n" : lines).c_str(), stdout);
    if (lines.empty() && !options.json) say("there are no secrets in " + vault.file().string());
    return std::fflush(stdout) == 0 ? exit_ok : exit_unreadable;
}

int remove(const SecretOptions& options, SecretVault& vault) {
    check_name(options.name);
    unlock(vault);
    if (vault.remove(options.name)) {
        say("the secret \"" + options.name + "\" is removed");
        return exit_ok;
    }
    std::vector<std::string> names;
    for (const SecretListing& secret : vault.list()) names.push_back(secret.name);
    const std::string_view near = nearest(options.name, names);
    throw Stop(exit_invalid_settings,
               "there is no secret \"" + options.name + "\" in " + vault.file().string() +
                   (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?"));
}

}  // namespace

int secret(const SecretOptions& options, SecretStore& secrets) try {
    if (secrets.vault() == nullptr) throw Stop(exit_internal, "there is no encrypted store");
    SecretVault& vault = *secrets.vault();
    switch (options.action) {
        case SecretOptions::Action::set:
            return set(options, secrets, vault);
        case SecretOptions::Action::list:
            return list(options, secrets, vault);
        default:
            return remove(options, vault);
    }
} catch (const SecretsUnusable& fault) {
    throw Stop(exit_unreadable, fault.what());
}

}  // namespace wfc::tool
