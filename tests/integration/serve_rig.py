"""What the tests of `wfc serve` share: hosts that end with their test, and components for them."""

import argparse
import os
import sys
import unittest

from serve_client import Host

MESSAGE = {"to": "bob@example.test", "subject": "Hello", "text": "Hello"}
NOBODY = {"server": {"kind": "custom", "host": "127.0.0.1", "port": 1, "security": "none"}, "auth": {"method": "none"},
          "from": "alice@example.test"}


class Serve(unittest.TestCase):
    build = None

    def setUp(self):
        self.longMessage = True
        self.test_components = os.path.join(self.build, "tests", "integration", "components")

    def host(self, *options, **more):
        return self.enterContext(Host(self.build, options, (self.test_components,), **more))

    def chatter(self, *options, **more):
        """A host with a component "c" that does what no component should."""
        host = self.host(*options, **more)
        host.load("c", "chatter")
        return host

    def assert_error(self, line, error, words=""):
        self.assertEqual("error", line["type"], line)
        self.assertEqual(error, line["error"]["id"], line)
        self.assertIn(words, line["error"]["message"])


def main():
    """Runs the tests of the script. Arguments: --build DIR."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    arguments, rest = parser.parse_known_args()
    Serve.build = arguments.build
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=2)
