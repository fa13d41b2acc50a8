"""What the tests of the running package have in common: one Node-RED for a class, and how a message left.

Guarantees: every document that a message leaves with fits the published schema, whatever the test looks at.
"""

import email
import email.policy
import itertools
import unittest

from invoke import Result
from node_red.canvas import PORTS
from node_red.program import options
from node_red.rig import NodeRed

numbers = itertools.count(1)


def letter(content):
    """A message as Python reads it."""
    return email.message_from_bytes(content, policy=email.policy.default)


def subjects(inbox):
    """Those of all that arrived, in no order."""
    return [letter(content)["Subject"] for content in inbox.messages()]


def document(msg):
    """The result that a message carries."""
    Result.schema.validate(msg["mail"])
    return msg["mail"]


class Case(unittest.TestCase):
    """`red`: a Node-RED with the settings of the class. The tests of a class deploy one after the other."""

    settings = {}
    red_options = {}

    @classmethod
    def setUpClass(cls):
        cls.build = options.build
        cls.red = NodeRed(cls.build, settings=cls.settings, **cls.red_options)
        cls.red.__enter__()
        cls.addClassCleanup(cls.red.__exit__)

    def setUp(self):
        self.before = len(self.red.events())

    def statuses(self, node="mail"):
        """Those of this test, none left out."""
        return [each["status"] for each in self.red.events()[self.before:]
                if each["kind"] == "status" and each["node"] == node]

    def left(self, sinks=PORTS):
        """What left in this test: (port, message), in order."""
        return [(each["node"], each["msg"]) for each in self.red.events()[self.before:]
                if each["kind"] == "message" and each["node"] in sinks]

    def sent(self, message, source="source", seconds=None):
        """Sends a message and waits until it has left: (port, message). It leaves once, and carries its document."""
        number = next(numbers)
        self.red.emit(source, {**message, "number": number})
        mine = lambda: [(port, msg) for port, msg in self.left() if msg.get("number") == number]
        self.red.until(mine, "the message did not leave", seconds)
        (port, msg), = mine()
        self.assertEqual(document(msg)["outcome"], port)
        return port, msg

    def refused(self, message, *words, source="source"):
        """Sends a message that leaves by failed, with a sentence in which all of `words` stand."""
        port, msg = self.sent(message, source)
        self.assertEqual("failed", port, msg["mail"])
        for word in words:
            self.assertIn(word, msg["mail"]["error"]["message"])
        return msg["mail"]
