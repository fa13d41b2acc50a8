"""What a token endpoint may say instead of a token: each answer is explained, in both languages, and sends nothing."""

import os
import sys
import time

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from oauth.accounts import Accounts, main
from oauth.token_server import CLOSED, JSON, TokenServer, answer, microsoft_refusal, refusal, tokens

AFTER_FIX = {"advice": "after-fix"}
LATER = {"advice": "backoff", "delay_ms": 30000}
GOOGLE_DEAD = {"error": "invalid_grant", "description": "Token has been expired or revoked.", "http_status": 400,
               "endpoint": "token"}


class Faults(Accounts):
    def both_languages(self, said, identifier, retry, grant="client-credentials", provider="custom", **secrets):
        """Sends twice; the error in English. Each has a home of its own, and no language leaks into facts."""
        errors = {}
        for language in ("en", "ja"):
            self.move()
            with TokenServer(said) as server, self.inbox() as inbox:
                result = self.send(self.account(inbox, server, grant, provider, language), **secrets)
                error = self.assert_failed(result, identifier)
                self.assertEqual([], inbox.messages())
                self.assertEqual(1, len(server.requests), "it asked again within one call")
            self.assertEqual(retry, error["retry"], str(result))
            errors[language] = error
        english, japanese = errors["en"], errors["ja"]
        self.assertNotEqual(english["explanation"]["title"], japanese["explanation"]["title"])
        self.assertRegex(japanese["explanation"]["cause"], "[ぁ-んァ-ン]")
        self.assertTrue(english["explanation"]["cause"].isascii() or "’" in english["explanation"]["cause"])
        self.assertEqual(english.get("oauth"), japanese.get("oauth"))
        return english


class Refusals(Faults):
    def test_every_error_of_rfc_6749_has_its_id_and_keeps_the_servers_words(self):
        for name, status in (("invalid_request", 400), ("invalid_client", 401), ("invalid_grant", 400),
                             ("unauthorized_client", 400), ("unsupported_grant_type", 400), ("invalid_scope", 400)):
            with self.subTest(name):
                said = refusal(name, status, error_description=f"About {name}.", error_uri="https://help.example/e")
                error = self.both_languages(said, f"rfc6749.{name}", AFTER_FIX)
                self.assertEqual({"error": name, "description": f"About {name}.", "uri": "https://help.example/e",
                                  "http_status": status, "endpoint": "token"}, error["oauth"])
                self.assertIn(f"{name}: About {name}", error["message"])
                self.assertEqual("permanent", error["class"])

    def test_an_error_that_nobody_has_documented_is_told_as_the_server_said_it(self):
        error = self.both_languages(refusal("out_of_cheese", error_description="Redo from start"), "token.refused", AFTER_FIX)
        self.assertEqual({"error": "out_of_cheese", "description": "Redo from start", "http_status": 400,
                          "endpoint": "token"}, error["oauth"])

    def test_microsofts_numbers_choose_the_explanation_and_its_traces_are_kept(self):
        for name, code, status in (("invalid_client", 7000215, 401), ("invalid_client", 7000222, 401),
                                   ("unauthorized_client", 700016, 400), ("invalid_grant", 50034, 400),
                                   ("invalid_grant", 70008, 400), ("invalid_grant", 700082, 400),
                                   ("invalid_grant", 65001, 400), ("invalid_request", 90002, 400)):
            with self.subTest(code):
                said = microsoft_refusal(name, code, "Something about this request.", status)
                error = self.both_languages(said, f"microsoft.AADSTS{code}", AFTER_FIX, provider="microsoft")
                self.assertEqual({"error", "description", "uri", "codes", "trace_id", "correlation_id", "timestamp",
                                  "http_status", "endpoint"}, set(error["oauth"]))
                self.assertEqual(([code], status, "255d1aef-8c98-452f-ac51-23d051240864",
                                  "fb3d2015-bc17-4bb9-bb85-30c5cf1aaaa7", "2026-11-22 09:00:00Z"),
                                 tuple(error["oauth"][member] for member in
                                       ("codes", "http_status", "trace_id", "correlation_id", "timestamp")))
                self.assertIn(f"AADSTS{code}", error["message"])
                self.assertNotIn("Trace ID", error["message"])

    def test_googles_end_of_a_consent_says_so_with_the_servers_answer_beneath(self):
        said = refusal("invalid_grant", error_description="Token has been expired or revoked.")
        error = self.both_languages(said, "token.dead", AFTER_FIX, "refresh-token", "google", refresh_token="r")
        self.assertEqual(GOOGLE_DEAD, error["oauth"])
        self.assertEqual("google.invalid_grant.expired_or_revoked", error["cause"]["id"])
        self.assertEqual(GOOGLE_DEAD, error["cause"]["oauth"])
        self.assert_explained(error["cause"])

    def test_a_google_client_in_testing_mode_is_told_of_its_seven_days(self):
        with TokenServer(refusal("invalid_grant", error_description="Token has been expired or revoked.")) as server, \
                self.inbox() as inbox:
            settings = self.account(inbox, server, "refresh-token", "google", publishing="testing")
            error = self.assert_failed(self.send(settings, refresh_token="r"), "token.dead")
        self.assertEqual("google.invalid_grant.testing_7_days", error["cause"]["id"])


class Troubles(Faults):
    def test_a_busy_or_broken_server_is_a_matter_of_time(self):
        for said, identifier, status, retry in (
                (answer({}, 429, Retry_After="7"), "token.unavailable", 429, {"advice": "after", "delay_ms": 7000}),
                (answer({}, 503, Retry_After="120"), "token.unavailable", 503, {"advice": "after", "delay_ms": 120000}),
                ((500, {"Content-Type": "text/html"}, "<h1>Oops</h1>"), "token.unavailable", 500, LATER),
                ((503, {}, ""), "token.unavailable", 503, LATER),
                (refusal("temporarily_unavailable", 503), "rfc6749.temporarily_unavailable", 503, LATER),
                (refusal("server_error", 500), "rfc6749.server_error", 500, LATER)):
            with self.subTest(f"{identifier} {status}"):
                error = self.both_languages(said, identifier, retry)
                self.assertEqual((status, "token"), (error["oauth"]["http_status"], error["oauth"]["endpoint"]))
                self.assertEqual("transient", error["class"])

    def test_a_connection_that_closes_without_an_answer_is_a_matter_of_time(self):
        error = self.both_languages(CLOSED, "http.closed", LATER)
        self.assertEqual("transient", error["class"])

    def test_a_server_that_is_not_there_is_named(self):
        with TokenServer(tokens("never")) as server, self.inbox() as inbox:
            server.stop()
            error = self.assert_failed(self.send(self.account(inbox, server)), "token.unreachable")
        self.assertEqual("conn.refused", error["cause"]["id"])
        self.assertIn("the token endpoint 127.0.0.1", error["message"])
        self.assertEqual("transient", error["class"])

    def test_what_is_no_answer_of_a_token_endpoint_is_not_taken_for_one(self):
        page = (200, {"Content-Type": "text/html"}, "<!doctype html><title>Sign in</title>")
        for name, said in (("garbage", (200, JSON, b"\x00\xff\x13garbage")), ("a page", page), ("nothing", (200, JSON, "")),
                           ("half a document", (200, JSON, '{"access_token": "t", "token_ty')),
                           ("a list", answer(["access_token"])), ("no token", answer({"token_type": "Bearer"})),
                           ("another type of token", answer({"access_token": "t", "token_type": "mac"})),
                           ("a token of two lines", tokens("t\r\nMAIL FROM:<eve@example.test>")),
                           ("a status of its own", answer({}, 204))):
            with self.subTest(name):
                error = self.both_languages(said, "token.garbage", AFTER_FIX)
                self.assertEqual("permanent", error["class"])

    def test_the_type_of_the_content_does_not_matter_where_it_is_an_answer(self):
        with TokenServer((200, {"Content-Type": "text/plain"}, tokens("a-token")[2])) as server, \
                self.inbox("a-token") as inbox:
            self.assert_accepted(self.send(self.account(inbox, server)))

    def test_an_answer_of_ten_megabytes_is_not_read_to_its_end(self):
        sent = []

        def huge(_):
            sent.append(time.monotonic())
            return 200, JSON, b'{"access_token":"' + b"x" * (10 << 20) + b'","token_type":"Bearer"}'

        error = self.both_languages(huge, "token.too_large", AFTER_FIX)
        self.assertLess(time.monotonic() - sent[0], 20, "it took its time")
        self.assertLess(len(str(error)), 10000)

    def test_a_redirect_is_refused_and_the_other_place_hears_nothing(self):
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status), TokenServer(tokens("stolen")) as other:
                error = self.both_languages((status, {"Location": other.url}, ""), "token.redirected", AFTER_FIX)
                self.assertEqual([], other.requests)
                self.assertEqual({"http_status": status, "endpoint": "token"}, error["oauth"])


class OtherOperations(Faults):
    def test_a_check_of_the_connection_names_the_step(self):
        with TokenServer(refusal("invalid_client", 401)) as server, self.inbox() as inbox:
            result = self.invoke("test-connection", self.account(inbox, server))
        self.assert_failed(result, "rfc6749.invalid_client")
        rows = {row["stage"]: row for row in result.document["report"]}
        self.assertEqual(("failed", "rfc6749.invalid_client"), (rows["token"]["verdict"], rows["token"]["error"]["id"]))
        self.assertEqual("skipped", rows["auth"]["verdict"], str(result))

    def test_a_look_at_the_account_says_what_the_next_run_would_meet(self):
        for said, certain in ((refusal("invalid_client", 401), True), (answer({}, 503), False)):
            with self.subTest(certain), TokenServer(tokens("t", expires_in=0), said) as server, self.inbox() as inbox:
                self.move()
                settings = self.account(inbox, server, "refresh-token")
                self.assert_accepted(self.send(settings, refresh_token="r"))
                result = self.invoke("account-status", settings, refresh_token="r")
                self.assertEqual((0, "succeeded"), (result.code, result.document["outcome"]), str(result))
                self.assertEqual(not certain, result.document["account"]["signed_in"], str(result))
                self.assertTrue(result.document["account"]["warnings"], str(result))


class Devices(Faults):
    """The device grant; interval and waits are of the server's making, so times are compared with >= alone."""

    def code(self, **more):
        return answer({"device_code": "the-device-code", "user_code": "WDJB-MJHT", "expires_in": 600, "interval": 1,
                       "verification_uri": "http://127.0.0.1/device", **more})

    def sign_in(self, *said, language="en", provider="custom", **auth):
        with TokenServer(*said) as server, self.inbox() as inbox:
            settings = self.account(inbox, server, "device-code", provider, language, **auth)
            return self.invoke("sign-in", settings), server.requests

    def test_a_person_who_takes_time_is_waited_for_and_slow_down_is_obeyed_for_good(self):
        result, requests = self.sign_in(
            self.code(), refusal("authorization_pending"), refusal("slow_down"), refusal("authorization_pending"),
            tokens("t", refresh_token="r"))
        self.assertEqual((0, "succeeded"), (result.code, result.document["outcome"]), str(result))
        self.assertTrue(result.document["account"]["signed_in"])
        self.assertIn("WDJB-MJHT", result.log)
        self.assertEqual(["/device"] + 4 * ["/token"], [request.path for request in requests])
        waits = [after.time - before.time for before, after in zip(requests, requests[1:])]
        for wait, at_least in zip(waits, (1, 1, 6, 6)):
            self.assertGreaterEqual(wait, at_least - 0.05, waits)
        self.assertEqual({"urn:ietf:params:oauth:grant-type:device_code", "the-device-code"},
                         {requests[1].form["grant_type"], requests[1].form["device_code"]})

    def test_what_ends_the_wait_is_explained_in_both_languages(self):
        for name, identifier in (("access_denied", "rfc6749.access_denied"), ("expired_token", "rfc8628.expired_token"),
                                 ("invalid_client", "rfc6749.invalid_client")):
            for language in ("en", "ja"):
                with self.subTest(f"{name} {language}"):
                    result, requests = self.sign_in(self.code(), refusal(name), language=language)
                    error = self.assert_failed(result, identifier)
                    self.assertEqual((name, "device"), (error["oauth"]["error"], error["oauth"]["endpoint"]))
                    self.assertEqual((AFTER_FIX, 2), (error["retry"], len(requests)))

    def test_a_code_that_nobody_entered_ends_by_itself(self):
        result, requests = self.sign_in(self.code(expires_in=2), refusal("authorization_pending"))
        error = self.assert_failed(result, "rfc8628.expired_token")
        self.assertEqual("expired_token", error["oauth"]["error"])
        self.assertLessEqual(len(requests), 3)

    def test_a_server_that_gives_no_code_is_explained(self):
        for said, identifier in ((refusal("unauthorized_client"), "rfc6749.unauthorized_client"),
                                 (answer({"user_code": "A"}), "token.garbage"), (CLOSED, "http.closed")):
            with self.subTest(identifier):
                result, requests = self.sign_in(said)
                self.assert_failed(result, identifier)
                self.assertEqual(["/device"], [request.path for request in requests])

    def test_consent_to_mail_send_of_graph_alone_names_the_permission_to_add(self):
        granted = tokens("t", refresh_token="r", scope="https://graph.microsoft.com/Mail.Send offline_access")
        for language in ("en", "ja"):
            with self.subTest(language):
                result, requests = self.sign_in(self.code(), granted, language=language, provider="microsoft")
                error = self.assert_failed(result, "token.consent_mail_send_only")
                self.assertIn("SMTP.Send", requests[0].form["scope"])
                self.assertIn("https://outlook.office.com/SMTP.Send", error["message"])
                self.assertIn("SMTP.Send", " ".join(error["explanation"]["steps"]))
                self.assertIn("https://graph.microsoft.com/Mail.Send", error["explanation"]["cause"])

    def test_consent_to_smtp_send_signs_in_and_the_next_send_uses_it(self):
        granted = tokens("fresh", refresh_token="r", scope="https://outlook.office.com/SMTP.Send offline_access")
        with TokenServer(self.code(), granted) as server, self.inbox("fresh") as inbox:
            settings = self.account(inbox, server, "device-code", "microsoft")
            signed_in = self.invoke("sign-in", settings)
            self.assertEqual((0, True), (signed_in.code, signed_in.document["account"]["signed_in"]), str(signed_in))
            self.assertIn("https://outlook.office.com/SMTP.Send", signed_in.document["account"]["scopes"])
            self.assert_accepted(self.send(settings))
            self.assertEqual((2, 1), (len(server.requests), len(inbox.messages())))

    def test_sending_before_anybody_signed_in_says_what_to_do(self):
        with TokenServer(tokens("t")) as server, self.inbox() as inbox:
            error = self.assert_failed(self.send(self.account(inbox, server, "device-code")), "token.sign_in_needed")
            self.assertEqual((AFTER_FIX, []), (error["retry"], server.requests))


if __name__ == "__main__":
    main()
