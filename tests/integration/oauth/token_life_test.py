"""How an account stays signed in from process to process, and what it does when it cannot."""

import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from oauth.accounts import Accounts, main
from oauth.token_server import CLOSED, JSON, TokenServer, answer, refusal, tokens

GONE = refusal("invalid_grant", error_description="The grant is over.")


def short(access_token, **more):
    """A token that is good for the process that asked, and not for the next one."""
    return tokens(access_token, expires_in=0, **more)


def offered(server):
    return [request.form.get("refresh_token") for request in server.requests]


class Rotation(Accounts):
    def test_a_rotated_refresh_token_is_what_the_next_process_uses(self):
        with TokenServer(short("a1", refresh_token="second"), short("a2", refresh_token="third"), short("a3")) as server, \
                self.inbox() as inbox:
            settings = self.account(inbox, server, "refresh-token")
            for _ in range(3):
                self.assert_accepted(self.send(settings, refresh_token="first"))
        self.assertEqual(["first", "second", "third"], offered(server))

    def test_the_same_holds_where_the_tokens_have_a_secret_of_their_own(self):
        with TokenServer(short("a1", refresh_token="second"), short("a2")) as server, self.inbox() as inbox:
            settings = self.account(inbox, server, "refresh-token", tokens={"$secret": "kept"})
            for _ in range(2):
                self.assert_accepted(self.send(settings, refresh_token="first"))
        self.assertEqual(["first", "second"], offered(server))

    def test_where_none_is_returned_the_old_one_is_kept(self):
        with TokenServer(short("a1")) as server, self.inbox() as inbox:
            settings = self.account(inbox, server, "refresh-token")
            for _ in range(2):
                self.assert_accepted(self.send(settings, refresh_token="first"))
        self.assertEqual(["first", "first"], offered(server))

    def test_an_access_token_that_is_still_good_is_used_by_the_next_process_without_asking(self):
        with TokenServer(tokens("good-for-long")) as server, self.inbox("good-for-long") as inbox:
            settings = self.account(inbox, server, "refresh-token", tokens={"$secret": "kept"})
            for _ in range(2):
                self.assert_accepted(self.send(settings, refresh_token="first"))
        self.assertEqual(["first"], offered(server))

    def test_the_token_of_the_settings_wins_again_as_soon_as_it_changes(self):
        for kept in (None, {"$secret": "kept"}):
            with self.subTest(kept), TokenServer(short("a1", refresh_token="rotated"), short("a2"), short("a3")) as server, \
                    self.inbox() as inbox:
                self.move()
                settings = self.account(inbox, server, "refresh-token", tokens=kept)
                for supplied in ("first", "first", "another"):
                    self.assert_accepted(self.send(settings, refresh_token=supplied))
                self.assertEqual(["first", "rotated", "another"], offered(server))


class Trouble(Accounts):
    def test_nothing_is_forgotten_because_of_a_fault_that_passes(self):
        page = (200, {"Content-Type": "text/html"}, "<title>Wi-Fi</title>")
        for name, said in (("429", answer({}, 429)), ("500", answer({}, 500)), ("503", refusal("server_error", 503)),
                           ("closed", CLOSED), ("a page", page), ("garbage", (200, JSON, "]"))):
            with self.subTest(name), TokenServer(short("a1", refresh_token="second"), said, short("a2")) as server, \
                    self.inbox() as inbox:
                self.move()
                settings = self.account(inbox, server, "refresh-token")
                self.assert_accepted(self.send(settings, refresh_token="first"))
                failed = self.send(settings, refresh_token="first")
                self.assertEqual((4, "failed"), (failed.code, failed.document["outcome"]), str(failed))
                self.assert_accepted(self.send(settings, refresh_token="first"))
                self.assertEqual(["first", "second", "second"], offered(server))

    def test_nothing_is_forgotten_while_the_server_is_away(self):
        with TokenServer(short("a1", refresh_token="second"), short("a2")) as server, self.inbox() as inbox:
            settings = self.account(inbox, server, "refresh-token")
            self.assert_accepted(self.send(settings, refresh_token="first"))
            server.stop()
            error = self.assert_failed(self.send(settings, refresh_token="first"), "token.unreachable")
            self.assertEqual("backoff", error["retry"]["advice"])
            server.start()
            self.assert_accepted(self.send(settings, refresh_token="first"))
        self.assertEqual(["first", "second"], offered(server))

    def test_a_dead_refresh_token_is_not_offered_again_until_there_is_another(self):
        with TokenServer(GONE) as server, self.inbox() as inbox:
            settings = self.account(inbox, server, "refresh-token")
            for _ in range(2):
                error = self.assert_failed(self.send(settings, refresh_token="first"), "token.dead")
                self.assertEqual("rfc6749.invalid_grant", error["cause"]["id"])
                self.assertEqual("invalid_grant", error["oauth"]["error"])
            self.assertEqual(["first"], offered(server))
            status = self.invoke("account-status", settings, refresh_token="first")
            self.assertFalse(status.document["account"]["signed_in"], str(status))
            self.assertTrue(status.document["account"]["warnings"], str(status))
            self.assertEqual(["first"], offered(server), "looking at the account is nobody's sign-in")
            server.answers = [short("a1")]
            self.assert_accepted(self.send(settings, refresh_token="another"))
        self.assertEqual(["first", "another"], offered(server))

    def test_a_person_may_offer_a_dead_one_once_more(self):
        with TokenServer(GONE, GONE, short("a1")) as server, self.inbox() as inbox:
            settings = self.account(inbox, server, "refresh-token")
            self.assert_failed(self.send(settings, refresh_token="first"), "token.dead")
            tried = self.invoke("test-connection", settings, refresh_token="first")
            self.assertEqual((4, "token.dead"), (tried.code, tried.document["error"]["id"]), str(tried))
            tried = self.invoke("test-connection", settings, refresh_token="first")
            self.assertEqual(0, tried.code, str(tried))
            self.assert_accepted(self.send(settings, refresh_token="first"))
        self.assertEqual({"first"}, set(offered(server)))


class Refused(Accounts):
    """By the mail server, which knows about a token what its client cannot."""

    def test_a_refused_token_is_renewed_once_and_the_mail_goes_out(self):
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            for grant in ("refresh-token", "client-credentials"):
                with self.subTest(f"{mechanism} {grant}"), TokenServer(tokens("stale"), tokens("fresh")) as server, \
                        self.inbox("fresh", mechanisms=(mechanism,)) as inbox:
                    self.move()
                    result = self.send(self.account(inbox, server, grant), refresh_token="r")
                    self.assert_accepted(result)
                    attempts = result.document["attempts"]
                    self.assertEqual(2, len(attempts), str(result))
                    refused = attempts[0]["error"]
                    self.assertEqual(("auth", 535), (refused["stage"], refused["smtp"]["code"]), str(result))
                    self.assertIn("status", refused["smtp"]["challenge"])
                    self.assertNotIn("error", attempts[1])
                    self.assertEqual(mechanism, result.document["server"]["auth"])
                    self.assertEqual((2, 1), (len(server.requests), len(inbox.messages())))

    def test_a_fresh_token_that_is_refused_as_well_is_the_end(self):
        with TokenServer(tokens("stale"), tokens("as-stale")) as server, self.inbox("other") as inbox:
            result = self.send(self.account(inbox, server, "refresh-token"), refresh_token="r")
            error = self.assert_failed(result, "sasl.oauthbearer.invalid_token", "auth")
            self.assertNotIn("cause", error)
            self.assertEqual((2, []), (len(server.requests), inbox.messages()))

    def test_a_renewal_that_fails_stands_beneath_the_refusal(self):
        with TokenServer(tokens("stale"), GONE) as server, self.inbox("other") as inbox:
            result = self.send(self.account(inbox, server, "refresh-token"), refresh_token="r")
            error = self.assert_failed(result, "sasl.oauthbearer.invalid_token", "auth")
            self.assertEqual({"status": "invalid_token", "scope": "mail.send"}, error["smtp"]["challenge"])
            self.assertEqual(("token.dead", "token"), (error["cause"]["id"], error["cause"]["stage"]))
            self.assertEqual("rfc6749.invalid_grant", error["cause"]["cause"]["id"])
            self.assertEqual(2, len(server.requests))

    def test_a_token_from_elsewhere_that_is_refused_is_not_renewed(self):
        with TokenServer(tokens("never")) as server, self.inbox("other", mechanisms=("XOAUTH2",)) as inbox:
            result = self.send(self.account(inbox, server, "access-token"), access_token="from-elsewhere")
            error = self.assert_failed(result, "sasl.xoauth2.401", "auth")
            self.assertNotIn("cause", error)
            self.assertEqual([], server.requests)

    def test_a_reply_that_no_other_token_would_change_asks_for_none(self):
        disabled = "auth reply 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.\n"
        with TokenServer(tokens("good")) as server, self.inbox(script=disabled) as inbox:
            result = self.send(self.account(inbox, server))
            self.assertEqual("outlook.auth.smtp_disabled_tenant", result.document["error"]["id"], str(result))
            self.assertEqual(1, len(server.requests))


if __name__ == "__main__":
    main()
