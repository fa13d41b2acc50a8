/// Deliveries over SMTP to a ScriptServer, and the lines that it hears.
#pragma once

#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "delivery/smtp_transport.hpp"
#include "script_server.hpp"
#include "scripted_transport.hpp"

namespace mailsend::delivery {

using Lines = std::vector<std::string>;

inline const wfc_clock& real_clock() {
    static const wfc_clock table = [] {
        wfc_clock clock{};
        clock.struct_size = sizeof clock;
        clock.monotonic_ms = [](void*) noexcept -> std::uint64_t {
            return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                  std::chrono::steady_clock::now().time_since_epoch())
                                                  .count());
        };
        return clock;
    }();
    return table;
}

inline const std::string mail = "MAIL FROM:<alice@example.test>";
inline const std::string rcpt0 = "RCPT TO:<r0@example.test>";
inline const std::string rcpt1 = "RCPT TO:<r1@example.test>";
inline const std::string rcpt2 = "RCPT TO:<r2@example.test>";

class OverSmtp : public testing::Test {
  protected:
    static Route route_to(const ScriptServer& server) {
        Route route;
        route.endpoint = {"127.0.0.1", server.port(), {}};
        route.protection = smtp::Protection::none;
        route.ehlo_name = "client.example.test";
        route.trust = [] {
            return std::make_shared<const net::Trust>(net::TrustTerms{.pin_sha256 = "unused"});
        };
        route.clock = wfc::Clock(&real_clock());
        return route;
    }
    static net::Patience patience_of(const Route& route) {
        return {route.clock, nullptr, route.clock.monotonic_ms() + 60'000};
    }
    /// One delivery for each order, of the same message.
    static std::vector<Report> delivered(const Route& route, const std::vector<Order>& orders,
                                         Partial on_partial = Partial::report) {
        SmtpTransport transport(route, on_partial);
        const auto message = message_to(3);
        std::vector<Report> reports;
        for (const Order& order : orders) {
            reports.push_back(transport.deliver(*message, order, patience_of(route)));
            EXPECT_TRUE(message->rewind());
        }
        transport.close(patience_of(route));
        return reports;
    }
};

}  // namespace mailsend::delivery
