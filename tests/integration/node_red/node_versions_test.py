"""MailSend's nodes under newer versions of Node than the machine's: those that node_versions/package.json names.
Arguments: --build DIR."""

import base64
import email
import email.policy
import glob
import os
import platform
import subprocess
import sys
import unittest
import unittest.mock

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.editor import Editor  # noqa: E402
from node_red.program import main, options  # noqa: E402
from node_red.rig import NODE_RED, ROOT, NodeRed  # noqa: E402

FOLDER = os.path.realpath(os.environ.get("NODE_VERSIONS", os.path.join(ROOT, "build", "node-versions")))
PROCESSOR = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
# Without those that talk to the real host, which a message does here.
UNIT_TESTS = sorted(each for each in glob.glob(os.path.join(ROOT, "tests", "unit", "examples", "node-red", "*.test.mjs"))
                    if not each.endswith("real_serve.test.mjs"))
WANTED = (22, 26)


def program(version):
    return os.path.join(FOLDER, "node_modules", f"node-{version}-{PROCESSOR}", "bin", "node")


def absent():
    """Why the versions cannot be tried here, as a sentence, or None."""
    found = [version for version in WANTED if os.access(program(version), os.X_OK)]
    return None if list(WANTED) == found else "newer versions of Node are not installed (tests/run.sh --all does that)"


class Versions(unittest.TestCase):
    def each(self, check):
        for version in WANTED:
            with self.subTest(node=version), unittest.mock.patch.dict(os.environ, {"MAILSEND_NODE": program(version)}):
                check(version)

    def test_they_are_what_their_names_say(self):
        def check(version):
            said = subprocess.run([program(version), "--version"], capture_output=True, check=True, text=True).stdout
            self.assertTrue(said.startswith(f"v{version}."), said)
        self.each(check)

    def test_a_message_with_a_file_is_sent_and_the_panel_answers(self):
        def check(version):
            with Inbox(options.build) as inbox, NodeRed(options.build) as red:
                self.assertIn(f"Node.js  version: v{version}.", red.log())
                red.deploy(canvas.sending(inbox.port))
                self.send(red, inbox)
                self.press(red, inbox)
                self.assertEqual((1, 0), (len(red.hosts()), red.stop()))
                self.assertNotRegex(red.log(), r"\[error\]|Error:|node-red-contrib-mail-send.*Warning")
        self.each(check)

    def send(self, red, inbox):
        content = bytes(range(256))
        red.emit("source", {"to": "bob@example.test", "topic": "明日", "payload": "text", "attachments": [
            {"filename": "a.bin", "content": {"$base64": base64.b64encode(content).decode()}}]})
        red.until_messages("accepted")
        message = email.message_from_bytes(inbox.messages()[0], policy=email.policy.default)
        self.assertEqual("明日", message["Subject"])
        self.assertEqual([content], [each.get_content() for each in message.iter_attachments()])

    def press(self, red, inbox):
        editor = Editor(red)
        account = editor.account(canvas.account(inbox.port))
        self.assertEqual("succeeded", editor.result("test-connection", account)["outcome"])
        preview = editor.result("preview", account, {"to": "bob@example.test", "text": "t"})
        self.assertIn("message.eml", preview["files"])

    def test_the_unit_tests_of_the_package_pass(self):
        self.assertTrue(UNIT_TESTS)
        environment = {**os.environ, "WFC_BUILD": options.build, "NODE_RED": NODE_RED}

        def check(version):
            done = subprocess.run([program(version), "--test", *UNIT_TESTS], capture_output=True, text=True, timeout=240,
                                  env=environment)
            self.assertEqual(0, done.returncode, done.stdout[-6000:] + done.stderr)
        self.each(check)


if __name__ == "__main__":
    main(absent())
