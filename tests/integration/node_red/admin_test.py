"""The endpoints of the account's panel in a real Node-RED: who may use them, and from where. Arguments: --build DIR."""

import json
import os
import sys
import unittest

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.editor import Editor  # noqa: E402
from node_red.guarded import Guarded  # noqa: E402
from node_red.program import main, options  # noqa: E402
from node_red.rig import NodeRed  # noqa: E402

ENDPOINTS = ("action", "answer", "cancel")
MEBIBYTE = 1024 * 1024


class WithPeople(unittest.TestCase):
    """adminAuth is on."""

    @classmethod
    def setUpClass(cls):
        cls.red = cls.enterClassContext(Guarded(options.build))
        cls.inbox = cls.enterClassContext(Inbox(options.build))
        cls.node = canvas.account(cls.inbox.port)
        cls.red.deploy([canvas.TAB, cls.node, canvas.mail(wires=[[]] * 5)])

    def editor(self, person):
        return Editor(self.red, self.red.token_of(person))

    def statuses(self, editor):
        """Of each endpoint, asked for something that harms nothing."""
        bodies = {"action": editor.request("validate", editor.account(self.node)), "answer": {"run": "x", "pasted": "x"},
                  "cancel": {"run": "x"}}
        return [editor.post(name, bodies[name]).status for name in ENDPOINTS]

    def test_whoever_has_the_permission_or_all_of_them_may(self):
        for person in ("admin", "operator", "assistant"):
            with self.subTest(person):
                self.assertEqual([200] * 3, self.statuses(self.editor(person)))

    def test_whoever_has_others_may_not(self):
        for person in ("reader", "writer", "neighbour", "nobody"):
            with self.subTest(person):
                self.assertEqual([401] * 3, self.statuses(self.editor(person)))

    def test_nobody_may_without_a_token_or_with_a_wrong_one(self):
        for token in (None, "x" * 64):
            self.assertEqual([401] * 3, self.statuses(Editor(self.red, token)))

    def test_what_is_not_allowed_reaches_no_server(self):
        before = len(self.inbox.messages())
        editor = self.editor("reader")
        answer = editor.post("action", editor.request("send-test", editor.account(self.node), {"to": "b@example.test"}))
        self.assertEqual((401, before), (answer.status, len(self.inbox.messages())))

    def test_the_permission_for_actions_is_none_to_read_or_to_deploy(self):
        headers = {"Authorization": f"Bearer {self.red.token_of('operator')}"}
        for method, path in (("GET", "/flows"), ("POST", "/flows"), ("GET", "/credentials/mail-send-account/account")):
            self.assertEqual(401, self.red.request(method, path, None if method == "GET" else [], headers)[0], path)

    def test_an_operator_tries_the_account_and_sends_a_test(self):
        editor = self.editor("operator")
        self.assertEqual("succeeded", editor.result("test-connection", editor.account(self.node))["outcome"])
        before = len(self.inbox.messages())
        sent = editor.result("send-test", editor.account(self.node), {"to": "bob@example.test"})
        self.assertEqual("accepted", sent["outcome"], sent)
        self.assertEqual(before + 1, len(self.inbox.messages()))


class WithoutPeople(unittest.TestCase):
    """adminAuth is off, as start.sh has it: who reaches the port is the administrator; foreign pages are not. (Node-RED allows
    every origin to ask and to read its answers, so it is on the endpoints to refuse them.)"""

    @classmethod
    def setUpClass(cls):
        cls.red = cls.enterClassContext(NodeRed(options.build))
        cls.node = canvas.account(1)

    def setUp(self):
        self.editor = Editor(self.red)
        self.asked = self.editor.request("validate", self.editor.account(self.node))

    def refused(self, status, error, body=None, **headers):
        for name in ENDPOINTS:
            answer = self.editor.post(name, self.asked if body is None else body, headers)
            self.assertEqual((status, error), (answer.status, answer.error), (name, headers, answer.body[:300]))

    def test_the_editor_may(self):
        answer = self.editor.post("action", self.asked)
        self.assertEqual((200, "application/x-ndjson; charset=utf-8", "no-store", "no", "nosniff"), (
            answer.status, *(answer.headers[name] for name in (
                "Content-Type", "Cache-Control", "X-Accel-Buffering", "X-Content-Type-Options"))))
        for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "same-origin", "Origin": None},
                        {"Content-Type": "application/json; charset=utf-8"}):
            self.assertEqual(200, self.editor.post("action", self.asked, headers).status, headers)

    def test_what_a_form_can_send_is_refused(self):
        text = json.dumps(self.asked).encode()
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                     "text/plain; x=application/json", "application/jsonp", "", None):
            self.refused(415, "not-json-content", text, **{"Content-Type": kind})

    def test_foreign_pages_are_refused(self):
        port = self.red.port
        for origin in ("https://attacker.example", "null", "", f"http://127.0.0.1:{port + 1}", f"http://localhost:{port}",
                       f"http://127.0.0.1:{port}.attacker.example", f"http://attacker.example@127.0.0.1:{port + 1}",
                       f"file://127.0.0.1:{port}", None):
            self.refused(403, "other-origin", **{"Origin": origin})

    def test_what_the_browser_says_of_a_foreign_page_counts(self):
        for site in ("cross-site", "same-site", "", "same-origin, cross-site"):
            self.refused(403, "other-origin", **{"Sec-Fetch-Site": site})

    def test_other_methods_do_nothing(self):
        for name in ENDPOINTS:
            for method in ("GET", "PUT", "DELETE"):
                self.assertEqual(404, self.red.request(method, f"/mail-send/{name}")[0], (method, name))

    def test_more_than_a_mebibyte_is_refused(self):
        for length in (MEBIBYTE, 6 * MEBIBYTE):
            body = json.dumps({**self.asked, "language": "x" * length}).encode()
            for name in ENDPOINTS:
                self.assertEqual(413, self.editor.post(name, body).status, length)

    def test_what_is_no_request_is_refused_with_a_sentence_and_quoted_nowhere(self):
        account = self.asked["account"]
        told = "C4nary-in-a-request"
        for error, body in (
                ("bad-request", []), ("bad-request", {**self.asked, told: 1}), ("unknown-action", {"action": told}),
                ("unknown-action", {"action": "send", "account": account}), ("unknown-action", {"action": "__proto__"}),
                ("bad-account", {**self.asked, "account": {**account, "id": f"../{told}"}}),
                ("bad-request", {**self.asked, "account": told}),
                ("wrong-value", {**self.asked, "account": {**account, "values": {"server_host": {"a": told}}}}),
                ("unknown-field", {**self.asked, "account": {**account, "credentials": {"auth_tokens": told}}}),
                ("unknown-field", {**self.asked, "account": {**account, "values": {"auth_password": told}}})):
            with self.subTest(body=body):
                answer = self.editor.post("action", body)
                self.assertEqual((400, error), (answer.status, answer.error), answer.body)
                self.assertTrue(answer.document["error"]["message"].endswith("."))
                self.assertNotIn(told.encode(), answer.body)
        self.assertEqual(400, self.editor.post("action", b'{"action": "C4nary-in-a-request').status)
        self.assertNotIn(told, self.red.log())

    def test_refusals_are_told_in_the_language_of_the_editor(self):
        answer = self.editor.post("action", {"action": "dance", "language": "ja"})
        self.assertRegex(answer.document["error"]["message"], "[぀-ヿ]")


if __name__ == "__main__":
    main()
