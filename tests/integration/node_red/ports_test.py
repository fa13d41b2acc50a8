"""How a message leaves the node: each port by what a server said, with the document, the status, Catch and Complete."""

import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.case import Case, document, subjects  # noqa: E402
from node_red.program import main  # noqa: E402

TENANT = "auth reply 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
MESSAGE = {"to": "bob@example.test", "topic": "Numbers", "payload": "12 and 30"}
BOTH = {**MESSAGE, "to": "bob@example.test, carol@example.test"}
NO_CAROL = "rcpt <carol@example.test> reply 550 5.1.1 No such user"
PASSWORD = {"auth_method": "password", "auth_username": "alice", "auth_allow_cleartext": True}


class OnAnInbox(Case):
    def flow(self, script="", wires=None, options=(), more=(), **account):
        """A deployed flow on an inbox with that script."""
        inbox = self.enterContext(Inbox(self.build, script, options))
        credentials = {"account": {"auth_password": "secret"}} if "auth_method" in account else None
        flow = [each for each in canvas.sending(inbox.port, wires) if each["id"] != "account"]
        self.red.deploy([*flow, canvas.account(inbox.port, **account), *more], credentials)
        return inbox


class Ports(OnAnInbox):
    def look(self):
        """Fill, shape and text of the last status."""
        last = self.statuses()[-1]
        return last["fill"], last["shape"], last["text"]

    def test_accepted_the_message_passes_through_with_the_document(self):
        inbox = self.flow()
        port, msg = self.sent({**MESSAGE, "more": {"kept": [1, 2]}})
        self.assertEqual("accepted", port)
        self.assertEqual({**MESSAGE, "more": {"kept": [1, 2]}}, {name: msg[name] for name in (*MESSAGE, "more")})
        self.assertEqual(["bob@example.test"], msg["mail"]["accepted"])
        self.assertEqual(["Numbers"], subjects(inbox))
        self.assertIn(msg["mail"]["message_id"].strip("<>").encode(), inbox.messages()[0])
        self.assertEqual(("green", "dot", "sent"), self.look())

    def test_partial_names_who_was_taken_and_who_was_not(self):
        inbox = self.flow(NO_CAROL)
        port, msg = self.sent(BOTH)
        self.assertEqual("partial", port)
        self.assertEqual(["bob@example.test"], msg["mail"]["accepted"])
        self.assertEqual(["carol@example.test"], [each["recipient"] for each in msg["mail"]["rejected"]])
        self.assertEqual(1, len(inbox.messages()))
        self.assertEqual(("yellow", "dot"), self.look()[:2])

    def test_rejected_when_nobody_was_taken(self):
        inbox = self.flow("rcpt reply 550 5.1.1 No such user")
        port, msg = self.sent(BOTH)
        self.assertEqual("rejected", port)
        self.assertEqual(2, len(msg["mail"]["rejected"]))
        self.assertEqual([], inbox.messages())
        self.assertEqual("red", self.look()[0])

    def test_failed_535_5_7_139_is_explained_in_japanese(self):
        inbox = self.flow(TENANT, options=["--auth-in-clear"], language="ja", **PASSWORD)
        port, msg = self.sent(MESSAGE)
        error = msg["mail"]["error"]
        self.assertEqual(("failed", "auth", 535, "5.7.139"), (
            port, error["stage"], error["smtp"]["code"], error["smtp"]["enhanced"]))
        explanation = error["explanation"]
        for text in (explanation["title"], explanation["cause"], *explanation["steps"]):
            self.assertRegex(text, r"[\u3040-\u30ff]", "there is no Japanese in it")
        self.assertEqual(("red", "ring", explanation["title"][:80]), self.look())
        self.assertEqual([], inbox.messages())

    def test_unknown_when_the_connection_ends_after_the_end_of_data(self):
        inbox = self.flow("dot cut")
        port, msg = self.sent(MESSAGE)
        self.assertEqual("unknown", port)
        self.assertEqual("never", msg["mail"]["error"]["retry"]["advice"])
        self.assertEqual(["Numbers"], subjects(inbox), "it had arrived, and was not sent again")
        self.assertEqual(("yellow", "ring"), self.look()[:2])

    def test_the_status_says_connecting_then_counts_and_ends_with_the_last_message(self):
        inbox = self.flow("ehlo delay 600ms\ndot delay 600ms")
        self.red.emit("source", *[{**MESSAGE, "topic": f"{number}"} for number in range(10)])
        self.red.until(lambda: len(self.left()) == 10, "not all left")
        texts = [status.get("text", "") for status in self.statuses()]
        self.assertEqual("connecting", next(text for text in texts if text))
        self.assertTrue(any(text.startswith("sending ") and text.endswith("/10") for text in texts), texts)
        self.assertEqual("sent", texts[-1])
        self.assertEqual(sorted(map(str, range(10))), sorted(subjects(inbox)))

    def test_the_status_is_japanese_with_a_japanese_account(self):
        self.flow(language="ja")
        self.sent(MESSAGE)
        self.assertEqual("送信済み", self.look()[2])


class CatchAndComplete(OnAnInbox):
    WATCHERS = [{"id": "catch", "type": "catch", "z": "tab", "scope": ["mail"], "wires": [["caught"]], "x": 60, "y": 200},
                {"id": "complete", "type": "complete", "z": "tab", "scope": ["mail"], "wires": [["completed"]], "x": 60,
                 "y": 300},
                *canvas.sinks("caught", "completed")]

    def ended(self, script, wired):
        """Where one message came out, of ports, Catch and Complete together; `wired`: ports with a wire."""
        self.flow(script, [[port] if port in wired else [] for port in canvas.PORTS], more=self.WATCHERS)
        self.red.emit("source", BOTH)
        nodes = (*canvas.PORTS, "caught", "completed")
        count = 2 if wired else 1
        self.red.until(lambda: len(self.left(nodes)) >= count, "the message did not come out")
        self.red.emit("source", {})  # comes out after it, and says that nothing more does
        self.red.until(lambda: len(self.left(nodes)) > count, "nothing came after it")
        found = self.left(nodes)[:count]
        for _, msg in found:
            document(msg)
        return sorted(node for node, _ in found), found[0][1]

    def test_a_port_with_a_wire_is_complete_and_nothing_is_caught(self):
        for port, script in (("accepted", ""), ("partial", NO_CAROL), ("rejected", "rcpt reply 550 5.1.1 No"),
                             ("failed", "greeting reply 554 No service"), ("unknown", "dot cut")):
            with self.subTest(port):
                self.before = len(self.red.events())
                self.assertEqual(sorted(["completed", port]), self.ended(script, [port, "failed"])[0])

    def test_a_port_without_a_wire_is_caught_with_its_sentence_and_is_not_complete(self):
        for outcome, script in (("partial", NO_CAROL), ("rejected", "rcpt reply 550 5.1.1 No"),
                                ("failed", "greeting reply 554 No service"), ("unknown", "dot cut")):
            with self.subTest(outcome):
                self.before = len(self.red.events())
                nodes, msg = self.ended(script, [])
                self.assertEqual(["caught"], nodes)
                self.assertEqual(("mail", "mail-send"), (msg["error"]["source"]["id"], msg["error"]["source"]["type"]))
                self.assertEqual(outcome, msg["mail"]["outcome"])
                self.assertTrue(msg["error"]["message"])

    def test_what_was_accepted_is_complete_without_a_wire_too(self):
        self.assertEqual(["completed"], self.ended("", [])[0])


if __name__ == "__main__":
    main()
