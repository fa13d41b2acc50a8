"""Signing in through `wfc serve`, with the real component. Arguments: --build DIR."""

import urllib.parse
import urllib.request

from invoke import Inbox
from oauth.accounts import MECHANISMS, USER
from oauth.person import free_redirect
from oauth.token_server import TokenServer, answer, tokens
from secrets_rig import forms
from serve_rig import MESSAGE, Serve, main

CODE = "C4nary-authorization-code-4f61"
ACCESS = "C4nary-access-token-77aa"
REFRESH = "C4nary-refresh-token-5d02"
CLIENT = "C4nary-client-secret-91b7"


class SigningIn(Serve):
    def setUp(self):
        super().setUp()
        self.redirect = free_redirect()
        self.server = self.enterContext(TokenServer(tokens(ACCESS, refresh_token=REFRESH)))
        self.inbox = self.enterContext(
            Inbox(self.build, options=["--auth-in-clear", "--offer", ",".join(f"AUTH={name}" for name in MECHANISMS)]))

    def settings(self, language="en", **auth):
        members = {"method": "oauth2", "provider": "custom", "grant": "authorization-code", "username": USER,
                   "allow_cleartext": True, "client_id": "the-client", "client_secret": {"$secret": "client"},
                   "redirect_uri": self.redirect, "tokens": {"$secret": "node.tokens"},
                   "endpoints": {**self.server.endpoints(), "authorize": "http://127.0.0.1/authorize"}, **auth}
        return self.inbox.settings(auth={name: value for name, value in members.items() if value is not None},
                                   language=language)

    def signing_in(self, host, **members):
        host.load("m")
        self.assertEqual("ok", host.configure("m", self.settings(**members), {"client": CLIENT})["status"])
        return host.start("m", "sign-in", {}, timeout_ms=300_000)

    def address(self, question, **instead):
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(question["url"]).query))
        return asked["redirect_uri"] + "?" + urllib.parse.urlencode({"code": CODE, "state": asked["state"], **instead})

    def assert_silent(self, host):
        for secret in (CODE, ACCESS, REFRESH, CLIENT):
            for form in forms(secret):
                self.assertNotIn(form, host.output + host.log().encode())

    def test_takes_what_is_pasted_and_says_what_is_wrong_with_it(self):
        host = self.host(log="trace")
        call = self.signing_in(host)
        question = host.prompt(call, "url")
        self.assertTrue(question["url"].startswith("http://127.0.0.1/authorize?"), question)
        self.assertTrue(question["paste"])
        self.assertTrue(0 < question["expires_in_s"] <= 300, question)
        for count, (line, problem) in enumerate((("nonsense", "elsewhere"), (self.address(question, state="x"), "other-sign-in"),
                                                 ("x" * 65536, "elsewhere")), 1):
            self.assertTrue(host.ask("answer", of=call, pasted=line)["known"])
            complaint = host.prompt(call, "complaint", count)
            self.assertEqual(problem, complaint["problem"])
            self.assertTrue(complaint["text"])
        self.assertTrue(host.ask("answer", of=call, pasted=self.address(question))["known"])
        result = host.answer_to(call)
        self.assertEqual(("ok", True), (result["status"], result["document"]["account"]["signed_in"]), result)
        self.assertEqual(CODE, self.server.requests[0].form["code"])
        self.assertTrue(host.prompt(call, "done")["succeeded"])
        self.assertFalse(host.ask("answer", of=call, pasted=self.address(question))["known"], "it is over")
        self.assertEqual("accepted", host.invoke("m", "send", MESSAGE)["outcome"], host.lines[-1])
        self.assert_silent(host)
        # What was signed in stays in the store, for the next process.
        self.assertEqual(0, host.end())
        later = self.host(home=host.home)
        later.load("other")
        later.configure("other", self.settings(), {"client": CLIENT})
        self.assertEqual("accepted", later.invoke("other", "send", MESSAGE)["outcome"], later.lines[-1])

    def test_takes_the_visit_of_a_browser_on_this_machine(self):
        host = self.host()
        call = self.signing_in(host)
        with urllib.request.urlopen(self.address(host.prompt(call, "url")), timeout=60) as page:
            self.assertEqual(200, page.status)
        self.assertEqual("ok", host.answer_to(call)["status"])
        self.assertEqual(["url", "done"], [line["question"]["kind"] for line in host.of(call, "prompt")])
        self.assert_silent(host)

    def test_complains_in_japanese_where_the_component_asks_in_japanese(self):
        host = self.host()
        call = self.signing_in(host, language="ja")
        host.prompt(call, "url")
        host.ask("answer", of=call, pasted="nonsense")
        self.assertIn("貼り付けて", host.prompt(call, "complaint")["text"])

    def test_is_cancelled_while_it_asks(self):
        host = self.host()
        call = self.signing_in(host)
        question = host.prompt(call, "url")
        host.ask("cancel", of=call)
        self.assertEqual("cancelled", host.answer_to(call)["status"])
        self.assertFalse(host.ask("answer", of=call, pasted=self.address(question))["known"])
        again = host.start("m", "sign-in", {}, timeout_ms=60_000)
        self.assertNotEqual(question["url"], host.prompt(again, "url")["url"])

    def test_ends_with_its_time(self):
        host = self.host()
        host.load("m")
        host.configure("m", self.settings(), {"client": CLIENT})
        result = host.invoke("m", "sign-in", {}, timeout_ms=500)
        self.assertEqual("failed", result["outcome"], result)

    def test_of_two_components_are_asked_side_by_side(self):
        host = self.host()
        first = self.signing_in(host)
        host.load("n")
        self.redirect = free_redirect()
        host.configure("n", self.settings(), {"client": CLIENT})
        second = host.start("n", "sign-in", {}, timeout_ms=300_000)
        questions = {call: host.prompt(call, "url") for call in (first, second)}
        self.assertFalse(host.ask("answer", of=second + 1, pasted="x")["known"])
        for call in (second, first):
            self.assertTrue(host.ask("answer", of=call, pasted=self.address(questions[call]))["known"])
            self.assertEqual("ok", host.answer_to(call)["status"])

    def test_shows_the_code_of_a_device(self):
        self.server.answers = [answer({"device_code": "d3vice", "user_code": "WDJB-MJHT", "expires_in": 600, "interval": 1,
                                       "verification_uri": "http://127.0.0.1/device",
                                       "verification_uri_complete": "http://127.0.0.1/device?user_code=WDJB-MJHT"}),
                               tokens(ACCESS, refresh_token=REFRESH)]
        host = self.host()
        call = self.signing_in(host, grant="device-code", redirect_uri=None, endpoints=self.server.endpoints())
        question = host.prompt(call, "code")
        self.assertEqual(("WDJB-MJHT", "http://127.0.0.1/device", "http://127.0.0.1/device?user_code=WDJB-MJHT"),
                         (question["user_code"], question["url"], question["complete_url"]))
        self.assertTrue(0 < question["expires_in_s"] <= 300, "the call ends before the code does")
        self.assertEqual("ok", host.answer_to(call)["status"])
        self.assert_silent(host)


if __name__ == "__main__":
    main()
