"""What the tests of signing in share: accounts whose token endpoint and mail server are the test's own."""

import argparse
import json
import shutil
import sys
import tempfile
import unittest

from invoke import Inbox, Wfc

USER = "alice@example.test"
SECRET = "client-s3cret"
MESSAGE = {"to": "bob@example.test", "subject": "Hello", "text": "Hello"}
MECHANISMS = ("XOAUTH2", "OAUTHBEARER")


class Accounts(unittest.TestCase):
    """Each test has a WFC_HOME of its own, which its calls share."""

    build = None

    def setUp(self):
        self.wfc = Wfc(self.build)
        self.move()

    def move(self):
        """To another WFC_HOME: nothing is known of what was before."""
        self.home = self.temporary()
        self.wfc.environment["WFC_HOME"] = self.home

    def temporary(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        return directory.name

    def inbox(self, token=None, script="", mechanisms=MECHANISMS, user=USER):
        """A mail server that takes tokens in clear: any, or `token` alone."""
        options = ["--auth-in-clear", "--offer", ",".join(f"AUTH={name}" for name in mechanisms)]
        if token is not None:
            users = tempfile.NamedTemporaryFile("w", suffix=".json")
            self.addCleanup(users.close)
            json.dump({user: token}, users)
            users.flush()
            options += ["--users", users.name]
        return Inbox(self.build, script, options)

    def account(self, inbox, server, grant="client-credentials", provider="custom", language="en", **auth):
        """Settings with what `grant` needs; a member of `auth` that is None is left out."""
        members = {"method": "oauth2", "provider": provider, "grant": grant, "username": USER, "allow_cleartext": True}
        if grant != "access-token":
            members["endpoints"] = server.endpoints()
        if grant in ("client-credentials", "refresh-token", "device-code"):
            members.update(client_id="the-client", client_secret={"$secret": "client"})
        if grant == "client-credentials" and provider == "microsoft":
            members["tenant"] = "contoso.example"
        if grant in ("refresh-token", "access-token"):
            name = grant.replace("-", "_")
            members[name] = {"$secret": name}
        if grant == "device-code":
            members["tokens"] = {"$secret": "sign_in"}
        members.update(auth)
        members = {name: value for name, value in members.items() if value is not None}
        return inbox.settings(auth=members, language=language)

    def invoke(self, operation, settings, **secrets):
        given = {"client": SECRET, **secrets}
        return self.wfc.invoke(operation, settings, MESSAGE if operation == "send" else {}, given)

    def send(self, settings, **secrets):
        return self.invoke("send", settings, **secrets)

    def assert_accepted(self, result):
        self.assertEqual((0, "accepted"), (result.code, result.document["outcome"]), str(result))

    def assert_explained(self, error, shown=""):
        """In whole sentences, without a placeholder left."""
        for text in (error["explanation"]["title"], error["explanation"]["cause"], *error["explanation"]["steps"]):
            self.assertTrue(text.strip(), shown)
            self.assertNotRegex(text, r"[{}]|\[[^\]]*\{", shown)
        self.assertTrue(error["explanation"]["steps"], shown)

    def assert_failed(self, result, identifier, stage="token"):
        """Returns the error."""
        self.assertEqual((4, "failed"), (result.code, result.document["outcome"]), str(result))
        error = result.document["error"]
        self.assertEqual((identifier, stage), (error["id"], error["stage"]), str(result))
        self.assert_explained(error, str(result))
        return error


def without_openssl():
    """Why keys and certificates cannot be made here, as a sentence, or None."""
    return None if shutil.which("openssl") else "the package openssl is not installed"


def main():
    """Runs the tests of the script. Arguments: --build DIR."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    arguments, rest = parser.parse_known_args()
    Accounts.build = arguments.build
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=2)
