#include "sasl/scram.hpp"

#include <charconv>
#include <cstring>
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
void check_iterations(std::string_view server_first, std::uint32_t fewest) {
    const std::size_t at = server_first.find(",i=");
    if (at == std::string_view::npos) return;  // the library refuses that one
    const std::string_view digits = server_first.substr(at + 3, server_first.find(',', at + 3) - (at + 3));
    std::uint32_t count = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    const bool number = fault == std::errc() && end == digits.data() + digits.size();
    if (number && count >= fewest && count <= max_scram_iterations) return;
    const std::string sentence = "the server asks for " + std::string(digits.substr(0, 20)) +
                                 " rounds of hashing; " + std::to_string(fewest) + " to " +
                                 std::to_string(max_scram_iterations) + " are done" +
                                 (fewest > 1 ? " without TLS" : "");
    throw ChallengeRefused("auth.iterations", sentence);
}

/// Whether SASLprep takes `text` and leaves something of it. libgsasl asks with the same flag.
bool can_be_prepared(std::string_view text) {
    if (text.find('\0') != text.npos) return false;
    wfc::SecretString terminated(text);
    terminated.append(std::string_view("\0", 1));
    char* prepared = nullptr;
    const int said = gsasl_saslprep(terminated.reveal().data(), GSASL_ALLOW_UNASSIGNED, &prepared, nullptr);
    if (said == GSASL_MALLOC_ERROR) throw std::bad_alloc();
    const std::size_t size = prepared == nullptr ? 0 : std::strlen(prepared);
    if (prepared != nullptr) wfc::wipe(prepared, size);
    gsasl_free(prepared);
    return said == GSASL_OK && size > 0;
}

/// The word of `e=` (RFC 5802 section 7), fit to be quoted.
std::string server_error(std::string_view message) {
    const std::string_view word = message.substr(2, message.find(',') - 2);
    const bool known_form = word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == word.npos;
    return known_form && !word.empty() && word.size() <= 64 ? std::string(word) : "an error";
}

class Scram final : public Mechanism {
  public:
    Scram(ScramHash hash, const Credentials& credentials, bool encrypted)
        : hash_(hash), fewest_iterations_(encrypted ? 1 : min_scram_iterations_in_clear) {
        const auto refuse = [&](const char* what) {
            throw std::invalid_argument(std::string("the ") + what + " is empty or holds characters that " +
                                        name_of(hash) + " cannot express");
        };
        if (!can_be_prepared(credentials.username)) refuse("user name");
        if (!can_be_prepared(credentials.password.reveal())) refuse("password");
        Gsasl* library = nullptr;
        if (gsasl_init(&library) != GSASL_OK) throw std::bad_alloc();
        library_.reset(library);
        Gsasl_session* session = nullptr;
        const int started = gsasl_client_start(library, name_of(hash), &session);
        if (started == GSASL_MALLOC_ERROR) throw std::bad_alloc();
        if (started != GSASL_OK)
            throw std::invalid_argument(std::string(name_of(hash)) + " is not built into libgsasl");
        session_.reset(session);
        set(GSASL_AUTHID, credentials.username);
        set(GSASL_PASSWORD, credentials.password.reveal());
        // Now, while another mechanism can still be taken.
        if (step({}, first_) != GSASL_NEEDS_MORE) refuse("user name");
    }

    std::string_view name() const noexcept override { return name_of(hash_); }

    std::optional<wfc::SecretString> initial_response() override { return std::move(first_); }

    std::optional<wfc::SecretString> next(std::string_view challenge) override {
        if (proven_ || refusal_) return std::nullopt;
        if (challenge.starts_with("e=")) {
            refusal_.emplace(
                "auth.refused_in_challenge",
                "the server broke " + std::string(name()) + " off with \"" + server_error(challenge) + "\"");
            return wfc::SecretString();  // RFC 4422 section 3.6: the outcome follows in the server's own
                                         // words
        }
        if (!proof_sent_) check_iterations(challenge, fewest_iterations_);
        wfc::SecretString answer;
        const int said = step(challenge, answer);
        if (said != GSASL_OK && said != GSASL_NEEDS_MORE) throw refused(said);
        proven_ = said == GSASL_OK;
        proof_sent_ = true;
        return answer;
    }

    bool satisfied() const noexcept override { return proven_; }
    std::optional<ChallengeRefused> refusal() const override { return refusal_; }

  private:
    void set(Gsasl_property property, std::string_view value) {
        if (gsasl_property_set_raw(session_.get(), property, value.data(), value.size()) != GSASL_OK)
            throw std::bad_alloc();
    }

    int step(std::string_view challenge, wfc::SecretString& answer) {
        char* output = nullptr;
        std::size_t size = 0;
        const int said = gsasl_step(session_.get(), challenge.data(), challenge.size(), &output, &size);
        if (said == GSASL_MALLOC_ERROR) throw std::bad_alloc();
        if (output != nullptr) {
            answer.append(output, size);
            wfc::wipe(output, size);
            gsasl_free(output);
        }
        return said;
    }

    ChallengeRefused refused(int fault) const {
        const std::string words = gsasl_strerror(fault);
        if (proof_sent_) {
            return {"auth.server_unproven",
                    "the server could not prove that it knows the password (" + words + ")"};
        }
        return {"auth.challenge", "the server's challenge is no " + std::string(name()) + ": " + words};
    }

    ScramHash hash_;
    std::uint32_t fewest_iterations_;
    std::unique_ptr<Gsasl, EndLibrary> library_;
    std::unique_ptr<Gsasl_session, EndSession> session_;
    wfc::SecretString first_;
    bool proof_sent_ = false;
    bool proven_ = false;
    std::optional<ChallengeRefused> refusal_;
};

}  // namespace

std::unique_ptr<Mechanism> scram(ScramHash hash, const Credentials& credentials, bool encrypted) {
    return std::make_unique<Scram>(hash, credentials, encrypted);
}

}  // namespace mailsend::sasl
