"""What the tests of the ledger share: an inbox, one home for all processes, and what the inbox holds per message.

Nothing outlives its test: the home, the store and the processes end with it.
"""

import argparse
import collections
import email
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from invoke import Inbox, Result, Wfc, require  # noqa: E402, F401
from serve_client import Host  # noqa: E402

Kept = collections.namedtuple("Kept", "subject message_id recipients received")


def kept_in(store):
    """The messages that an inbox has stored, in the order of their arrival."""
    found = []
    for name in sorted(os.listdir(store)):
        if not name.endswith(".eml"):
            continue
        with open(os.path.join(store, name), "rb") as file:
            message = email.message_from_binary_file(file)
        with open(os.path.join(store, name[:-4] + ".json"), encoding="utf-8") as file:
            envelope = json.load(file)
        found.append(Kept(message["Subject"], message["Message-ID"], [each["address"] for each in envelope["to"]],
                          envelope["received"]))
    return found


def by_subject(store):
    found = collections.defaultdict(list)
    for each in kept_in(store):
        found[each.subject].append(each)
    return found


def message(subject, **more):
    return {"to": "bob@example.test", "subject": subject, "text": "once\n", **more}


class Ledger(unittest.TestCase):
    build = seed = None
    full = False

    def setUp(self):
        self.longMessage = True
        self.home = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "home")
        os.mkdir(self.home, 0o700)
        self.wfc = Wfc(self.build, environment={"WFC_HOME": self.home})

    @property
    def state_file(self):
        return os.path.join(self.home, "state.sqlite")

    def inbox(self, script="", *options):
        return self.enterContext(Inbox(self.build, script, options))

    def host(self, **more):
        return self.enterContext(Host(self.build, home=self.home, **more))

    def send(self, settings, document, *options, wfc=None):
        return (wfc or self.wfc).invoke("send", settings, document, options=options)

    def at_once(self, settings, document, count, *options):
        """The same call by so many processes at the same time; their results."""
        contexts = [self.wfc.started("send", settings, document, options=options) for _ in range(count)]
        running = [context.__enter__() for context in contexts]
        try:
            return [each.result() for each in running]
        finally:
            for context in contexts:
                context.__exit__(None, None, None)

    def assert_outcome(self, outcome, result):
        self.assertIsNotNone(result.document, result)
        self.assertEqual(outcome, result.document["outcome"], result)
        return result.document


def main(long=()):
    """Runs the tests of the script. Arguments: --build DIR, --seed N (also MAILSEND_SEED), --full.

    `long`: names of test classes that run with --full only, and then alone.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--seed", type=int, default=os.environ.get("MAILSEND_SEED"))
    parser.add_argument("--full", action="store_true")
    arguments, rest = parser.parse_known_args()
    Ledger.build = arguments.build
    Ledger.full = arguments.full
    Ledger.seed = int.from_bytes(os.urandom(4), "big") if arguments.seed is None else int(arguments.seed)
    script = sys.modules["__main__"]
    for name, value in list(vars(script).items()):
        if long and isinstance(value, type) and issubclass(value, Ledger) and (name in long) != arguments.full:
            delattr(script, name)
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=2)
