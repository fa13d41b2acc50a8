#include "support/dns_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace test {
namespace {

constexpr int type_a = 1;
constexpr int type_aaaa = 28;
constexpr std::size_t header_size = 12;

// RFC 1035 section 4.1.1, second word of the header.
constexpr unsigned reply_flags = 0x8180;
constexpr unsigned truncated_flag = 0x0200;
constexpr unsigned rcode_formerr = 1;
constexpr unsigned rcode_servfail = 2;
constexpr unsigned rcode_nxdomain = 3;
constexpr unsigned rcode_notimp = 4;
constexpr unsigned rcode_refused = 5;

struct Question {
    std::string name;  ///< lower case
    int type = 0;
    std::string bytes;  ///< as received, from the name to the class
};

std::optional<Question> parse(const std::string& packet) {
    Question question;
    std::size_t at = header_size;
    while (at < packet.size() && packet[at] != 0) {
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(packet[at]));
        if (at + 1 + length > packet.size()) return std::nullopt;
        if (!question.name.empty()) question.name += '.';
        question.name += packet.substr(at + 1, length);
        at += 1 + length;
    }
    if (at + 5 > packet.size()) return std::nullopt;
    question.type =
        static_cast<unsigned char>(packet[at + 1]) * 256 + static_cast<unsigned char>(packet[at + 2]);
    question.bytes = packet.substr(header_size, at + 5 - header_size);
    std::transform(question.name.begin(), question.name.end(), question.name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return question;
}

void append_word(std::string& packet, unsigned value) {
    packet += static_cast<char>(value >> 8U & 0xffU);
    packet += static_cast<char>(value & 0xffU);
}

void append_address(std::string& packet, int type, const std::string& address) {
    std::array<char, sizeof(in6_addr)> bytes{};
    ::inet_pton(type == type_a ? AF_INET : AF_INET6, address.c_str(), bytes.data());
    const std::size_t size = type == type_a ? 4 : 16;
    append_word(packet, 0xc00c);  // the name of the question (RFC 1035 section 4.1.4)
    append_word(packet, static_cast<unsigned>(type));
    append_word(packet, 1);  // IN
    append_word(packet, 0);
    append_word(packet, 60);  // seconds to live
    append_word(packet, static_cast<unsigned>(size));
    packet.append(bytes.data(), size);
}

/// Empty for silence.
std::string reply_to(const std::string& packet, const Question& question, const DnsRecord& record) {
    const bool v6 = question.type == type_aaaa;
    const DnsFault fault = v6 && record.aaaa_fault != DnsFault::none ? record.aaaa_fault : record.fault;
    const bool known = v6 || question.type == type_a;
    const auto addresses =
        fault == DnsFault::none && known ? (v6 ? record.aaaa : record.a) : std::vector<std::string>{};

    unsigned flags = reply_flags;
    switch (fault) {
        case DnsFault::silent:
            return {};
        case DnsFault::nxdomain:
            flags |= rcode_nxdomain;
            break;
        case DnsFault::servfail:
            flags |= rcode_servfail;
            break;
        case DnsFault::refused:
            flags |= rcode_refused;
            break;
        case DnsFault::formerr:
            flags |= rcode_formerr;
            break;
        case DnsFault::notimp:
            flags |= rcode_notimp;
            break;
        case DnsFault::truncated:
            flags |= truncated_flag;
            break;
        case DnsFault::garbage:
        case DnsFault::none:
            break;
    }
    std::string reply = packet.substr(0, 2);
    append_word(reply, flags);
    append_word(reply, 1);
    // Garbage: answers are promised that do not follow.
    append_word(reply, fault == DnsFault::garbage ? 9 : static_cast<unsigned>(addresses.size()));
    append_word(reply, 0);
    append_word(reply, 0);
    reply += question.bytes;
    for (const std::string& address : addresses) append_address(reply, question.type, address);
    if (fault == DnsFault::garbage) reply += "\xc0\xff garbage";
    return reply;
}

}  // namespace

DnsServer::DnsServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("the test's name server has no port");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

DnsServer::~DnsServer() {
    stopping_ = true;
    thread_.join();
    ::close(socket_);
}

std::string DnsServer::address() const {
    return "127.0.0.1:" + std::to_string(port_);
}

void DnsServer::answer(const std::string& name, DnsRecord record) {
    const std::lock_guard lock(mutex_);
    records_[name] = std::move(record);
}

DnsRecord DnsServer::record_of(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(name);
    if (found != records_.end()) return found->second;
    DnsRecord unknown;
    unknown.fault = DnsFault::nxdomain;
    return unknown;
}

void DnsServer::serve() {
    std::vector<Pending> pending;
    while (!stopping_) {
        pollfd one{socket_, POLLIN, 0};
        if (::poll(&one, 1, 10) > 0) receive(pending);
        const auto now = std::chrono::steady_clock::now();
        std::erase_if(pending, [&](const Pending& reply) {
            if (reply.due > now) return false;
            sockaddr_in to{};
            to.sin_family = AF_INET;
            to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            to.sin_port = reply.port;
            ::sendto(socket_, reply.reply.data(), reply.reply.size(), 0, reinterpret_cast<sockaddr*>(&to),
                     sizeof to);
            return true;
        });
    }
}

void DnsServer::receive(std::vector<Pending>& pending) {
    std::array<char, 512> bytes{};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t count =
        ::recvfrom(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (count < static_cast<ssize_t>(header_size)) return;
    const std::string packet(bytes.data(), static_cast<std::size_t>(count));
    const auto question = parse(packet);
    if (!question) return;
    ++queries_;
    const DnsRecord record = record_of(question->name);
    std::string reply = reply_to(packet, *question, record);
    if (reply.empty()) return;
    pending.push_back({std::chrono::steady_clock::now() + record.delay, std::move(reply), from.sin_port});
}

}  // namespace test
