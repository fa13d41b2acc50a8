#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace inbox {

std::map<std::string, std::string> load_users(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file.is_open()) throw std::runtime_error(path + " cannot be read");
    const auto json = nlohmann::json::parse(file, nullptr, false);
    if (!json.is_object())
        throw std::runtime_error(path + " is not a JSON object of user names and passwords");
    std::map<std::string, std::string> users;
    for (const auto& [name, password] : json.items()) {
        if (!password.is_string())
            throw std::runtime_error(path + ": the password of " + name + " is not a string");
        users[name] = password.get<std::string>();
    }
    return users;
}

CommandLine parse_command_line(int argc, const char* const* argv) {
    CommandLine line;
    Options& options = line.options;
    std::string offer;
    std::string users;
    std::string store;

    CLI::App app{
        "A local inbox: an SMTP server that takes every message, stores it as .eml, and answers as a script "
        "says.",
        "inbox"};
    app.add_option("--port", options.port, "port to listen on; 0 takes a free one and prints it")
        ->default_val(2525);
    app.add_option("--tls-port", options.tls_port, "port for implicit TLS as well; 0 takes a free one");
    app.add_option("--store", store, "directory for the messages, and for ca.pem")->required();
    app.add_option("--script", options.script,
                   "file that says how to answer; read again for every connection and every message");
    app.add_option("--offer", offer, "extensions to offer, separated by commas, or none (default: all)");
    app.add_option("--users", users,
                   "JSON file {\"name\": \"password\"}; without it any credentials are taken");
    app.add_flag("--auth-in-clear", options.auth_in_clear, "offer AUTH without TLS, too");
    auto* certificate =
        app.add_option("--cert", options.certificate, "PEM file: certificate chain (default: made at start)");
    auto* key = app.add_option("--key", options.key, "PEM file: key of the certificate");
    certificate->needs(key);
    key->needs(certificate);
    app.add_option("--client-ca", options.client_ca,
                   "PEM file: clients must show a certificate of these authorities");
    app.add_option("--name", options.name, "name in greeting and certificate")->capture_default_str();
    app.add_option("--listen", options.addresses,
                   "IP address to listen on, repeatable (default: loopback only)");
    app.add_option("--ready-file", line.ready_file,
                   "file that gets ports and CA path as JSON when the inbox listens");
    app.add_flag("--verbose", line.verbose, "one line on stderr for every event");
    try {
        app.parse(argc, argv);
        options.store = store;
        if (!offer.empty()) options.offers = Offers::parse(offer);
        if (!users.empty()) options.users = load_users(users);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        line.exit_code = code == 0 ? 0 : 64;
    } catch (const std::exception& error) {
        std::cerr << "inbox: " << error.what() << '\n';
        line.exit_code = 64;
    }
    return line;
}

}  // namespace inbox
