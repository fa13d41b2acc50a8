"""What the tests of signing in have in common: an authorization server, a Postfix and Dovecot that ask it, accounts."""

import argparse
import base64
import hashlib
import os
import secrets
import subprocess
import sys
import unittest
import urllib.parse

from invoke import Result, Wfc, require
from oauth import rig as oauth_rig
from oauth.person import Account, free_redirect
from oauth.rig import WEB, AuthorizationServer, Person
from postfix import rig as mail_rig


class Served(unittest.TestCase):
    """One pair of servers for all tests of a class."""

    build = senders = None
    server_options = {}
    mechanisms = "xoauth2 oauthbearer"

    @classmethod
    def setUpClass(cls):
        cls.redirect = free_redirect()
        cls.server = AuthorizationServer(redirect=cls.redirect, **cls.server_options).__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.mail = mail_rig.Rig(introspection_url=cls.server.introspection_url,
                               token_mechanisms=cls.mechanisms).__enter__()
        cls.addClassCleanup(cls.mail.stop)
        cls.wfc = Wfc(Served.build)

    def account(self, port="starttls", **auth):
        account = Account(self.wfc).__enter__()
        self.addCleanup(account.__exit__)
        mail = {"host": "localhost", "port": self.mail.ports[port],
                "security": "implicit-tls" if port == "tls" else "starttls"}
        account.write(mail, self.mail.ca_file, self.server, self.redirect, **auth)
        return account

    def signed_in(self, **auth):
        account = self.account(**auth)
        code, document, log = account.account("sign-in")
        self.assertEqual(code, 0, log)
        Result.schema.validate(document)
        account.visit_page()
        return account

    def sender(self, account, operation, document, threads):
        """A process that invokes the operation with so many threads once it is given a line; see senders.cpp."""
        return subprocess.Popen([self.senders, self.wfc.components, account.file, operation, document, str(threads)],
                                cwd=account.folder, env=account.environment(), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def sent(self, account, mechanism=None):
        before = len(os.listdir(self.mail.maildir("alice"))) if os.path.isdir(self.mail.maildir("alice")) else 0
        code, document, log = account.send()
        self.assertEqual(code, 0, f"{document}\n{log}\n{self.mail.log()}")
        Result.schema.validate(document)
        self.mail.messages("alice", before + 1)
        if mechanism:
            self.assertEqual(document["server"]["auth"], mechanism)
        return document

    def refused(self, account, **environment):
        code, document, log = account.send(**environment)
        self.assertEqual(code, 4, f"{document}\n{log}")
        Result.schema.validate(document)
        return document

    def fresh_token(self, scope="openid offline_access smtp"):
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urllib.parse.urlencode({
            "response_type": "code", "client_id": "web", "redirect_uri": self.redirect, "scope": scope, "state": "x",
            "code_challenge": challenge, "code_challenge_method": "S256", "prompt": "consent"})
        back = Person("alice@example.test").consent(f"{self.server.issuer}/auth?{query}", self.redirect)
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)["code"][0]
        return self.server.token(grant_type="authorization_code", code=code, redirect_uri=self.redirect,
                                 code_verifier=verifier, client_id="web",
                                 client_secret=WEB["secret"])["access_token"]

    def with_token(self, token, port="starttls"):
        account = self.account(port=port, grant="access-token", access_token={"$secret": "access"}, client_id=None,
                               client_secret=None, redirect_uri=None, scopes=None, tokens=None, endpoints=None)
        account.secrets = {"ACCESS": token}
        return account


def main():
    """Runs the tests of the calling program, or says why they cannot run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--senders", help="the program of senders.cpp")
    arguments, rest = parser.parse_known_args()
    Served.build, Served.senders = arguments.build, arguments.senders
    require(mail_rig.missing() or oauth_rig.missing())
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
