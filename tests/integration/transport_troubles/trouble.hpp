/// What a person and an engine are told of a trouble on the way to a server, asked of MailSend as a host
/// loads it.
///
/// Guarantees: every send happens in English and in Japanese, so a server of a test must serve more than one
/// client.
#pragma once

#include <gmock/gmock.h>
#include <string>
#include <vector>

#include "support/served_mail_send.hpp"

namespace test {

/// What the result document has to say.
struct Trouble {
    std::string id{};
    std::string stage{};
    std::string error_class{};
    std::string advice{};
    std::string actor{};
    std::string message{};  ///< how error.message begins, behind the words that begin every message
    /// Facts that stand in the message or in the explanation, in either language.
    std::vector<std::string> told{};
};

class TransportTrouble : public ServedMailSend {
  protected:
    /// The operation ends as `expected` says; the document in English.
    nlohmann::json ends(const Trouble& expected, const nlohmann::json& settings,
                        const std::string& operation = "send", const std::string& input = short_message());

    /// `document` says what is expected, in the language.
    static void told_in(const std::string& language, const Trouble& expected, const nlohmann::json& document);

    /// Starts the inbox with a script of its own.
    void play(const std::string& script, inbox::Offers offers = {});

    /// Settings for `host` at a port; `security` as in server.security. Nobody signs in.
    static nlohmann::json without_login(const std::string& host, std::uint16_t port,
                                        const std::string& security = "none");

    /// The same with so short a patience at every stage. Not shorter than a busy machine needs to answer.
    static nlohmann::json hasty(nlohmann::json settings, const std::string& member);
};

}  // namespace test
