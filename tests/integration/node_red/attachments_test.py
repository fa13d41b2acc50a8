"""Attachments and headers of a message: what is sent byte for byte, what an administrator has to allow, what is refused."""

import base64
import os
import sys
import tempfile

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.case import Case, letter  # noqa: E402
from node_red.program import main  # noqa: E402

GOOD = {"to": "bob@example.test", "topic": "Files", "payload": "See them."}
BYTES = bytes(range(256)) * 300
NEVER = ("Cookie", "Set-Cookie", "Authorization", "Proxy-Authorization", "Host", "Received", "Bcc", "DKIM-Signature", "bCC ",
         "X-Api-Key", "Content-Type", "User-Agent")


class OnAnInbox(Case):
    """Without folders for files: what Node-RED is without a word of its administrator."""

    def setUp(self):
        super().setUp()
        self.inbox = self.enterContext(Inbox(self.build))
        self.addCleanup(self.red.deploy, [])
        self.deploy()

    def deploy(self, **fields):
        self.red.deploy(canvas.sending(self.inbox.port, **fields))

    def arrived(self, message):
        """What comes of a message that is accepted: the message as it arrived, its files by name."""
        port, msg = self.sent(message)
        self.assertEqual("accepted", port, msg["mail"])
        content, = self.inbox.messages()
        found = letter(content)
        return found, {part.get_filename(): part for part in found.walk() if part.get_filename()}

    def nothing_arrived(self):
        self.assertEqual([], self.inbox.messages())


class Contents(OnAnInbox):
    def test_buffers_and_strings_arrive_byte_for_byte(self):
        _, files = self.arrived({**GOOD, "attachments": [
            {"filename": "all.bin", "content": {"$base64": base64.b64encode(BYTES).decode()}},
            {"filename": "表.txt", "content": "一,二\n"}, {"filename": "hex.bin", "content": "00ff", "encoding": "hex"}]})
        self.assertEqual({"all.bin": BYTES, "表.txt": "一,二\n".encode(), "hex.bin": b"\x00\xff"},
                         {name: part.get_payload(decode=True) for name, part in files.items()})

    def test_ten_mebibytes_arrive(self):
        big = os.urandom(10 * 1024 * 1024 // 16) * 16
        with open(os.path.join(self.inbox.scratch.name, "big"), "wb") as file:
            file.write(big)
        self.red.deploy([*canvas.sending(self.inbox.port)[:2], canvas.source("read"), {
            "id": "read", "type": "file in", "z": "tab", "name": "", "filename": file.name, "filenameType": "str",
            "format": "", "chunk": False, "sendError": False, "encoding": "none", "allProps": False, "x": 100, "y": 100,
            "wires": [["mail"]]}, canvas.mail(), *canvas.sinks(*canvas.PORTS)])
        _, files = self.arrived({**GOOD, "filename": "big.bin"})
        part, = files.values()
        self.assertTrue(part.get_payload(decode=True) == big)

    def test_the_nodes_own_field_takes_a_property_of_the_message(self):
        self.deploy(attachments='[{"blob": "report.csv", "name": "report.csv", "type": "text/csv"}]', attachments_type="json")
        _, files = self.arrived({**GOOD, "report": {"csv": "a,b\n"}})
        self.assertEqual(b"a,b\n", files["report.csv"].get_payload(decode=True))

    def test_what_would_be_fetched_and_what_hides_a_part_is_refused(self):
        for member, attachment in (("href", {"href": "http://127.0.0.1:1/x"}), ("raw", {"raw": "X: y\r\n\r\nz"}),
                                   ("path", {"path": "data:text/plain,x"}), ("path", {"path": "/etc/hostname"})):
            with self.subTest(attachment):
                self.refused({**GOOD, "attachments": [attachment]}, f"msg.attachments[0].{member}")
        self.refused({**GOOD, "envelope": {"from": "a@example.test", "to": "eve@example.test"}}, "msg.envelope")
        self.nothing_arrived()


class Paths(OnAnInbox):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.root, cls.outside = (os.path.join(os.path.realpath(scratch.name), name) for name in ("root", "outside"))
        for folder in (cls.root, cls.outside):
            os.mkdir(folder)
            with open(os.path.join(folder, "numbers.csv"), "w", encoding="utf-8") as file:
                file.write(f"{os.path.basename(folder)},30\n")
        os.symlink(cls.outside, os.path.join(cls.root, "link"))
        os.symlink(os.path.join(cls.outside, "numbers.csv"), os.path.join(cls.root, "linked.csv"))
        cls.settings = {"mailSend": {"roots": [cls.root]}}
        super().setUpClass()

    def test_a_file_below_a_folder_that_the_administrator_gave_is_sent(self):
        _, files = self.arrived({**GOOD, "attachments": [{"path": os.path.join(self.root, "numbers.csv")}]})
        self.assertEqual(b"root,30\n", files["numbers.csv"].get_payload(decode=True))

    def test_no_file_outside_is_sent_by_whatever_way(self):
        for path in (os.path.join(self.outside, "numbers.csv"), os.path.join(self.root, "..", "outside", "numbers.csv"),
                     os.path.join(self.root, "link", "numbers.csv"), os.path.join(self.root, "linked.csv"), "/etc/passwd",
                     "../outside/numbers.csv", "file:///etc/passwd"):
            with self.subTest(path):
                told = self.refused({**GOOD, "attachments": [{"path": path}]})
                self.assertEqual("input", told["error"]["stage"])
        self.nothing_arrived()


class Headers(OnAnInbox):
    GIVEN = {**{name: "secret" for name in NEVER}, "X-Room": "7"}

    def test_none_is_sent_unless_the_box_is_ticked(self):
        message, _ = self.arrived({**GOOD, "headers": self.GIVEN})
        self.assertIsNone(message["X-Room"])
        self.assertNotIn(b"secret", self.inbox.messages()[0])

    def test_with_the_box_those_of_a_mail_are_sent_and_those_of_a_transfer_never(self):
        self.deploy(use_headers=True)
        port, msg = self.sent({**GOOD, "headers": self.GIVEN})
        self.assertEqual(("accepted", ["bob@example.test"]), (port, msg["mail"]["accepted"]))
        self.assertEqual("7", letter(self.inbox.messages()[0])["X-Room"])
        self.assertNotIn(b"secret", self.inbox.messages()[0])
        for name in NEVER:
            self.assertTrue([text for text in msg["mail"]["warnings"] if name.strip() in text], name)

    def test_a_line_break_in_a_header_is_refused(self):
        self.deploy(use_headers=True)
        self.refused({**GOOD, "headers": {"X-Room": "7\r\nBcc: eve@example.test"}}, "headers")
        self.refused({**GOOD, "headers": {"X-Room\r\nBcc": "eve@example.test"}}, "headers")
        self.refused({**GOOD, "topic": "Files\r\nBcc: eve@example.test"}, "subject")
        self.nothing_arrived()


if __name__ == "__main__":
    main()
