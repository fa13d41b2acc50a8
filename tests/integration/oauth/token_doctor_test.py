"""A token that the mail server refuses is read where it is a JWT, and what is wrong with it is said."""

import os
import sys
import time

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from oauth.accounts import USER, Accounts, main
from oauth.token_server import TokenServer, jwt, tokens

REFUSED = "auth reply 535 5.7.3 Authentication unsuccessful [EXAMPLE.PROD.OUTLOOK.COM]\n"
EXCHANGE = "https://outlook.office.com"


def claims(**more):
    """Those of a token that is good for the mailbox of the tests."""
    now = int(time.time())
    return {"aud": EXCHANGE, "scp": "SMTP.Send", "upn": USER, "nbf": now - 60, "exp": now + 3600, **more}


class Doctor(Accounts):
    def diagnosed(self, token, identifier, provider="microsoft", **auth):
        """The explanations in English and in Japanese."""
        told = []
        for language in ("en", "ja"):
            with self.inbox(script=REFUSED) as inbox:
                settings = self.account(inbox, None, "access-token", provider, language, **auth)
                result = self.send(settings, access_token=token)
            error = self.assert_failed(result, identifier, "auth")
            self.assertEqual((535, "5.7.3"), (error["smtp"]["code"], error["smtp"]["enhanced"]))
            self.assertEqual("after-fix", error["retry"]["advice"])
            for part in [token, *token.split(".")]:
                if len(part) > 4:
                    self.assertNotIn(part, result.output + result.log)
            told.append(" ".join([error["explanation"]["title"], error["explanation"]["cause"],
                                  *error["explanation"]["steps"]]))
        return told

    def test_a_token_for_graph_is_told_from_one_for_smtp(self):
        for audience in ("https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"):
            for told in self.diagnosed(jwt(**claims(aud=audience, scp="Mail.Send")), "token.wrong_audience"):
                self.assertIn("Microsoft Graph", told)
                self.assertIn("https://outlook.office.com/SMTP.Send", told)

    def test_a_scope_that_is_missing_is_named(self):
        for told in self.diagnosed(jwt(**claims(scp="IMAP.AccessAsUser.All POP.AccessAsUser.All")), "token.missing_scope"):
            self.assertIn("SMTP.Send", told)
            self.assertIn("IMAP.AccessAsUser.All", told)

    def test_a_token_whose_time_is_over_or_has_not_begun_is_told_with_the_time(self):
        for told in self.diagnosed(jwt(**claims(exp=1700000000, nbf=1600000000)), "token.past_expiry"):
            self.assertIn("2023-11-14", told)
        for told in self.diagnosed(jwt(**claims(nbf=4000000000, exp=4000003600)), "token.not_yet_valid"):
            self.assertIn("2096-10-02", told)

    def test_a_token_of_somebody_else_names_both(self):
        for told in self.diagnosed(jwt(**claims(upn="mallory@example.test")), "token.other_user"):
            self.assertIn("mallory@example.test", told)

    def test_a_token_without_fault_and_one_that_is_no_jwt_are_not_blamed(self):
        for token in (jwt(**claims()), "EwBIA8l6BAAU-opaque-token", "a.b.c", jwt()):
            self.diagnosed(token, "outlook.auth.oauth_refused")

    def test_a_token_of_an_application_needs_its_role(self):
        token = jwt(aud="https://outlook.office365.com", roles=["Mail.Send"], exp=int(time.time()) + 3600)
        with TokenServer(tokens(token)) as server, self.inbox(script=REFUSED) as inbox:
            error = self.assert_failed(self.send(self.account(inbox, server, provider="microsoft")),
                                       "token.missing_role", "auth")
        self.assertIn("SMTP.SendAsApp", error["explanation"]["cause"] + " ".join(error["explanation"]["steps"]))

    def test_a_token_that_the_server_takes_is_not_examined(self):
        token = jwt(**claims(aud="https://graph.microsoft.com"))
        with self.inbox(token) as inbox:
            self.assert_accepted(self.send(self.account(inbox, None, "access-token", "microsoft"), access_token=token))


if __name__ == "__main__":
    main()
