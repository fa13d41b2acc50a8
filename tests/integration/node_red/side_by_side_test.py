"""Two components in one Node-RED, MailSend and the greeter of examples/minimal-component: each has a host process, endpoints
and a permission of its own, and neither feels what happens to the other. Arguments: --build DIR."""

import os
import signal
import sys
import tempfile
import unittest

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas, other_component_test  # noqa: E402
from node_red.editor import Editor  # noqa: E402
from node_red.guarded import Guarded  # noqa: E402
from node_red.program import main, options  # noqa: E402
from node_red.rig import PACKAGE, alive  # noqa: E402


class SideBySide(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.inbox = cls.enterClassContext(Inbox(options.build))
        package = cls.enterClassContext(tempfile.TemporaryDirectory())
        other_component_test.make_package(package)
        cls.red = cls.enterClassContext(Guarded(options.build, package=[PACKAGE, package]))
        cls.red.deploy([*canvas.sending(cls.inbox.port), *cls.greeter()])

    @staticmethod
    def greeter(greeting="Hello"):
        """A flow of its own; without `greeting` its account cannot be used."""
        return [{"id": "greetings", "type": "greet-account", "name": "", "language": "en", "greeting": greeting},
                {"id": "greet", "type": "greet", "z": "tab", "name": "", "account": "greetings", "outputs": 2, "x": 200, "y": 300,
                 "input_name": "who", "input_name_type": "msg", "wires": [["greeted"], ["ungreeted"]]},
                canvas.source("greet", node_id="door"), *canvas.sinks("greeted", "ungreeted")]

    def greet(self, name, sink="greeted"):
        before = len(self.red.messages(sink))
        self.red.emit("door", {"who": name})
        return self.red.until_messages(sink, before + 1)[-1]["greet"]

    def send(self):
        before = len(self.red.messages())
        self.red.emit("source", {"to": "bob@example.test", "payload": "t"})
        self.red.until_messages(count=before + 1)
        return self.red.messages()[-1]["mail"]["outcome"]

    def test_each_has_a_process_of_its_own(self):
        self.assertEqual(("accepted", "Hello, Ann!"), (self.send(), self.greet("Ann")["text"]))
        self.assertEqual(2, len(self.red.hosts()))
        for kind in ("mail-send", "greet"):
            self.assertTrue(os.path.isdir(os.path.join(self.red.user_dir, f"{kind}-wfc")), kind)

    def test_what_ends_one_leaves_the_other(self):
        self.send(), self.greet("Ann")
        before = set(self.red.hosts())
        for count, ended in enumerate(before, self.red.log().count("ended by SIGKILL") + 1):
            os.kill(ended, signal.SIGKILL)
            self.red.until(lambda: self.red.log().count("ended by SIGKILL") >= count, "nobody noticed")
            self.assertEqual(("accepted", "Hello, Bob!"), (self.send(), self.greet("Bob")["text"]))
        self.assertEqual((2, set()), (len(self.red.hosts()), before & set(self.red.hosts())))

    def test_what_it_refuses_leaves_by_its_failed_port(self):
        for name in (None, ["Ann"], {"first": "Ann"}):
            document = self.greet(name, "ungreeted")
            self.assertEqual("failed", document["outcome"])
            self.assertTrue(document["error"]["message"])

    def test_without_settings_everything_leaves_by_its_failed_port(self):
        self.addCleanup(self.red.deploy, [*canvas.sending(self.inbox.port), *self.greeter()])
        self.red.deploy([*canvas.sending(self.inbox.port), *self.greeter("")])
        document = self.greet("Ann", "ungreeted")
        self.assertEqual(("failed", "/greeting"), (document["outcome"], document["error"]["pointer"]))
        self.assertEqual("accepted", self.send())

    def test_the_permission_for_one_is_none_for_the_other(self):
        for person, mail, greet in (("operator", 200, 401), ("neighbour", 401, 200), ("admin", 200, 200), ("reader", 401, 401)):
            for component, status in (("mail-send", mail), ("greet", greet)):
                editor = Editor(self.red, self.red.token_of(person), component)
                self.assertEqual(status, editor.post("cancel", {"run": "x"}).status, (person, component))

    def test_a_component_without_actions_has_none(self):
        editor = Editor(self.red, self.red.token_of("neighbour"), "greet")
        for action in ("hello", "validate", "test-connection"):
            answer = editor.post("action", editor.request(action, {"id": "greetings", "values": {"greeting": "Hello"}}))
            self.assertEqual((400, "unknown-action"), (answer.status, answer.error))

    def test_both_end_when_node_red_does(self):
        self.send(), self.greet("Ann")
        hosts = self.red.hosts()
        self.red.restart()
        self.assertEqual([], [pid for pid in hosts if alive(pid)])


if __name__ == "__main__":
    main()
