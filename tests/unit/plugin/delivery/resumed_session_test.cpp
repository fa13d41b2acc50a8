// Signing in to a server with a TLS session of an earlier connection, and to one that wants none of it.
#include "over_smtp.hpp"
#include "unit/plugin/net/resuming_server.hpp"

namespace mailsend::delivery {
namespace {

using test::ResumingServer;
using Break = ResumingServer::Break;

class ResumedSession : public OverSmtp {
  protected:
    Route route_to(const ResumingServer& server) {
        Route route;
        route.endpoint = {"localhost", server.port(), {}};
        route.protection = smtp::Protection::implicit_tls;
        route.ehlo_name = "client.example.test";
        route.trust = [trust = trust_] { return trust; };
        route.clock = wfc::Clock(&real_clock());
        route.dial = [](const net::Endpoint& to, const Lines&, const net::Patience& patience) {
            return net::connect(to, {"127.0.0.1"}, wfc::Egress(), patience);
        };
        return route;
    }
    /// Signs in and takes leave; whether that went on with a session.
    static bool resumes(const Route& route) {
        SignIn sign_in(route);
        sign_in.open(patience_of(route));
        const bool resumed = sign_in.connection().tls()->resumed;
        EXPECT_TRUE(sign_in.connection().ready());
        sign_in.connection().quit(patience_of(route));
        return resumed;
    }

    inbox::Authority authority_;
    inbox::Certificate certificate_ = authority_.issue({"localhost"});
    std::shared_ptr<const net::Trust> trust_ =
        std::make_shared<const net::Trust>(authority_.certificate_pem(), net::TlsVersion::tls1_2);
};

TEST_F(ResumedSession, IsWhatTheNextConnectionGoesOnWith) {
    const ResumingServer server(certificate_);
    const Route route = route_to(server);
    EXPECT_FALSE(resumes(route));
    EXPECT_TRUE(resumes(route));
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(ResumedSession, ThatTheServerDoesNotKnowAnyLongerCostsNoConnection) {
    ResumingServer server(certificate_);
    const Route route = route_to(server);
    resumes(route);
    server.forget_tickets();
    EXPECT_FALSE(resumes(route));
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(ResumedSession, ThatTheServerBreaksOffOnIsFollowedByAFullHandshakeOnANewConnection) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const Break how : {Break::hang_up, Break::reset, Break::alert}) {
            ResumingServer server(certificate_, version);
            const Route route = route_to(server);
            resumes(route);
            server.break_off(1, how);
            EXPECT_FALSE(resumes(route));
            EXPECT_EQ(server.connections(), 3);
            EXPECT_EQ(server.resumed(), 0);
        }
    }
}

TEST_F(ResumedSession, IsNoReasonForMoreThanOneNewConnection) {
    ResumingServer server(certificate_);
    const Route route = route_to(server);
    resumes(route);
    server.hang_up(2);
    SignIn sign_in(route);
    try {
        sign_in.open(patience_of(route));
        FAIL() << "the server hung up on both";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.facts().stage, Stage::tls);
        EXPECT_FALSE(failure.facts().details.contains(net::session_offered)) << "a session is not to blame";
    }
    EXPECT_EQ(server.connections(), 3);
}

TEST_F(ResumedSession, ThatWasNotOfferedIsNoReasonForAnyNewConnection) {
    ResumingServer server(certificate_);
    const Route route = route_to(server);
    server.hang_up(1);
    SignIn sign_in(route);
    EXPECT_THROW(sign_in.open(patience_of(route)), Failure);
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(ResumedSession, WhoseHandshakeTakesTooLongIsNotOfferedAgainAndCostsOneTimeOut) {
    ResumingServer server(certificate_);
    Route route = route_to(server);
    resumes(route);
    server.break_off(1, Break::silence);
    route.timeouts.connect = 300;
    {
        SignIn sign_in(route);
        try {
            sign_in.open(patience_of(route));
            FAIL() << "the server kept silent";
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.facts().condition, "tls.timeout");
        }
    }
    EXPECT_EQ(server.connections(), 2);
    EXPECT_FALSE(resumes(route)) << "with a full handshake";
}

/// The retry belongs to the connection: the message knows nothing of it.
TEST_F(ResumedSession, ThatTheServerBreaksOffOnIsNoAttemptOfTheMessage) {
    ResumingServer server(certificate_);
    const Route route = route_to(server);
    resumes(route);
    server.hang_up(1);
    // What this server says to DATA ends the attempt.
    const Report report = delivered(route, {order_for(1)})[0];
    EXPECT_EQ(server.connections(), 3);
    EXPECT_EQ(report.attempts.size(), 1u);
    EXPECT_EQ(report.facts->stage, Stage::data);
    EXPECT_EQ(report.server.tls, "TLSv1.3");
}

}  // namespace
}  // namespace mailsend::delivery
