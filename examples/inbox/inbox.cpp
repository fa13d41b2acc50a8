#include "inbox.hpp"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "certificates.hpp"

namespace inbox {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) throw std::runtime_error(path + " cannot be read");
    return text;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out.append(out.empty() ? "" : " ").append(word);
    return out;
}

}  // namespace

Inbox::Inbox(Options options)
    : options_(std::move(options)),
      store_(options_.store),
      listener_([this](Wire& wire, std::size_t door) { serve(wire, door); }) {
    if (!options_.script.empty()) Script::load(options_.script);  // a script at fault refuses the start
    make_tls();
    premises_.name = options_.name;
    premises_.offers = options_.offers;
    premises_.auth_in_clear = options_.auth_in_clear;
    premises_.users = options_.users;
    premises_.tls = tls_.get();
    premises_.store = &store_;
    if (!options_.script.empty()) premises_.script = [this] { return Script::load(options_.script); };
    premises_.log = options_.log;
    port_ = listener_.open(options_.addresses, options_.port);
    if (options_.tls_port) tls_port_ = listener_.open(options_.addresses, *options_.tls_port);
    listener_.start();
}

void Inbox::make_tls() {
    const std::string client_ca = options_.client_ca.empty() ? "" : read_file(options_.client_ca);
    if (!options_.certificate.empty()) {
        tls_ =
            std::make_unique<ServerTls>(read_file(options_.certificate), read_file(options_.key), client_ca);
        return;
    }
    const Authority authority;
    const Certificate certificate = authority.issue({"localhost", "127.0.0.1", "::1", options_.name});
    tls_ = std::make_unique<ServerTls>(certificate.certificate_pem, certificate.key_pem, client_ca);
    ca_pem_ = authority.certificate_pem();
    ca_file_ = std::filesystem::absolute(options_.store / "ca.pem");
    std::ofstream out(ca_file_, std::ios::binary);
    out << ca_pem_;
    out.close();
    if (!out) throw std::runtime_error(ca_file_.string() + " cannot be written");
}

void Inbox::serve(Wire& wire, std::size_t door) {
    Premises premises = premises_;
    premises.log = [this, peer = wire.peer()](const std::string& event) { options_.log(peer + " " + event); };
    premises.log("connected");
    Script script;
    std::string refusal;
    try {
        if (premises.script) script = premises.script();
    } catch (const ScriptError& error) {
        refusal = Script::fault(error);
    }
    Dialogue(wire, premises, std::move(script)).run(door == 1, refusal);
}

std::string Inbox::ready_line() const {
    std::string line = "inbox ready on " + joined(listener_.addresses(0));
    if (tls_port_) line += ", TLS on " + joined(listener_.addresses(1));
    return line + ", storing in " + options_.store.string();
}

std::string Inbox::ready_document() const {
    nlohmann::json out = {{"format", 1},
                          {"port", port_},
                          {"tls_port", nullptr},
                          {"store", std::filesystem::absolute(options_.store).string()},
                          {"ca_file", nullptr}};
    if (tls_port_) out["tls_port"] = *tls_port_;
    if (!ca_file_.empty()) out["ca_file"] = ca_file_.string();
    return out.dump() + "\n";
}

}  // namespace inbox
