"""From `wfc account sign-in` to mail in a mailbox: a real authorization server, and a real Dovecot that asks it.

Needs root, Postfix, Dovecot and Node; a browser is played by browser.py.
"""

import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from invoke import Result  # noqa: E402
from oauth.rig import DAEMON  # noqa: E402
from oauth.served import Served, main  # noqa: E402


class Chain(Served):
    def test_a_person_signs_in_and_mail_goes_out_through_dovecot(self):
        account = self.account()
        code, document, log = account.account("sign-in")
        self.assertEqual(code, 0, log)
        Result.schema.validate(document)
        self.assertEqual(document["account"]["signed_in"], True)
        headers, page = account.visit_page()
        self.assertIn("Signed in", page)
        for header in ("Connection: close", "Cache-Control: no-store", "Referrer-Policy: no-referrer"):
            self.assertIn(header.lower(), headers.lower())
        self.sent(account, "OAUTHBEARER")
        code, document, _ = account.account("status")
        self.assertEqual(code, 0)
        seen = document["account"]
        self.assertEqual(seen["warnings"], [])
        for member in ("issued_at", "refreshed_at", "access_expires_at", "last_good_send"):
            self.assertRegex(seen[member], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$", member)
        self.assertIn("smtp", seen["scopes"])
        self.assertEqual(seen["changed_since"], [])

    def test_the_page_speaks_the_browsers_language(self):
        account = self.account()
        code, _, log = account.account("sign-in", OAUTH_LANGUAGES="ja,en;q=0.5")
        self.assertEqual(code, 0, log)
        _, page = account.visit_page()
        self.assertIn("サインインしました", page)
        self.assertIn('lang="ja"', page)

    def test_somebody_who_says_no_is_told_what_that_means(self):
        account = self.account()
        code, document, _ = account.account("sign-in", OAUTH_DENY="1")
        self.assertEqual(code, 4)
        Result.schema.validate(document)
        self.assertEqual(document["error"]["id"], "rfc6749.access_denied")
        _, page = account.visit_page()
        self.assertIn(document["error"]["explanation"]["title"], page)
        self.assertEqual(self.refused(account)["error"]["id"], "token.sign_in_needed")

    def test_a_port_that_somebody_holds_names_the_setting_to_change(self):
        account = self.account()
        port = int(self.redirect.split(":")[2].split("/")[0])
        with socket.socket() as holder:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the sign-in before left its trace
            holder.bind(("127.0.0.1", port))
            holder.listen()
            code, document, _ = account.account("sign-in")
        self.assertEqual(code, 4)
        self.assertEqual(document["error"]["id"], "signin.port_in_use")
        self.assertEqual(document["error"]["pointer"], "/auth/redirect_uri")
        self.assertIn(f"127.0.0.1:{port}", document["error"]["message"])

    def test_an_application_that_asks_for_too_little_learns_it_when_it_signs_in(self):
        account = self.account(scopes=["openid", "offline_access", "smtp", "nonsense"])
        code, document, _ = account.account("sign-in")
        self.assertEqual(code, 4, document)
        self.assertIn(document["error"]["id"], ("rfc6749.invalid_scope", "token.scope_missing"))

    def test_signing_out_revokes_and_forgets(self):
        account = self.signed_in()
        code, document, log = account.account("sign-out")
        self.assertEqual(code, 0, log)
        Result.schema.validate(document)
        self.assertEqual(document["account"]["revoked"], True)
        self.assertEqual(self.refused(account)["error"]["id"], "token.sign_in_needed")
        code, document, _ = account.account("status")
        self.assertEqual(document["account"]["signed_in"], False)
        self.assertTrue(document["account"]["warnings"])

    def test_an_application_gets_its_token_without_a_person(self):
        account = self.account(grant="client-credentials", client_id=DAEMON["client_id"], redirect_uri=None,
                               tokens=None, scopes=["smtp"])
        account.secrets = {"CLIENT": DAEMON["secret"]}
        code, document, log = account.account("sign-in")
        self.assertEqual(code, 0, f"{document}{log}")
        self.assertEqual(self.server.requests("client_credentials")[-1]["status"], 200)


class Tokens:
    """What a mail server does with tokens, by one mechanism or the other."""

    def test_every_submission_port_takes_the_token(self):
        for port in ("starttls", "tls", "submission", "short"):
            with self.subTest(port):
                account = self.signed_in(port=port)
                self.sent(account, self.mechanism)

    def test_tokens_of_two_and_four_and_a_half_kilobytes_pass_dovecot_and_postfix(self):
        token = self.fresh_token()
        for port in ("starttls", "submission", "short"):
            for length in (2048, 4608):
                with self.subTest(port=port, length=length):
                    other = self.with_token(token.ljust(length, "~"), port)
                    self.sent(other, self.mechanism)

    def test_a_token_that_was_ended_is_refreshed_once_and_the_mail_goes_out(self):
        account = self.signed_in()
        self.sent(account, self.mechanism)
        before = len(self.server.requests("refresh_token"))
        self.server.end_access_tokens()
        document = self.sent(account, self.mechanism)
        self.assertEqual(len(document["attempts"]), 2)
        self.assertEqual(document["attempts"][0]["error"]["stage"], "auth")
        self.assertEqual(len(self.server.requests("refresh_token")), before + 1)

    def test_a_revoked_token_that_came_from_elsewhere_is_refused(self):
        token = self.fresh_token()
        account = self.with_token(token)
        self.sent(account, self.mechanism)
        self.server.revoke(token)
        document = self.refused(account)
        self.assertEqual(document["error"]["stage"], "auth")
        self.assertEqual(document["error"]["smtp"]["code"], 535)
        self.assertIn("status", document["error"]["smtp"]["challenge"])

    def test_an_expired_token_that_cannot_be_refreshed_is_refused(self):
        token = self.fresh_token()
        self.server.end_access_tokens()
        document = self.refused(self.with_token(token))
        self.assertEqual(document["error"]["smtp"]["code"], 535)

    def test_a_token_without_the_scope_for_mail_is_refused(self):
        document = self.refused(self.with_token(self.fresh_token("openid offline_access read")))
        self.assertEqual(document["error"]["stage"], "auth")
        self.assertEqual(document["error"]["smtp"]["code"], 535)


class ByOAuthBearer(Tokens, Served):
    mechanism, mechanisms = "OAUTHBEARER", "oauthbearer"


class ByXOAuth2(Tokens, Served):
    mechanism, mechanisms = "XOAUTH2", "xoauth2"


class ShortLived(Served):
    """An authorization server whose access tokens live for three seconds."""

    server_options = {"accessSeconds": 3}

    def test_an_expired_token_is_refreshed_and_the_rotated_one_kept(self):
        account = self.signed_in()
        for run in range(3):
            time.sleep(3.2)
            self.sent(account)
        refreshes = self.server.requests("refresh_token")
        self.assertEqual([each["status"] for each in refreshes], [200] * len(refreshes))
        self.assertGreaterEqual(len(refreshes), 3)

    def test_an_expired_token_from_elsewhere_is_refused(self):
        account = self.with_token(self.fresh_token())
        time.sleep(3.5)
        document = self.refused(account)
        self.assertEqual(document["error"]["stage"], "auth")
        self.assertEqual(document["error"]["smtp"]["code"], 535)


if __name__ == "__main__":
    main()
