/// What went wrong, as facts; diagnosis turns facts into an explanation.
///
/// Guarantees: facts hold no secret and no text written for people but one English sentence; they are copied
/// freely.
#pragma once

#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "outcome/reply.hpp"
#include "outcome/vocabulary.hpp"

namespace mailsend {

/// Facts of one failure. Either `reply` is set (a server spoke) or `condition` names what happened.
struct Facts {
    Stage stage = Stage::host;
    /// Id of a failure that no reply expresses: "dns.nxdomain", "conn.refused", "cert.host_mismatch"
    /// (errors.json).
    std::string condition;
    std::optional<Reply> reply;
    /// Our own sentence, in English, without a final full stop; the message where no server spoke.
    std::string sentence;
    /// RFC 6901 pointer into settings or input.
    std::string pointer;
    /// Values for the placeholders of explanations: host, port, address, names, seconds, user … Signs of
    /// whose server it is: greeting (the words of its 220), server_name (the first word of its reply to
    /// EHLO). Of an HTTP API ("api.refused"): api (gmail, graph), http_status, api_code (all of its codes and
    /// reasons, set apart by blanks), api_message.
    std::map<std::string, std::string> details;
    /// What the server said in a 334 that was a refusal (RFC 7628 section 3.2.2): decoded, at most
    /// 4 KiB, printable, without credentials.
    std::string challenge{};
    /// What had gone wrong before and led to this, as a refusal of the token endpoint does.
    std::shared_ptr<const Facts> cause{};
    /// Fingerprint of the provider that spoke ("gmail", "microsoft365"), empty when unknown.
    std::string provider;
};

/// A failure on its way to the result document.
class Failure : public std::exception {
  public:
    explicit Failure(Facts facts) : facts_(std::move(facts)) {}
    Failure(Stage stage, std::string condition, std::string sentence) {
        facts_.stage = stage;
        facts_.condition = std::move(condition);
        facts_.sentence = std::move(sentence);
    }
    const Facts& facts() const noexcept { return facts_; }
    Facts& facts() noexcept { return facts_; }
    const char* what() const noexcept override { return facts_.sentence.c_str(); }

    /// Adds a placeholder's value; returns the failure, to be thrown.
    Failure&& with(std::string name, std::string value) && {
        facts_.details[std::move(name)] = std::move(value);
        return std::move(*this);
    }
    Failure&& at(std::string pointer) && {
        facts_.pointer = std::move(pointer);
        return std::move(*this);
    }

  private:
    Facts facts_;
};

/// The host asked to stop.
class Cancelled : public std::exception {
  public:
    const char* what() const noexcept override { return "cancelled by the host"; }
};

}  // namespace mailsend
