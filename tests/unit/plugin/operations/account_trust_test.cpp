#include "operations/account_trust.hpp"

#include <atomic>
#include <future>
#include <gmock/gmock.h>
#include <thread>

#include "inbox/certificates.hpp"
#include "operations/account_secret.hpp"
#include "outcome/failure.hpp"
#include "ready_call.hpp"

namespace {

using mailsend::AccountTrust;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// TLS settings with a client certificate in the secret "cert".
class ClientCertificateOfAnAccount : public testing::Test {
  protected:
    ClientCertificateOfAnAccount() {
        settings_.pin_sha256 = std::string(64, 'a');  // spares loading the system's authorities
        settings_.client_certificate = mailsend::SecretRef{"cert"};
    }
    static std::string pem_of(const inbox::Certificate& certificate) {
        return certificate.certificate_pem + certificate.key_pem;
    }
    wfc::Host view() const { return wfc::Host(host_.table()); }
    std::optional<wfc::Problem> refused(const std::string& value) {
        host_.secret("cert", value);
        const AccountTrust trust(settings_, view());
        return test::problem_of([&] { trust.current(); });
    }

    wfc::testhost::TestHost host_;
    mailsend::TlsSettings settings_;
    inbox::Authority authority_;
};

TEST_F(ClientCertificateOfAnAccount, IsFetchedAtUseAndLoadedAgainOnlyWhenItChanged) {
    const AccountTrust trust(settings_, view());
    EXPECT_TRUE(host_.secrets_asked().empty());
    host_.secret("cert", pem_of(authority_.issue_client("alice")));
    const auto first = trust.current();
    EXPECT_EQ(trust.current(), first);
    host_.secret("cert", pem_of(authority_.issue_client("alice")));
    const auto renewed = trust.current();
    EXPECT_NE(renewed, first);
    EXPECT_EQ(trust.current(), renewed);
    EXPECT_EQ(host_.secrets_asked().size(), 4U);
}

/// A store in which the first to ask is answered last, with the value that stood there when it asked.
class SlowStore {
  public:
    explicit SlowStore(std::string old_value, std::string new_value)
        : old_(std::move(old_value)), new_(std::move(new_value)) {
        secrets_.struct_size = sizeof secrets_;
        secrets_.ctx = this;
        secrets_.get = [](void* store, wfc_view, wfc_sink value) noexcept -> wfc_status {
            return static_cast<SlowStore*>(store)->get(value);
        };
        host_.struct_size = sizeof host_;
        host_.ctx = this;
        host_.service = [](const wfc_host* host, const char* id) noexcept -> const void* {
            return std::string_view(id) == WFC_SECRETS ? &static_cast<SlowStore*>(host->ctx)->secrets_
                                                       : nullptr;
        };
    }
    const wfc_host* host() const noexcept { return &host_; }
    void await_first() { asked_.get_future().wait(); }
    void answer_first() { answer_.set_value(); }

  private:
    wfc_status get(wfc_sink value) {
        const bool first = !called_.exchange(true);
        if (first) {
            asked_.set_value();
            answer_.get_future().wait();
        }
        const std::string& pem = first ? old_ : new_;
        return value.write(value.ctx, {pem.data(), pem.size()});
    }

    std::string old_;
    std::string new_;
    std::atomic<bool> called_{false};
    std::promise<void> asked_;
    std::promise<void> answer_;
    wfc_secrets secrets_{};
    wfc_host host_{};
};

TEST_F(ClientCertificateOfAnAccount, ThatWasFetchedLastStaysWhenAnOlderFetchEndsLater) {
    SlowStore store(pem_of(authority_.issue_client("old")), pem_of(authority_.issue_client("new")));
    const AccountTrust trust(settings_, wfc::Host(store.host()));
    std::thread slow([&] { trust.current(); });
    store.await_first();
    const auto renewed = trust.current();
    store.answer_first();
    slow.join();
    EXPECT_EQ(trust.current(), renewed);
}

TEST_F(ClientCertificateOfAnAccount, ThatBecameUnusableIsNotReplacedByTheOldOne) {
    const AccountTrust trust(settings_, view());
    const std::string good = pem_of(authority_.issue_client("alice"));
    host_.secret("cert", good);
    trust.current();
    host_.secret("cert", "oops");
    EXPECT_TRUE(test::problem_of([&] { trust.current(); }));
    host_.secret("cert", good);
    EXPECT_NE(trust.current(), nullptr);
}

TEST_F(ClientCertificateOfAnAccount, NamesTheSecretAndNeverItsContent) {
    const auto alice = authority_.issue_client("alice");
    for (const auto& [value, why] :
         {std::pair(std::string(), "is empty"), std::pair(alice.certificate_pem, "holds no private key"),
          std::pair(alice.key_pem, "no certificate"),
          std::pair(alice.certificate_pem + authority_.issue_client("b").key_pem,
                    "does not belong to its certificate")}) {
        const auto problem = refused(value);
        ASSERT_TRUE(problem) << why;
        EXPECT_EQ(problem->status(), WFC_INVALID_SETTINGS);
        EXPECT_EQ(problem->pointer(), "/tls/client_certificate");
        EXPECT_THAT(problem->what(), AllOf(HasSubstr("the secret \"cert\""), HasSubstr(why),
                                           Not(HasSubstr(alice.key_pem.substr(30, 20)))));
    }
}

TEST_F(ClientCertificateOfAnAccount, IsMissingWhenTheHostHasNone) {
    const AccountTrust trust(settings_, view());
    try {
        trust.current();
        FAIL() << "a certificate from nowhere";
    } catch (const mailsend::MissingSecret& missing) {
        EXPECT_EQ(missing.pointer(), "/tls/client_certificate");
    }
    host_.secret_status("cert", WFC_UNAVAILABLE);
    EXPECT_THROW(trust.current(), mailsend::Failure);
}

TEST_F(ClientCertificateOfAnAccount, IsRefusedBeforeAnythingIsConnectedTo) {
    host_.secret("p", "correct horse");
    host_.secret("cert", "oops");
    auto settings = mailsend::parse_settings(test::settings_json);
    settings.tls = settings_;
    const mailsend::Account account(std::move(settings), view());
    const auto problem = test::problem_of([&] { account.route(test::patience(host_)); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/tls/client_certificate");
    EXPECT_TRUE(host_.egress_asked().empty());
}

}  // namespace
