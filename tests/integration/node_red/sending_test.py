"""A schedule sends: an inject node, an account with a password and one that was signed in, a real Postfix and Dovecot."""

import json
import os
import sys
import urllib.request

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from node_red import canvas  # noqa: E402
from node_red.case import document, letter  # noqa: E402
from node_red.rig import NodeRed, missing, require  # noqa: E402
from oauth.rig import WEB, Person  # noqa: E402
from oauth.served import Served, main  # noqa: E402
from postfix.rig import PASSWORDS  # noqa: E402

USER = "alice@example.test"
SCOPES = "openid\noffline_access\nsmtp"


class Schedules(Served):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.red = NodeRed(Served.build, settings={"mailSend": {"roots": [os.path.dirname(cls.mail.ca_file)]}}).__enter__()
        cls.addClassCleanup(cls.red.__exit__)

    def setUp(self):
        self.mail.empty_mailboxes()
        self.before = len(self.red.events())
        self.addCleanup(self.red.deploy, [])

    def account(self, **fields):
        return canvas.account(self.mail.ports["starttls"], host="localhost", server_security="starttls", auth_username=USER,
                              tls_ca_file=self.mail.ca_file, **{"from": USER}, **fields)

    def with_password(self):
        return self.account(auth_method="password")

    def with_oauth2(self):
        endpoints = self.server.endpoints()
        return self.account(
            auth_method="oauth2", auth_provider="custom", auth_grant="authorization-code", auth_client_id=WEB["client_id"],
            auth_redirect_uri=self.redirect, auth_scopes=SCOPES, auth_endpoints_authorize=endpoints["authorize"],
            auth_endpoints_token=endpoints["token"], auth_endpoints_issuer=endpoints["issuer"])

    def flow(self, account, credentials, **schedule):
        """Deploys: the schedule, a mail node with the account, a sink on each port."""
        inject = {"id": "inject", "type": "inject", "z": "tab", "name": "", "x": 60, "y": 60, "wires": [["mail"]],
                  "props": [{"p": "payload"}, {"p": "topic", "vt": "str"}], "payload": "12 and 30", "payloadType": "str",
                  "topic": "Numbers", "once": False, "repeat": "", "crontab": "", **schedule}
        self.red.deploy([canvas.TAB, account, inject, canvas.mail(to=USER, to_type="str"), *canvas.sinks(*canvas.PORTS)],
                        {"account": credentials})

    def told(self, *ports):
        """Identifiers of the messages that left by these ports in this test."""
        return [document(each["msg"])["message_id"] for each in self.red.events()[self.before:]
                if each["kind"] == "message" and each["node"] in ports]

    def arrived(self, count=2):
        """What the schedule sent, from the Maildir; it stops then, and nothing has left by another port."""
        try:
            letters = [letter(content) for content in self.mail.messages("alice", count, seconds=30)]
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.red.log()}") from None
        ids = {message["Message-ID"] for message in letters}
        self.red.until(lambda: ids <= set(self.told("accepted")), "what arrived did not leave by accepted")
        self.red.deploy([])
        for message in letters:
            self.assertEqual(("Numbers", USER, USER, "12 and 30"), (
                message["Subject"], message["To"], message["From"], message.get_content().strip()))
        self.assertEqual([], self.told(*canvas.PORTS[1:]))
        self.assertEqual(len(self.told("accepted")), len(set(self.told("accepted"))))
        return letters

    def sign_in(self, account):
        """Presses Sign in, as the editor does, with a person who consents in a browser: the document."""
        fields = {name: value for name, value in account.items() if name not in ("id", "type", "name", "language")}
        body = {"action": "sign-in", "language": "en", "account": {
            "id": account["id"], "values": fields, "credentials": {"auth_client_secret": WEB["secret"]}}}
        request = urllib.request.Request(f"{self.red.url}/mail-send/action", json.dumps(body).encode(), headers={
            "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"})
        person = Person(USER)
        with urllib.request.urlopen(request, timeout=60) as answer:
            for line in map(json.loads, answer):
                if line["type"] == "prompt" and line["question"]["kind"] == "url":
                    person.visit(person.consent(line["question"]["url"], self.redirect))
                if line["type"] in ("result", "error"):
                    self.assertEqual("succeeded", line.get("outcome"), line)
                    return line["document"]
        raise AssertionError(f"the action ended without a result\n{self.red.log()}")

    def test_every_second_with_a_password(self):
        self.flow(self.with_password(), {"auth_password": PASSWORDS["alice"]}, repeat="1")
        self.arrived(3)

    def test_by_cron_with_an_account_that_was_signed_in(self):
        account = self.with_oauth2()
        signed_in = self.sign_in(account)["account"]
        self.assertTrue(signed_in["signed_in"])
        self.flow(account, {"auth_client_secret": WEB["secret"]}, crontab="* * * * * *")
        self.arrived()
        told = self.red.messages("accepted")[-1]["mail"]["server"]
        self.assertIn(told["auth"], ("XOAUTH2", "OAUTHBEARER"))

    def test_the_sign_in_outlives_node_red(self):
        account = self.with_oauth2()
        self.sign_in(account)
        self.flow(account, {"auth_client_secret": WEB["secret"]}, repeat="", crontab="")
        self.red.restart()
        self.red.inject("inject")
        self.arrived(1)

    def test_a_wrong_password_leaves_by_failed_and_is_explained(self):
        self.flow({**self.with_password(), "language": "ja"}, {"auth_password": "not-hers"})
        self.red.inject("inject")
        failed = document(self.red.until_messages("failed")[0])
        self.assertEqual(("auth", 535), (failed["error"]["stage"], failed["error"]["smtp"]["code"]))
        self.assertRegex(failed["error"]["explanation"]["title"], r"[\u3040-\u30ff]")
        self.assertNotIn("not-hers", self.red.log() + json.dumps(failed))


if __name__ == "__main__":
    require(missing())
    main()
