"""Every operation through `wfc`, and what a host may rely on: refusals, cancelling, a component that was moved."""

import argparse
import contextlib
import email
import email.policy
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from invoke import ROOT, Inbox, Wfc

ARGUMENTS = None
MESSAGE = {"to": ["Bob <bob@example.test>"], "cc": "carol@example.test", "bcc": ["dave@example.test"],
           "subject": "日報", "text": "Hello", "html": "<p>Hello</p>"}


def manifest(name):
    with open(os.path.join(ROOT, "manifests", name), encoding="utf-8") as file:
        return json.load(file)


class Preview(unittest.TestCase):
    def test_shows_the_message_and_connects_nowhere(self):
        wfc = Wfc(ARGUMENTS.build)
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.setblocking(False)
            settings = {"server": {"kind": "custom", "host": "127.0.0.1", "port": server.getsockname()[1],
                                   "security": "none"}, "auth": {"method": "none"}, "from": "Alice <alice@example.test>"}
            message = {**MESSAGE, "attachments": [{"path": "report.csv"}]}
            with wfc.started("preview", settings, message, files={"report.csv": b"a;b\r\n"},
                             options=("--save-blob", "message.eml=saved.eml")) as running:
                result = running.result()
                self.assertEqual((0, "succeeded"), (result.code, result.document["outcome"]), str(result))
                with open(os.path.join(running.directory, "saved.eml"), "rb") as file:
                    saved = file.read()
            with self.assertRaises(BlockingIOError, msg="it connected all the same"):
                server.accept()
        preview = result.document["preview"]
        self.assertEqual({"from": "alice@example.test",
                          "to": ["bob@example.test", "carol@example.test", "dave@example.test"]}, preview["envelope"])
        self.assertEqual(len(saved), preview["size"])
        headers = {header["name"]: header["value"] for header in preview["headers"]}
        self.assertEqual(result.document["message_id"], headers["Message-ID"])
        self.assertNotIn("Bcc", headers)
        self.assertNotIn(b"dave@", saved)
        for name in headers:
            self.assertIn(b"\r\n" + name.encode() + b":", b"\r\n" + saved)
        types = [part["type"] for part in preview["parts"]]
        for wanted in ("multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/csv"):
            self.assertIn(wanted, [kind.split(";")[0] for kind in types])
        self.assertIn("report.csv", [part.get("name") for part in preview["parts"]])


class TestConnection(unittest.TestCase):
    def test_reports_every_stage_and_sends_nothing(self):
        with Inbox(ARGUMENTS.build) as inbox:
            settings = inbox.settings(tls={"ca_file": os.path.join(inbox.store, "ca.pem")}, auth={
                "method": "password", "username": "alice", "password": {"$secret": "p"}})
            settings["server"].update(host="localhost", security="starttls")
            result = Wfc(ARGUMENTS.build).invoke("test-connection", settings, {}, {"p": "x"},
                                                 options=("--root", inbox.store))
            self.assertEqual((0, "succeeded"), (result.code, result.document["outcome"]), str(result))
            stages = [row["stage"] for row in result.document["report"]]
            self.assertEqual(["resolve", "greeting", "ehlo", "starttls", "tls", "ehlo", "auth", "mail", "rcpt"],
                             [stage for stage in stages if stage != "connect"])
            self.assertIn("connect", stages)
            self.assertLessEqual({row["verdict"] for row in result.document["report"]}, {"ok", "warning"})
            self.assertEqual([], inbox.messages())

    def test_names_the_stage_that_failed_and_skips_the_rest(self):
        with Inbox(ARGUMENTS.build, "ehlo reply 554 5.3.2 Closed today\n") as inbox:
            result = Wfc(ARGUMENTS.build).invoke("test-connection", inbox.settings(), {})
        self.assertEqual((4, "failed"), (result.code, result.document["outcome"]), str(result))
        verdicts = {row["stage"]: row for row in result.document["report"]}
        self.assertEqual("ok", verdicts["greeting"]["verdict"])
        self.assertEqual("failed", verdicts["ehlo"]["verdict"])
        self.assertEqual(["554 5.3.2 Closed today"], verdicts["ehlo"]["error"]["smtp"]["lines"])
        self.assertEqual(result.document["error"]["id"], verdicts["ehlo"]["error"]["id"])


class SendTest(unittest.TestCase):
    def test_sends_one_message_that_says_where_it_comes_from_and_reports_every_stage(self):
        with Inbox(ARGUMENTS.build) as inbox:
            settings = inbox.settings(language="ja")
            result = Wfc(ARGUMENTS.build).invoke("send-test", settings, {"to": "bob@example.test"})
            self.assertEqual((0, "accepted"), (result.code, result.document["outcome"]), str(result))
            self.assertEqual(["resolve", "connect", "greeting", "ehlo", "mail", "rcpt", "data", "dot"],
                             [row["stage"] for row in result.document["report"]])
            message = email.message_from_bytes(inbox.messages()[0], policy=email.policy.default)
            self.assertEqual("bob@example.test", message["to"])
            self.assertIn("テスト", message["subject"])
            self.assertIn(str(settings["server"]["port"]), message.get_content())
            self.assertEqual(result.document["message_id"], message["message-id"])

    def test_names_the_stage_that_failed_and_explains_it(self):
        with Inbox(ARGUMENTS.build, "rcpt reply 550 5.1.1 No such user\n") as inbox:
            result = Wfc(ARGUMENTS.build).invoke("send-test", inbox.settings(), {"to": "bob@example.test"})
            self.assertEqual((3, "rejected"), (result.code, result.document["outcome"]), str(result))
            rows = {row["stage"]: row for row in result.document["report"]}
            self.assertEqual(("ok", "failed", "skipped"), tuple(rows[stage]["verdict"] for stage in ("mail", "rcpt", "dot")))
            self.assertIn("550 5.1.1 No such user", rows["rcpt"]["text"])
            self.assertEqual([], inbox.messages())


class Validate(unittest.TestCase):
    def validate(self, secret, **settings):
        result = Wfc(ARGUMENTS.build).invoke("validate", settings, {}, {"p": secret})
        self.assertEqual((0, "succeeded"), (result.code, result.document["outcome"]), str(result))
        return {problem["pointer"]: (problem["severity"], problem["message"]) for problem in result.document["problems"]}

    def test_finds_nothing_in_a_sound_account(self):
        auth = {"method": "password", "username": "alice@gmail.com", "password": {"$secret": "p"}}
        self.assertEqual({}, self.validate("abcd efgh ijkl mnop", server={"kind": "preset", "provider": "gmail"}, auth=auth,
                                           **{"from": "alice@gmail.com"}))

    def test_tells_what_will_fail_at_night(self):
        auth = {"method": "password", "username": "alice@contoso.test", "password": {"$secret": "p"}}
        problems = self.validate("hunter2", server={"kind": "preset", "provider": "microsoft365"}, auth=auth,
                                 network={"ehlo_name": "localhost"}, **{"from": "alice@contoso.test"})
        self.assertEqual({"/auth/method", "/network/ehlo_name"}, set(problems))
        self.assertIn("2026", problems["/auth/method"][1])
        gmail = self.validate("hunter2", server={"kind": "custom", "host": "smtp.gmail.com", "port": 465,
                                                 "security": "starttls"},
                              auth={**auth, "username": "alice@gmail.com"}, **{"from": "alice@gmail.com"})
        self.assertEqual({"/server/security", "/auth/password"}, set(gmail))


class Describe(unittest.TestCase):
    def describe(self, *arguments):
        wfc = Wfc(ARGUMENTS.build)
        return subprocess.run([wfc.tool, "describe", *arguments, "--components", wfc.components], check=True,
                              capture_output=True, text=True, timeout=60).stdout

    def settings(self, schema, prefix=""):
        """The pointers of all settings."""
        for name, member in schema.get("properties", {}).items():
            yield prefix + "/" + name
            yield from self.settings(member, prefix + "/" + name)
            for variant in member.get("oneOf", []):
                yield from self.settings(variant, prefix + "/" + name)

    def test_names_every_setting_secret_and_operation_in_both_languages(self):
        texts = {language: manifest(f"text/{language}.json") for language in ("en", "ja")}
        for language, text in texts.items():
            shown = self.describe("mail-send", "--language", language)
            for operation in manifest("component.json")["operations"]:
                self.assertIn(operation["id"], shown)
            for pointer in self.settings(manifest("settings.schema.json")):
                if not pointer.startswith(("/format", "/message/")) and "$secret" not in pointer:
                    self.assertIn(pointer.split("/")[-1], shown, f"{language}: {pointer}")
            self.assertIn("WFC_SECRET_", shown)
            self.assertIn(text["component"], shown)
        self.assertNotEqual(texts["en"]["component"], texts["ja"]["component"])

    def test_the_list_names_component_version_and_operations(self):
        shown = self.describe()
        version = manifest("component.json")["version"]
        self.assertIn(f"mail-send {version}", shown)
        tool = subprocess.run([Wfc(ARGUMENTS.build).tool, "--version"], check=True, capture_output=True, text=True)
        self.assertEqual(f"wfc {version}", tool.stdout.strip())


class Hosts(unittest.TestCase):
    def test_may_forbid_private_addresses(self):
        with Inbox(ARGUMENTS.build) as inbox:
            result = Wfc(ARGUMENTS.build).invoke("send", inbox.settings(), MESSAGE, options=("--no-private-addresses",))
            self.assertEqual((4, "egress.denied"), (result.code, result.document["error"]["id"]), str(result))
            self.assertEqual([], inbox.messages())

    def test_may_load_the_component_from_a_copy_elsewhere(self):
        wfc = Wfc(ARGUMENTS.build)
        with Inbox(ARGUMENTS.build) as inbox, tempfile.TemporaryDirectory() as elsewhere:
            shutil.copytree(os.path.join(wfc.components, "mail-send"), os.path.join(elsewhere, "any name"))
            wfc.components = elsewhere
            result = wfc.invoke("send", inbox.settings(), MESSAGE)
            self.assertEqual(0, result.code, str(result))
            self.assertEqual(1, len(inbox.messages()))

    def test_may_cancel_with_ctrl_c_and_still_get_the_document(self):
        with Inbox(ARGUMENTS.build, "mail silence\n") as inbox:
            with Wfc(ARGUMENTS.build).started("send", inbox.settings(delivery={"pipelining": "off"}), MESSAGE,
                                                     options=("--json",)) as running:
                seen = b""
                while b'"mail"' not in seen:  # the progress of the call; then the server is silent
                    line = running.process.stderr.readline()
                    self.assertTrue(line, seen)
                    seen += line
                time.sleep(0.1)
                begun = time.monotonic()
                running.process.send_signal(signal.SIGINT)
                result = running.result()
                took = time.monotonic() - begun
        self.assertEqual((6, "cancelled"), (result.code, result.document["outcome"]), str(result))
        self.assertEqual("cancelled", result.document["error"]["id"])
        self.assertLess(took, 1.5)


class ChangingFiles(unittest.TestCase):
    """An attachment that is written to while it is sent: the message would be another than the one announced."""

    SIZE = 4 << 20

    def send(self, change):
        with Inbox(ARGUMENTS.build, "data delay 3s\n") as inbox:
            message = {**MESSAGE, "attachments": [{"path": "large.bin"}]}
            with Wfc(ARGUMENTS.build).started("send", inbox.settings(), message, files={"large.bin": bytes(self.SIZE)},
                                              options=("--json",)) as running:
                seen = b""
                while b'"data"' not in seen:  # the file is open, and its size is known; the server takes its time
                    line = running.process.stderr.readline()
                    self.assertTrue(line, seen)
                    seen += line
                with open(os.path.join(running.directory, "large.bin"), "r+b") as file:
                    change(file)
                result = running.result()
            self.assertEqual((4, "failed"), (result.code, result.document["outcome"]), str(result))
            self.assertEqual("content.size_changed", result.document["error"]["id"])
            time.sleep(0.2)
            self.assertEqual([], inbox.messages())

    def test_one_that_shrinks_is_not_sent(self):
        self.send(lambda file: file.truncate(self.SIZE // 2))

    def test_one_that_grows_is_not_sent(self):
        def grow(file):
            file.seek(0, os.SEEK_END)
            file.write(b"more")
        self.send(grow)


class Tls(unittest.TestCase):
    def test_a_server_that_only_speaks_tls_1_1_is_refused(self):
        with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
            key, certificate = (os.path.join(directory, name) for name in ("key.pem", "certificate.pem"))
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days",
                            "2", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
                           check=True, capture_output=True)
            server = subprocess.Popen(
                ["openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0",
                 "-key", key, "-cert", certificate],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            stack.callback(server.communicate)
            stack.callback(server.kill)
            port = next(line for line in server.stdout if line.startswith("ACCEPT")).rsplit(":", 1)[1]
            settings = {"server": {"kind": "custom", "host": "localhost", "port": int(port), "security": "implicit-tls"},
                        "auth": {"method": "none"}, "from": "alice@example.test", "tls": {"ca_file": "ca.pem"}}
            with open(certificate, "rb") as file:
                result = Wfc(ARGUMENTS.build).invoke("send", settings, MESSAGE, files={"ca.pem": file.read()})
        self.assertEqual((4, "failed"), (result.code, result.document["outcome"]), str(result))
        self.assertRegex(result.document["error"]["id"], r"^tls\.version_")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
