#include "sasl/scram.hpp"

#include <charconv>
#include <gsasl.h>
#include <new>

namespace mailsend::sasl {
namespace {

struct EndLibrary {
    void operator()(Gsasl* library) const noexcept { gsasl_done(library); }
};
struct EndSession {
    void operator()(Gsasl_session* session) const noexcept { gsasl_finish(session); }
};

const char* name_of(ScramHash hash) noexcept {
    return hash == ScramHash::sha256 ? "SCRAM-SHA-256" : "SCRAM-SHA-1";
}

/// The `i=` of a server-first message (RFC 5802 section 7): the library runs as many rounds as it is told to.
void check_iterations(std::string_view server_first) {
    const std::size_t at = server_first.find(",i=");
    if (at == std::string_view::npos) return;  // the library refuses that one
    const std::string_view digits = server_first.substr(at + 3, server_first.find(',', at + 3) - (at + 3));
    std::uint32_t count = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (fault != std::errc() || end != digits.data() + digits.size() || count == 0 ||
        count > max_scram_iterations) {
        throw ChallengeRefused("auth.iterations", "the server asks for " + std::string(digits.substr(0, 20)) +
                                                      " rounds of hashing; at most " +
                                                      std::to_string(max_scram_iterations) + " are done");
    }
}

class Scram final : public Mechanism {
  public:
    Scram(ScramHash hash, const Credentials& credentials) : hash_(hash) {
        const auto has_nul = [](std::string_view text) { return text.find('\0') != text.npos; };
        if (has_nul(credentials.username) || has_nul(credentials.password.reveal()))
            throw std::invalid_argument("user name and password may not contain NUL");
        Gsasl* library = nullptr;
        if (gsasl_init(&library) != GSASL_OK) throw std::bad_alloc();
        library_.reset(library);
        Gsasl_session* session = nullptr;
        if (gsasl_client_start(library, name_of(hash), &session) != GSASL_OK)
            throw std::invalid_argument(std::string(name_of(hash)) + " is not built into libgsasl");
        session_.reset(session);
        set(GSASL_AUTHID, credentials.username);
        set(GSASL_PASSWORD, credentials.password.reveal());
    }

    std::string_view name() const noexcept override { return name_of(hash_); }

    std::optional<wfc::SecretString> initial_response() override {
        try {
            return step({});
        } catch (const ChallengeRefused& refused) {  // nothing was asked yet: it is about what we have
            throw std::invalid_argument(refused.what());
        }
    }

    std::optional<wfc::SecretString> next(std::string_view challenge) override {
        if (proven_) return std::nullopt;
        if (stage_ == 0 && challenge.empty()) return step({});  // the initial response was held back
        if (stage_ == 1) check_iterations(challenge);
        return step(challenge);
    }

    bool satisfied() const noexcept override { return proven_; }

  private:
    void set(Gsasl_property property, std::string_view value) {
        if (gsasl_property_set_raw(session_.get(), property, value.data(), value.size()) != GSASL_OK)
            throw std::bad_alloc();
    }

    wfc::SecretString step(std::string_view challenge) {
        char* output = nullptr;
        std::size_t size = 0;
        const int said = gsasl_step(session_.get(), challenge.data(), challenge.size(), &output, &size);
        wfc::SecretString answer;
        if (output != nullptr) {
            answer.append(output, size);
            wfc::wipe(output, size);
            gsasl_free(output);
        }
        if (said != GSASL_OK && said != GSASL_NEEDS_MORE) throw refusal(said);
        proven_ = said == GSASL_OK;
        ++stage_;
        return answer;
    }

    ChallengeRefused refusal(int fault) const {
        const std::string words = gsasl_strerror(fault);
        if (fault == GSASL_SASLPREP_ERROR) {
            return {"auth.unpreparable",
                    "user name or password holds characters that " + std::string(name()) + " cannot express"};
        }
        if (stage_ > 1) {
            return {"auth.server_unproven",
                    "the server could not prove that it knows the password (" + words + ")"};
        }
        return {"auth.challenge", "the server's challenge is no " + std::string(name()) + ": " + words};
    }

    ScramHash hash_;
    std::unique_ptr<Gsasl, EndLibrary> library_;
    std::unique_ptr<Gsasl_session, EndSession> session_;
    int stage_ = 0;  ///< messages answered
    bool proven_ = false;
};

}  // namespace

std::unique_ptr<Mechanism> scram(ScramHash hash, const Credentials& credentials) {
    return std::make_unique<Scram>(hash, credentials);
}

}  // namespace mailsend::sasl
