"""Sign in, from the panel in a real Node-RED to a real authorization server. Arguments: --build DIR."""

import os
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.editor import STORED, Editor  # noqa: E402
from node_red.program import main, options  # noqa: E402
from node_red.rig import NodeRed  # noqa: E402
from node_red.signing import CREDENTIALS, MAIL_SERVER, USER, oauth_account, sign_in  # noqa: E402
from oauth import rig as oauth_rig  # noqa: E402
from oauth.person import free_redirect  # noqa: E402
from oauth.rig import AuthorizationServer, Person  # noqa: E402


class SignIn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redirect = free_redirect()
        cls.server = cls.enterClassContext(AuthorizationServer(redirect=cls.redirect))
        cls.inbox = cls.enterClassContext(Inbox(options.build, options=MAIL_SERVER))
        cls.red = cls.enterClassContext(NodeRed(options.build))

    def setUp(self):
        # an id of its own: nobody has signed in for it
        self.node = oauth_account(self.inbox.port, self.server, self.redirect, self._testMethodName[-60:])
        self.editor = Editor(self.red)
        self.addCleanup(self.editor.idle)
        self.account = self.editor.account(self.node, CREDENTIALS)

    def prompted(self, running):
        question = running.until("prompt")["question"]
        self.assertEqual(("url", True), (question["kind"], question["paste"]), question)
        return question["url"]

    def came_back(self, running):
        """The address at which the browser of a person on another machine fails."""
        return Person(USER).consent(self.prompted(running), self.redirect)

    def paste(self, running, text):
        return self.editor.post("answer", {"run": running.run, "pasted": text}).document

    def assert_signed_in(self, line):
        self.assertEqual(("result", "succeeded"), (line["type"], line.get("outcome")), line)
        view = line["document"]["account"]
        self.assertEqual((True, USER), (view["signed_in"], view["username"]), view)
        self.assertIn("smtp", view["scopes"])
        self.assertIn("access_expires_at", view)

    def test_from_this_machine_needs_no_more_than_consent(self):
        self.assert_signed_in(sign_in(self.editor, self.account, self.redirect))
        status = self.editor.result("account-status", self.account)
        self.assert_signed_in(status)

    def test_a_deployed_account_sends_with_it_also_after_a_restart(self):
        self.node["id"] = "sender"
        flow = [canvas.TAB, self.node, canvas.source("mail"), canvas.mail(of="sender"), *canvas.sinks(*canvas.PORTS)]
        self.red.deploy(flow, {"sender": CREDENTIALS})
        self.account = self.editor.account(self.node, {"auth_client_secret": STORED})
        self.assert_signed_in(sign_in(self.editor, self.account, self.redirect))
        for count in (1, 2):
            self.red.emit("source", {"to": "bob@example.test", "topic": "signed in", "payload": "t"})
            self.red.until_messages(count=count)
            self.assertEqual(count, len(self.red.messages("accepted")), self.red.messages())
            self.red.restart()
        self.assertEqual("succeeded", self.editor.result("sign-out", self.account)["outcome"])
        self.red.emit("source", {"to": "bob@example.test", "topic": "signed out", "payload": "t"})
        refused = self.red.until_messages("failed")[0]
        self.assertEqual("token", refused["mail"]["error"]["stage"], refused)

    def test_from_another_machine_the_address_is_pasted(self):
        with self.editor.start("sign-in", self.account) as running:
            self.assertEqual({"known": True}, self.paste(running, self.came_back(running)))
            self.assert_signed_in(running.rest()[-1])

    def test_what_cannot_be_used_is_said_and_the_right_one_still_taken(self):
        self.editor.language = "ja"
        with self.editor.start("sign-in", self.account) as running:
            right = self.came_back(running)
            other = f"{self.redirect}?code=x&state=somebody-else"
            for wrong, problem in (("https://example.test/", "elsewhere"), ("nonsense", "elsewhere"), (other, "other-sign-in")):
                self.assertEqual({"known": True}, self.paste(running, wrong))
                complaint = running.until("prompt")["question"]
                self.assertEqual(("complaint", problem), (complaint["kind"], complaint["problem"]))
                self.assertRegex(complaint["text"], "[぀-ヿ]")
            self.paste(running, right)
            self.assert_signed_in(running.rest()[-1])

    def test_no_is_an_answer(self):
        with self.editor.start("sign-in", self.account) as running:
            person = Person(USER)
            person.visit(person.consent(self.prompted(running), self.redirect, deny=True))
            line = running.rest()[-1]
        self.assertEqual(("failed", "token"), (line["outcome"], line["document"]["error"]["stage"]), line)

    def test_closing_the_panel_ends_it_and_the_address_listens_no_more(self):
        with self.editor.start("sign-in", self.account) as running:
            address = self.came_back(running)
        self.red.until(lambda: self.paste(running, "nonsense") == {"known": False}, "it still runs")
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(address)
        self.assertFalse(self.editor.result("account-status", self.account)["document"]["account"]["signed_in"])

    def test_another_run_cannot_answer(self):
        with self.editor.start("sign-in", self.account) as running:
            address = self.came_back(running)
            self.assertEqual({"known": False}, self.editor.post("answer", {"run": "0" * 32, "pasted": address}).document)
            query = urllib.parse.urlsplit(address).query
            self.paste(running, f"http://attacker.example/callback?{query}")
            self.assertEqual("elsewhere", running.until("prompt")["question"]["problem"])


if __name__ == "__main__":
    main(oauth_rig.missing())
