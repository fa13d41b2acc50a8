"""What the buttons of the account's panel do, in a real Node-RED. Arguments: --build DIR."""

import contextlib
import email
import email.policy
import os
import socket
import sys
import unittest

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.editor import Editor  # noqa: E402
from node_red.program import main, options  # noqa: E402
from node_red.rig import NodeRed  # noqa: E402

REFUSAL = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."


class Actions(unittest.TestCase):
    """None of the accounts is deployed."""

    @classmethod
    def setUpClass(cls):
        cls.red = cls.enterClassContext(NodeRed(options.build))
        cls.inbox = cls.enterClassContext(Inbox(options.build))

    def setUp(self):
        self.editor = Editor(self.red)
        self.addCleanup(self.editor.idle)
        self.account = self.editor.account(canvas.account(self.inbox.port))

    def act(self, action, given=None, language="en", **values):
        """The last line, for the account with other values."""
        self.editor.language = language
        account = {**self.account, "values": {**self.account["values"], **values}}
        return self.editor.result(action, account, given)

    def problem(self, language="en", **values):
        """Where the settings are wrong, by the component's own validate; None where they are not."""
        result = self.act("validate", language=language, **values)
        self.assertEqual("result", result["type"], result)
        error = result["document"].get("error")
        if error and language == "ja":
            self.assertRegex(error["explanation"]["title"], "[぀-ヿ]")
        return error and error["pointer"]


class Report(Actions):
    def test_each_row_is_there_before_the_server_says_more(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(60)
            account = self.editor.account(canvas.account(listening.getsockname()[1]))
            with self.editor.start("test-connection", account) as running:
                server = self.enterContext(listening.accept()[0])
                server.settimeout(60)
                self.row(running, "connect")
                server.sendall(b"220 slow.example.test ESMTP\r\n")
                self.assertIn("slow.example.test", self.row(running, "greeting")["text"])
                self.assertIn(b"EHLO", server.recv(1000))
                server.sendall(b"250-slow.example.test\r\n250 SIZE 1000\r\n")
                self.assertEqual("SIZE=1000", self.row(running, "ehlo")["text"])
                server.close()
                result = running.rest()[-1]
        self.assertEqual(("result", "failed"), (result["type"], result["outcome"]), result)

    def row(self, running, stage):
        while True:
            row = running.until("progress")["event"].get("row")
            if row and row["stage"] == stage:
                self.assertEqual("ok", row["verdict"], row)
                return row

    def test_leaving_the_page_ends_the_connection_to_the_server(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(60)
            account = self.editor.account(canvas.account(listening.getsockname()[1]))
            with self.editor.start("test-connection", account) as running:
                server = self.enterContext(listening.accept()[0])
                self.row(running, "connect")
                run = running.run
            server.settimeout(20)
            self.assertEqual(b"", server.recv(1000))
        self.red.until(lambda: not self.editor.post("cancel", {"run": run}).document["known"], "it still runs")

    def test_the_button_that_cancels_ends_it(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            account = self.editor.account(canvas.account(listening.getsockname()[1]))
            with self.editor.start("test-connection", account) as running:
                self.row(running, "connect")
                self.assertTrue(self.editor.post("cancel", {"run": running.run}).document["known"])
                self.assertEqual("cancelled", running.rest()[-1]["status"])

    def test_whoever_guesses_a_run_finds_none(self):
        for run in ("x", "", None, 1, "__proto__", "0" * 32):
            self.assertEqual({"known": False}, self.editor.post("cancel", {"run": run}).document)
            self.assertEqual({"known": False}, self.editor.post("answer", {"run": run, "pasted": "x"}).document)

    def test_a_server_that_is_not_there_is_explained_in_both_languages(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
        for language, word in (("en", "connect"), ("ja", "接続")):
            document = self.act("test-connection", language=language, server_port=port)["document"]
            self.assertEqual("connect", document["error"]["stage"])
            self.assertIn(word, str(document["error"]["explanation"]))

    def test_a_test_mail_arrives_and_says_so(self):
        before = len(self.inbox.messages())
        result = self.act("send-test", {"to": "bob@example.test"}, "ja")
        self.assertEqual("accepted", result["outcome"], result)
        message = email.message_from_bytes(self.inbox.messages()[before], policy=email.policy.default)
        self.assertEqual(("alice@example.test", "bob@example.test"), (message["From"], message["To"]))
        self.assertEqual(["ok"] * len(result["document"]["report"]), [row["verdict"] for row in result["document"]["report"]])

    def test_too_many_at_once_are_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            account = self.editor.account(canvas.account(silent.getsockname()[1]))
            with contextlib.ExitStack() as pages:
                for _ in range(8):
                    self.row(pages.enter_context(self.editor.start("test-connection", account)), "connect")
                refused = self.editor.post("action", self.editor.request("test-connection", account))
                self.assertEqual((429, "too-many"), (refused.status, refused.error))
            again = self.editor.request("validate", account)
            self.red.until(lambda: self.editor.post("action", again).status == 200, "there is no place again")


class Looking(Actions):
    def test_validate_names_the_place_and_speaks_the_language(self):
        for language in ("en", "ja"):
            self.assertIsNone(self.problem(language))
            self.assertEqual("/server/host", self.problem(language, server_host=""))
            self.assertEqual("/server/port", self.problem(language, server_port="70000"))
            self.assertEqual("/from", self.problem(language, **{"from": "nobody"}))

    def test_validate_warns(self):
        problems = self.act("validate")["document"]["problems"]
        self.assertEqual([("/server/security", "warning")], [(each["pointer"], each["severity"]) for each in problems])

    def test_validate_connects_to_nothing_and_takes_no_secret(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            values = {"server_port": str(listening.getsockname()[1]), "auth_method": "password", "auth_username": "alice",
                      "auth_allow_cleartext": True}
            self.assertEqual("/auth/password", self.problem(**values))
            self.account["credentials"] = {"auth_password": {"typed": True}}
            self.assertIsNone(self.problem(**values))
            listening.settimeout(0)
            self.assertRaises(BlockingIOError, listening.accept)

    def test_preview_shows_the_message_and_sends_none(self):
        before = len(self.inbox.messages())
        result = self.act("preview", {"to": "bob@example.test", "subject": "明日", "text": "t", "html": "<b>h</b>"})
        message = email.message_from_string(result["files"]["message.eml"], policy=email.policy.default)
        self.assertEqual(("明日", "<b>h</b>"), (message["Subject"], message.get_body(("html",)).get_content().strip()))
        self.assertEqual(["multipart/alternative", "text/plain", "text/html"],
                         [part["type"] for part in result["document"]["preview"]["parts"]])
        self.assertEqual(before, len(self.inbox.messages()))

    def test_preview_says_what_is_wrong_with_the_message(self):
        result = self.act("preview", {"to": "nobody", "text": "t"})
        self.assertEqual(("result", "failed", "/to"), (
            result["type"], result["outcome"], result["document"]["error"]["pointer"]), result)

    def test_explain_needs_no_account(self):
        for language, word in (("en", "Microsoft"), ("ja", "管理者")):
            self.editor.language = language
            explained = self.editor.result("explain", None, {"reply": REFUSAL})["document"]["explained"]
            self.assertEqual("auth", explained["stage"])
            self.assertIn(word, str(explained["explanation"]))

    def test_a_button_that_does_not_belong_to_the_choices_is_refused(self):
        for action in ("sign-in", "sign-out", "account-status"):
            result = self.act(action)
            self.assertEqual(("error", "not-shown"), (result["type"], result["error"]["id"]))

    def test_a_value_of_the_environment_is_used_by_nobody_who_did_not_deploy(self):
        for value in ("${PATH}", "$(HOME)", "${WFC}"):
            for given in ({"server_host": value}, {"from": value}):
                result = self.act("test-connection", **given)
                self.assertEqual(("error", "not-deployed", list(given)), (
                    result["type"], result["error"]["id"], result["error"]["fields"]))

    def test_files_outside_the_administrators_folders_are_read_by_nobody(self):
        result = self.act("preview", {"to": "bob@example.test", "text": "t", "attachments": [{"path": "/etc/passwd"}]})
        self.assertNotIn("files", result)
        self.assertNotIn(b"root:", b"".join(self.editor.heard))


if __name__ == "__main__":
    main()
