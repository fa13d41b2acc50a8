#include "settings_cases.hpp"

namespace {

using namespace test;

TEST(ServerRules, TellAPortThatDoesNotFitTheSecurityOfAnUnknownServer) {
    expect_said({
        {{server("mail.example.test", 465, "starttls")},
         "warning /server/security",
         "implicit-tls",
         "ポート465では"},
        {{server("mail.example.test", 587, "implicit-tls")},
         "warning /server/security",
         "port 587",
         "ポート587では"},
        {{server("mail.example.test", 25, "implicit-tls")},
         "warning /server/security",
         "port 25",
         "ポート25では"},
        {{server("mail.example.test", 25, "starttls")},
         "warning /server/port",
         "587 or 465 if",
         "対応していれば、587か465"},
        {{server("mail.example.test", 110, "starttls")}, "warning /server/port", "reading mail", "受信用"},
        {{server("mail.example.test", 143, "starttls")}, "warning /server/port", "reading mail", "受信用"},
        {{server("mail.example.test", 993, "implicit-tls")},
         "warning /server/port",
         "usually 587 or 465",
         "受信用"},
        {{server("mail.example.test", 995, "implicit-tls")},
         "warning /server/port",
         "reading mail",
         "受信用"},
        {{clear}, "warning /server/security", "Nothing is encrypted", "暗号化されません"},
    });
}

TEST(ServerRules, CompareKnownProvidersByPortAndSecurity) {
    expect_said({
        {{server("email-smtp.us-east-1.amazonaws.com", 2465, "auto")},
         "warning /server/security",
         "\"implicit-tls\"",
         "ポート2465ではimplicit-tls"},
        {{server("mail.smtp2go.com", 8465, "auto")},
         "warning /server/security",
         "\"implicit-tls\"",
         "ポート8465ではimplicit-tls"},
        {{server("smtp.resend.com", 2465, "starttls"), user("resend")},
         "warning /server/security",
         "\"implicit-tls\"",
         "implicit-tls"},
        {{server("smtp.gmail.com", 587, "implicit-tls")},
         "warning /server/security",
         "\"starttls\"",
         "ポート587ではstarttls"},
        {{server("smtp.gmail.com", 2525, "starttls")},
         "warning /server/port",
         "Write port 465 (implicit-tls) or 587 (starttls).",
         "465 (implicit-tls)、587 (starttls)にしてください"},
        {{server("smtp.mail.yahoo.co.jp", 587, "auto"), user("alice")},
         "warning /server/port",
         "Write port 465 (implicit-tls).",
         "465 (implicit-tls)にしてください"},
        {{server("smtp.gmail.com", 993, "implicit-tls")},
         "warning /server/port",
         "reading mail. To send through Gmail",
         "受信用です。Gmail"},
        {{server("email-smtp.us-east-1.amazonaws.com", 25, "starttls")},
         "warning /server/port",
         "2465 (implicit-tls), which Amazon SES",
         "2465 (implicit-tls)を指定"},
        {{preset("ses"), {{"server", {{"submission", "25"}}}}},
         "warning /server/submission",
         "Write \"587\", \"465\", \"2587\" or \"2465\"",
         "\"2587\"、\"2465\"を指定"},
        {{host("outlook.office365.com")},
         "warning /server/host",
         "Write smtp.office365.com",
         "smtp.office365.comにして"},
    });
}

}  // namespace
