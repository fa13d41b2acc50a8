"""Deployed accounts with secrets that are easy to find again, in a Node-RED with people. The tests' class DeployedSecrets
has a password, a client secret, and tokens of a sign-in.
"""

import json
import tempfile
import unittest
import urllib.parse

from invoke import Inbox
from node_red import canvas
from node_red.editor import STORED, Editor
from node_red.guarded import Guarded
from node_red.program import options
from node_red.signing import MAIL_SERVER
from oauth.token_server import TokenServer, tokens
from ports import free_port
from secrets_rig import forms

PASSWORD, CLIENT = "C4nary-password-5aa1", "C4nary-client-secret-0be7"
ACCESS, REFRESH = "C4nary-access-token-91d3", "C4nary-refresh-token-c4f8"
CODE = "C4nary-authorization-code-a7e2"
CANARIES = (PASSWORD, CLIENT, ACCESS, REFRESH, CODE)
USER = "alice@example.test"
MAIL = {"to": "carol@example.test"}


class DeployedSecrets(unittest.TestCase):
    """Three accounts: with a password, with a client secret, and one that signed in. They are named with-…, their mail nodes
    mail-…, the sources before these source-…; every port leads to its sink and to a debug node. `editor` is an operator's."""

    @classmethod
    def setUpClass(cls):
        cls.build = options.build
        users = tempfile.NamedTemporaryFile("w", suffix=".json")
        cls.addClassCleanup(users.close)
        json.dump({USER: PASSWORD}, users)
        users.flush()
        cls.inbox = cls.enterClassContext(Inbox(cls.build, options=["--auth-in-clear", "--users", users.name]))
        cls.of_tokens = cls.enterClassContext(Inbox(cls.build, options=MAIL_SERVER))
        cls.issuer = cls.enterClassContext(TokenServer(tokens(ACCESS, refresh_token=REFRESH)))
        cls.redirect = f"http://127.0.0.1:{free_port()}/callback"
        cls.red = cls.enterClassContext(Guarded(cls.build, settings={
            "logging": {"console": {"level": "trace", "audit": True, "metrics": True}}}))
        endpoints = {f"auth_endpoints_{name}": f"http://127.0.0.1:{cls.issuer.port}/{name}" for name in (
            "authorize", "token", "revoke")}
        oauth = {"auth_method": "oauth2", "auth_provider": "custom", "auth_username": USER, "auth_allow_cleartext": True,
                 "auth_client_id": "of-alice", "timeouts_greeting": "2s", **endpoints}
        cls.accounts = {
            "with-password": canvas.account(cls.inbox.port, "with-password", auth_method="password", auth_username=USER,
                                            auth_allow_cleartext=True),
            "with-client": canvas.account(cls.of_tokens.port, "with-client", auth_grant="client-credentials", **oauth),
            "with-tokens": canvas.account(cls.of_tokens.port, "with-tokens", auth_grant="authorization-code",
                                          auth_redirect_uri=cls.redirect, auth_scopes="mail", **oauth)}
        cls.nodes = [canvas.mail(f"mail-{name}", of=name) for name in cls.accounts]
        cls.rest = [canvas.TAB, *cls.nodes, *canvas.sinks(*canvas.PORTS),
                    *(canvas.source(node["id"], node_id=f"source-{node['account']}") for node in cls.nodes),
                    {"id": "debug", "type": "debug", "z": "tab", "active": True, "tosidebar": True, "complete": "true",
                     "console": True, "x": 600, "y": 60, "wires": []}]
        cls.rest[1:4] = [{**node, "wires": [[port, "debug"] for port in canvas.PORTS]} for node in cls.nodes]
        cls.stored = {"with-password": {"auth_password": PASSWORD}, "with-client": {"auth_client_secret": CLIENT}}
        cls.red.deploy([*cls.accounts.values(), *cls.rest], cls.stored)
        cls.signed_in(Editor(cls.red, cls.red.token_of("operator")))

    @classmethod
    def signed_in(cls, editor):
        with editor.start("sign-in", editor.account(cls.accounts["with-tokens"])) as running:
            question = urllib.parse.urlsplit(running.until("prompt")["question"]["url"])
            state = urllib.parse.parse_qs(question.query)["state"][0]
            editor.post("answer", {"run": running.run, "pasted": f"{cls.redirect}?code={CODE}&state={state}"})
            if running.rest()[-1].get("outcome") != "succeeded":
                raise AssertionError(running.lines)

    def setUp(self):
        self.editor = Editor(self.red, self.red.token_of("operator"))
        self.addCleanup(self.editor.idle)

    def act(self, action, account, values=None, credentials=None):
        """The last line of an action on a deployed account's settings with other values."""
        stored = {name: STORED for name in self.stored.get(account, {})}
        asked = self.editor.account({**self.accounts[account], **(values or {})}, stored if credentials is None else credentials)
        return self.editor.result(action, asked, MAIL if action == "send-test" else None)

    def assert_silent(self, seen, where):
        text = seen if isinstance(seen, bytes) else seen.encode()
        for canary in CANARIES:
            for form in forms(canary):
                self.assertNotIn(form, text, f"{canary} stands in {where}")
