"""A `wfc run --metrics` of a test, and what is read from it."""

import unittest
import urllib.request

import exposition
import flows


def page(url):
    """Headers and text of an address; also of a urllib request."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.headers, answer.read().decode()


class Case(unittest.TestCase):
    """`build`: the folder of the build, set before the tests run."""

    build = None

    def setUp(self):
        self.folder = self.enterContext(flows.Folder(self.build))

    def start(self, *arguments, address="127.0.0.1:0"):
        run = self.enterContext(self.folder.start(*arguments, "--metrics", address))
        self.url = run.until("metrics")[0]["url"]
        self.port = int(self.url.rsplit(":", 1)[1].split("/")[0])
        return run

    def text(self):
        return page(self.url)[1]

    def value(self, name, **labels):
        return exposition.value(self.text(), name, **labels)
