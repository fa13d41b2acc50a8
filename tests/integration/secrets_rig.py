"""What the tests of secrets share: secrets that are easy to find again, and a store to keep them in."""

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest

from invoke import Inbox

CANARY = "C4nary-pa55word-of-Alice-7f3e"
PASSPHRASE = "P4ssphrase canary of the store"
MESSAGE = {"to": "bob@example.test", "subject": "Hello", "text": "Hello"}


def forms(secret):
    """How a secret may show itself: as it is, in hex, in base64 at each alignment."""
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    for before in range(3):
        encoded = base64.b64encode(b"x" * before + raw)
        yield encoded[(before * 8 + 5) // 6:-4]


class Secrets(unittest.TestCase):
    """A folder of its own with a store of secrets, and a search for what must not be seen."""

    build = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.home = os.path.join(self.directory, "home")
        self.environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm", "WFC_HOME": self.home}
        self.environment.update({key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")})
        self.tool = os.path.join(self.build, "wfc")

    def wfc(self, *arguments, given=""):
        """Runs it without a terminal."""
        done = subprocess.run([self.tool, *arguments], cwd=self.directory, env=self.environment, input=given.encode(),
                              capture_output=True, timeout=120, start_new_session=True)
        self.assert_silent(done.stdout + done.stderr)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def assert_silent(self, seen, where="the output"):
        for secret in (CANARY, PASSPHRASE):
            for form in forms(secret):
                self.assertNotIn(form, seen, f"a secret stands in {where}")

    def files(self):
        for folder, _, names in os.walk(self.directory):
            for name in names:
                yield os.path.join(folder, name)

    def inbox(self, script=""):
        """An inbox that lets alice in with the canary alone."""
        users = tempfile.NamedTemporaryFile("w", suffix=".json")
        self.addCleanup(users.close)
        json.dump({"alice": CANARY}, users)
        users.flush()
        return Inbox(self.build, script, ("--auth-in-clear", "--users", users.name))

    def account(self, inbox):
        """Writes the documents; the arguments that send the message."""
        settings = inbox.settings(auth={"method": "password", "username": "alice", "password": {"$secret": "alice"},
                                        "allow_cleartext": True})
        for name, document in (("account.json", settings), ("message.json", MESSAGE)):
            with open(os.path.join(self.directory, name), "w", encoding="utf-8") as file:
                json.dump(document, file)
        return ["invoke", "mail-send", "send", "--components", os.path.join(self.build, "components"), "--settings",
                "account.json", "--input", "message.json"]


def main():
    """Runs the tests of the script. Arguments: --build DIR."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    arguments, rest = parser.parse_known_args()
    Secrets.build = arguments.build
    unittest.main(argv=[sys.argv[0], *rest])
