#include "store.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <unistd.h>

namespace inbox {
namespace {

using nlohmann::json;

/// "20261122T090000.123Z"
std::string timestamp() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::time_t seconds = ms / 1000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char text[32];
    const std::size_t size = std::strftime(text, sizeof text, "%Y%m%dT%H%M%S", &utc);
    std::snprintf(text + size, sizeof text - size, ".%03dZ", static_cast<int>(ms % 1000));
    return text;
}

json to_json(const Path& path) {
    json parameters = json::object();
    for (const auto& [keyword, value] : path.parameters) parameters[keyword] = value;
    return {{"address", path.address}, {"parameters", parameters}};
}

json to_json(const Envelope& envelope) {
    json out = {{"format", 1},
                {"peer", envelope.peer},
                {"ehlo", envelope.ehlo},
                {"extended", envelope.extended},
                {"transfer", envelope.transfer},
                {"tls", nullptr},
                {"auth", nullptr},
                {"from", to_json(envelope.sender)},
                {"to", json::array()}};
    if (!envelope.tls_version.empty()) {
        out["tls"] = {{"version", envelope.tls_version},
                      {"cipher", envelope.tls_cipher},
                      {"server_name", envelope.tls_name}};
    }
    if (!envelope.mechanism.empty())
        out["auth"] = {{"mechanism", envelope.mechanism}, {"user", envelope.user}};
    for (const Path& recipient : envelope.recipients) out["to"].push_back(to_json(recipient));
    return out;
}

}  // namespace

Incoming::Incoming(std::filesystem::path directory, std::string name)
    : directory_(std::move(directory)),
      name_(std::move(name)),
      fd_(::open(path(".part").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path(".part").string());
}

Incoming::~Incoming() {
    ::close(fd_);
    if (!kept_) ::unlink(path(".part").c_str());
}

std::filesystem::path Incoming::path(const char* extension) const {
    return directory_ / (name_ + extension);
}

bool Incoming::append(std::string_view bytes) noexcept {
    size_ += bytes.size();
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool Incoming::keep(const Envelope& envelope) noexcept {
    try {
        json sidecar = to_json(envelope);
        sidecar["file"] = name_ + ".eml";
        sidecar["size"] = size_;
        sidecar["received"] = name_.substr(0, name_.find('-'));
        std::ofstream out(path(".json"));
        // Names and addresses are whatever the client sent: not always UTF-8.
        out << sidecar.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
        out.close();
        if (!out) return false;
        std::filesystem::rename(path(".part"), path(".eml"));
        kept_ = true;
    } catch (const std::exception&) {
        return false;
    }
    return true;
}

Store::Store(std::filesystem::path directory) : directory_(std::move(directory)) {
    std::filesystem::create_directories(directory_);
}

std::unique_ptr<Incoming> Store::begin() const {
    static std::atomic<unsigned> count{0};
    char serial[16];
    std::snprintf(serial, sizeof serial, "%06u", ++count);
    return std::make_unique<Incoming>(directory_,
                                      timestamp() + "-" + std::to_string(::getpid()) + "-" + serial);
}

}  // namespace inbox
