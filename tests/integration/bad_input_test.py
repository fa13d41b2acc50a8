"""Input and settings that cannot be used: refused before connecting, with the member's name and the right exit code."""

import argparse
import json
import os
import socket
import sys
import tempfile
import unittest

from invoke import Wfc

ARGUMENTS = None
INVALID_INPUT, INVALID_SETTINGS, USAGE, NO_FILE = 65, 78, 64, 66
OAUTH2 = {"method": "oauth2", "provider": "google", "grant": "refresh-token", "username": "alice@example.test",
          "client_id": "client", "client_secret": {"$secret": "client"}, "refresh_token": {"$secret": "refresh"},
          "allow_cleartext": True}
MESSAGE = {"to": "bob@example.test", "subject": "Test", "text": "Hello"}


def escaped(controls):
    """As documents show control characters, so that no terminal obeys them."""
    return "".join(f"\\x{ord(control):02X}" for control in controls)


class NothingConnects(unittest.TestCase):
    """Every call names a server that would see a connection; none may arrive."""

    def setUp(self):
        self.wfc = Wfc(ARGUMENTS.build)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        self.settings = {"server": {"kind": "custom", "host": "127.0.0.1", "port": self.server.getsockname()[1],
                                    "security": "none"},
                         "auth": {"method": "none"}, "from": "alice@example.test"}

    def tearDown(self):
        with self.assertRaises(BlockingIOError, msg="it connected all the same"):
            self.server.accept()
        self.server.close()

    def send(self, message, settings=None, **options):
        return self.wfc.invoke("send", settings or self.settings, message, **options)

    def expect(self, result, code, pointer, *words, id=None):
        self.assertEqual(result.code, code, str(result))
        error = result.document["error"]
        self.assertEqual(error.get("pointer", ""), pointer, str(result))
        self.assertEqual(error["id"], id or ("input.invalid" if code == INVALID_INPUT else "settings.invalid"))
        self.assertTrue(error["message"].startswith("MailSend: failed to send mail: "), error["message"])
        for word in words:
            self.assertIn(word, error["message"])
        self.assertTrue(error["explanation"]["steps"], "no step says what to do")


class BadInput(NothingConnects):
    """Members that cannot be used."""

    def test_line_breaks_and_nul_are_refused_wherever_they_would_reach_the_wire(self):
        for bad in ("\r\n", "\n", "\r", "\0"):
            injected = f"x{bad}RCPT TO:<victim@example.test>"
            cases = {"/to": {"to": f"bob{bad}@example.test"},
                     "/cc/0": {"cc": [f"bob@example.test{bad}"]},
                     "/bcc/0": {"bcc": [f"bob{bad}@example.test"]},
                     "/reply_to": {"reply_to": f"Help{bad} <help@example.test>"},
                     "/sender": {"sender": f"alice@example.test{bad}"},
                     "/from": {"from": f"Alice{bad} <alice@example.test>"},
                     "/subject": {"subject": injected},
                     "/headers/X-Flow": {"headers": {"X-Flow": injected}},
                     f"/headers/X{escaped(bad)}Y": {"headers": {f"X{bad}Y": "1"}},
                     "/attachments/0/name": {"attachments": [{"blob": "b", "name": injected}]},
                     "/attachments/0/content_id": {"html": "x", "attachments": [{"blob": "b", "content_id": injected}]},
                     "/attachments/0/type": {"attachments": [{"blob": "b", "type": f"text/plain{bad}X: y"}]}}
            for pointer, change in cases.items():
                with self.subTest(pointer=pointer, bad=bad):
                    self.expect(self.send({**MESSAGE, **change}), INVALID_INPUT, pointer)

    def test_line_breaks_in_settings_are_refused(self):
        for pointer, (section, member) in {"/server/host": ("server", "host"), "/network/ehlo_name": ("network", "ehlo_name")}.items():
            settings = json.loads(json.dumps(self.settings))
            settings.setdefault(section, {})[member] = "mail.example.test\r\nQUIT"
            with self.subTest(pointer=pointer):
                self.expect(self.send(MESSAGE, settings), INVALID_SETTINGS, pointer)
        settings = dict(self.settings, auth={"method": "password", "username": "a\r\nb", "password": {"$secret": "p"},
                                             "allow_cleartext": True})
        self.expect(self.send(MESSAGE, settings, secrets={"p": "x"}), INVALID_SETTINGS, "/auth/username")

    def test_line_breaks_and_nul_are_refused_in_the_name_that_ehlo_says(self):
        for bad in ("\0", "\r", "\n"):
            for name in (bad, f"mail{bad}.example.test", f"mail.example.test{bad}"):
                with self.subTest(name=name):
                    self.expect(self.send(MESSAGE, {**self.settings, "network": {"ehlo_name": name}}),
                                INVALID_SETTINGS, "/network/ehlo_name")

    def test_settings_too_large_or_too_deep_are_refused(self):
        self.expect(self.send(MESSAGE, {**self.settings, "from": "x" * 100_000_000}), INVALID_SETTINGS, "", "larger")
        deep = json.dumps(self.settings)[:-1] + ', "message": ' + "[" * 10_000 + "]" * 10_000 + "}"
        result = self.send(MESSAGE, files={"settings.json": deep.encode()})
        self.expect(result, INVALID_SETTINGS, "", "deep")

    def test_a_message_needs_a_recipient(self):
        self.expect(self.send({"subject": "x", "text": "y"}), INVALID_INPUT, "/to", "cc", "bcc")
        self.expect(self.send({"to": [], "cc": [], "bcc": [], "text": "y"}), INVALID_INPUT, "/to")

    def test_an_address_that_is_none_is_named_by_its_place(self):
        self.expect(self.send({**MESSAGE, "to": ["bob@example.test", "carol"]}), INVALID_INPUT, "/to/1")

    def test_misspelt_members_are_named_with_the_nearest(self):
        self.expect(self.send({**MESSAGE, "subjct": "x"}), INVALID_INPUT, "/subjct", 'did you mean "subject"')
        settings = dict(self.settings, servr={})
        self.expect(self.send(MESSAGE, settings), INVALID_SETTINGS, "/servr", 'did you mean "server"')

    def test_wrong_types_are_named(self):
        self.expect(self.send({**MESSAGE, "subject": 5}), INVALID_INPUT, "/subject", "string")
        settings = dict(self.settings, server=dict(self.settings["server"], port=[25]))
        self.expect(self.send(MESSAGE, settings), INVALID_SETTINGS, "/server/port")

    def test_content_ids_are_given_once(self):
        twice = [{"blob": "a", "content_id": "x"}, {"blob": "b", "content_id": "x"}]
        self.expect(self.send({**MESSAGE, "html": "x", "attachments": twice}), INVALID_INPUT, "/attachments/1/content_id")

    def test_a_bare_password_is_refused_and_never_repeated(self):
        settings = dict(self.settings, auth={"method": "password", "username": "alice", "password": "hunter2-canary"})
        result = self.send(MESSAGE, settings)
        self.expect(result, INVALID_SETTINGS, "/auth/password", "$secret")
        self.assertNotIn("hunter2-canary", result.output + result.log)

    def test_a_secret_the_host_lacks_is_named_before_connecting(self):
        settings = dict(self.settings, auth={"method": "password", "username": "alice", "allow_cleartext": True,
                                             "password": {"$secret": "no-such"}})
        result = self.send(MESSAGE, settings)
        self.assertEqual(result.code, INVALID_SETTINGS, str(result))
        self.assertEqual(result.document["error"]["id"], "secret.missing")
        self.assertIn("WFC_SECRET_NO_SUCH", result.log, "the hint names the variable to set")

    def test_a_password_in_clear_needs_a_second_setting(self):
        settings = dict(self.settings, auth={"method": "password", "username": "alice", "password": {"$secret": "p"}})
        self.expect(self.send(MESSAGE, settings, secrets={"p": "x"}), INVALID_SETTINGS, "/auth/allow_cleartext")

    def test_a_key_that_is_none_is_named(self):
        for key, says in {"": "is empty", "k" * 257: "longer than 256", "a\nb": "line break"}.items():
            self.expect(self.send({**MESSAGE, "idempotency_key": key}), INVALID_INPUT, "/idempotency_key", says)
        self.expect(self.send({**MESSAGE, "on_unknown": "resent"}), INVALID_INPUT, "/on_unknown", "resend")

    def test_what_is_wrong_with_delivery_is_named(self):
        for member, value, says in (("ledger", "yes", "must be one of"), ("ledger_retention", "401d", "longer than 400d"),
                                    ("attempts", 11, "between 1 and 10"), ("on_unknown", "retry", "must be one of")):
            self.expect(self.send(MESSAGE, {**self.settings, "delivery": {member: value}}), INVALID_SETTINGS,
                        f"/delivery/{member}", says)
        self.expect(self.send(MESSAGE, {**self.settings, "delivery": {"limits": {"messages_per_day": 0}}}), INVALID_SETTINGS,
                    "/delivery/limits/messages_per_day", "between 1 and 1000000")

    def test_what_only_some_grants_need_is_checked_at_once(self):
        without_client = {name: value for name, value in OAUTH2.items() if name != "client_id"}
        self.expect(self.send(MESSAGE, {**self.settings, "auth": without_client}), INVALID_SETTINGS, "/auth/client_id")
        self.expect(self.send(MESSAGE, {**self.settings, "delivery": {"max_connections": 0}}), INVALID_SETTINGS,
                    "/delivery/max_connections", "1")

    def test_a_template_that_cannot_be_rendered_is_refused_before_connecting(self):
        settings = {**self.settings, "templates": {"Code": {"subject": "Code", "text": "{{code}}"}}}
        self.expect(self.send({"to": "bob@example.test", "template": "Kode"}, settings), INVALID_INPUT, "/template", "Code")
        self.expect(self.send({"to": "bob@example.test", "template": "Code", "payload": {}}, settings), INVALID_INPUT,
                    "/payload/code", "code")
        self.expect(self.send(MESSAGE, {**self.settings, "templates": {"Code": {"text": "{{> partial}}"}}}),
                    INVALID_SETTINGS, "/templates/Code/text")

    def test_documents_too_large_or_too_deep_are_refused(self):
        self.expect(self.send({**MESSAGE, "text": "x" * 100_000_000}), INVALID_INPUT, "", "larger")
        text = json.dumps(MESSAGE)[:-1] + ', "payload": ' + "[" * 10_000 + "]" * 10_000 + "}"
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "deep.json")
            with open(path, "w") as file:
                file.write(text)
            result = self.wfc.invoke("send", self.settings, {}, options=("--input", path))
        self.expect(result, INVALID_INPUT, "", "deep")

    def test_duplicate_members_and_syntax_errors_are_refused(self):
        for text, words in (('{"to": "a@example.test", "to": "b@example.test"}', "twice"), ('{"to": ', "JSON")):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.write(text)
                file.flush()
                result = self.wfc.invoke("send", self.settings, {}, options=("--input", file.name))
            self.assertEqual(result.code, INVALID_INPUT, str(result))
            self.assertIn(words, result.document["error"]["message"])


class BadFiles(NothingConnects):
    """Attachments by path: only regular files beneath the roots."""

    def attach(self, path, **options):
        return self.send({**MESSAGE, "attachments": [{"path": path}]}, **options)

    def test_a_missing_file_is_named(self):
        self.expect(self.attach("no-such.pdf"), INVALID_INPUT, "/attachments/0/path", "no-such.pdf", "not found")

    def test_a_missing_blob_is_named(self):
        self.expect(self.send({**MESSAGE, "attachments": [{"blob": "chart"}]}), INVALID_INPUT, "/attachments/0/blob", "chart")

    def test_what_is_no_regular_file_beneath_the_roots_is_refused(self):
        with tempfile.TemporaryDirectory() as root, tempfile.NamedTemporaryFile() as outside:
            os.mkfifo(os.path.join(root, "fifo"))
            os.mkdir(os.path.join(root, "folder"))
            os.symlink(outside.name, os.path.join(root, "link-out"))
            os.symlink("/dev/zero", os.path.join(root, "device"))
            os.symlink("/proc/self/environ", os.path.join(root, "environment"))
            for path in ("fifo", "folder", "link-out", "device", "environment", outside.name, "../" + outside.name,
                         "/dev/zero", "/proc/self/environ", "/etc/passwd"):
                with self.subTest(path=path):
                    self.expect(self.attach(path, options=("--root", root)), INVALID_INPUT, "/attachments/0/path")

    def test_a_ca_file_that_cannot_be_used_is_named(self):
        for content, word in ((None, "not found"), (b"not a certificate", "/tls/ca_file")):
            settings = dict(self.settings, tls={"ca_file": "ca.pem"},
                            server={**self.settings["server"], "security": "starttls"})
            files = {} if content is None else {"ca.pem": content}
            self.expect(self.send(MESSAGE, settings, files=files), INVALID_SETTINGS, "/tls/ca_file", word,
                        id="tls.ca_file")


class WrongUsage(NothingConnects):
    """Exit codes of the command itself."""

    def test_an_unknown_operation_is_wrong_usage(self):
        result = self.wfc.invoke("sned", self.settings, MESSAGE)
        self.assertEqual(result.code, USAGE, str(result))
        self.assertIn("send", result.log)

    def test_a_file_that_cannot_be_read_is_named(self):
        result = self.wfc.invoke("send", self.settings, MESSAGE, options=("--settings", "no-such.json"))
        self.assertEqual(result.code, NO_FILE, str(result))
        self.assertIn("no-such.json", result.log)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
