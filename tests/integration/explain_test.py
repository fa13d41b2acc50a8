"""`explain` through `wfc`: for people and for programs, without settings and with them. Arguments: --build DIR."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest

from invoke import Result, sanitizer_options

ARGUMENTS = None
DISABLED = ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. "
            "[X.prod.outlook.com]")
SETTINGS = {"server": {"kind": "custom", "host": "127.0.0.1", "port": 1, "security": "none"}, "auth": {"method": "none"},
            "from": "alice@example.test"}


class Explain(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.home = os.path.join(self.folder, "home")

    def wfc(self, *arguments, text=None, language="C.UTF-8"):
        environment = {"PATH": "/nowhere", "HOME": self.folder, "WFC_HOME": self.home, "LANG": language, **sanitizer_options(),
                       "WFC_COMPONENTS": os.path.join(ARGUMENTS.build, "components")}
        text = text.encode() if isinstance(text, str) else text
        stdin = {"stdin": subprocess.DEVNULL} if text is None else {"input": text}
        return subprocess.run([os.path.join(ARGUMENTS.build, "wfc"), *arguments], cwd=self.folder, env=environment,
                              capture_output=True, timeout=60, check=False, **stdin)

    def file(self, name, document):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
        return path

    def test_tells_people_what_to_do(self):
        ended = self.wfc("explain", DISABLED)
        self.assertEqual((0, b""), (ended.returncode, ended.stderr))
        lines = ended.stdout.decode().splitlines()
        self.assertIn("1. ", "".join(line[:3] for line in lines))
        self.assertIn("Who must act  the administrator of the organisation", lines)
        self.assertIn("Try again     after the steps above", lines)
        self.assertIn("Id            outlook.auth.smtp_disabled_tenant", lines)
        self.assertNotIn(b"\x1b", ended.stdout)
        self.assertFalse(os.path.exists(self.home), "nothing is kept of it")

    def test_takes_the_text_as_words_from_a_pipe_and_behind_the_component(self):
        wanted = self.wfc("explain", DISABLED).stdout
        for arguments, text in ((DISABLED.split(), None), (["mail-send", DISABLED], None), ([DISABLED, "--type", "mail-send"], None),
                                (["-"], DISABLED), ([], DISABLED + "\n"), (["mail-send"], DISABLED), (["mail-send", "-"], DISABLED)):
            ended = self.wfc("explain", *arguments, text=text)
            self.assertEqual((0, wanted), (ended.returncode, ended.stdout), str(ended))

    def test_speaks_japanese_where_the_terminal_does(self):
        for more, language in (((), "ja_JP.UTF-8"), (("--language", "ja"), "C.UTF-8")):
            ended = self.wfc("explain", DISABLED, *more, language=language)
            self.assertIn("対応する人", ended.stdout.decode())
        self.assertIn("Who must act", self.wfc("explain", DISABLED, language="de_DE.UTF-8").stdout.decode())

    def test_prints_the_document_alone_for_programs(self):
        ended = self.wfc("explain", "--json", "535 Authentication Failed", "--provider", "zoho", "--stage", "auth")
        result = Result(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
        self.assertEqual((0, "succeeded", "zoho.auth.failed", ""),
                         (result.code, result.document["outcome"], result.document["explained"]["id"], result.log))

    def test_says_what_is_wrong_with_its_arguments(self):
        for arguments, code, words in (
                (["535 x", "--provider", "gmial"], 65, 'did you mean "gmail"?'), (["535 x", "--stage", "rcptt"], 65, 'did you mean "rcpt"?'),
                (["535", "--unquoted"], 64, "put the text in quotes"), ([""], 64, "there is no text to explain"),
                (["..."], 65, "/reply"), (["{" * 90_000], 65, "/reply"), (["x", "--type", "mail-sned"], 69, "mail-send")):
            ended = self.wfc("explain", *arguments)
            self.assertEqual((code, b""), (ended.returncode, ended.stdout), str(ended))
            self.assertIn(words, ended.stderr.decode())
        self.assertEqual(64, self.wfc("explain", text=b" \n").returncode)

    def test_survives_whatever_is_pasted(self):
        noise = random.Random(5).randbytes(1_000_000)
        for text in (noise, noise[:1000], b"\0" * 70_000 + b"550", b"{a" * 100_000, b"535-" * 100_000, b'{"a":' * 1000,
                     DISABLED.encode() + b"\n" + noise):
            ended = self.wfc("explain", "--json", text=text)
            result = Result(ended.returncode, ended.stdout.decode(), ended.stderr.decode("utf-8", "replace"))
            self.assertEqual((0, "succeeded"), (result.code, result.document["outcome"]), str(result))
            self.assertLess(len(ended.stdout), 400_000)
        self.assertEqual("outlook.auth.smtp_disabled_tenant", result.document["explained"]["id"])
        self.assertIn("64 KiB", result.document["warnings"][0])

    def test_says_that_nothing_was_recognised(self):
        ended = self.wfc("explain", "The weather is fine")
        self.assertEqual(0, ended.returncode)
        self.assertIn("explain.unrecognised", ended.stdout.decode())

    def test_is_an_operation_that_needs_no_settings(self):
        question = self.file("input.json", {"reply": DISABLED})
        alone = self.wfc("invoke", "mail-send", "explain", "--input", question)
        result = Result(alone.returncode, alone.stdout.decode(), alone.stderr.decode())
        self.assertEqual((0, "outlook.auth.smtp_disabled_tenant"), (result.code, result.document["explained"]["id"]))
        self.assertFalse(os.path.exists(self.home))
        # With settings it is configured, and speaks their language.
        settings = self.file("settings.json", {**SETTINGS, "language": "ja"})
        with_them = self.wfc("invoke", "mail-send", "explain", "--input", question, "--settings", settings)
        japanese = json.loads(with_them.stdout)["explained"]
        self.assertEqual(result.document["explained"]["id"], japanese["id"])
        self.assertNotEqual(result.document["explained"]["explanation"]["title"], japanese["explanation"]["title"])
        broken = self.wfc("invoke", "mail-send", "explain", "--input", question, "--settings", self.file("broken.json", {"from": 1}))
        self.assertEqual(78, broken.returncode)
        # The others are as they were.
        self.assertEqual(78, self.wfc("invoke", "mail-send", "validate").returncode)
        self.assertIn("settings: optional", self.wfc("describe", "mail-send").stdout.decode())

    def test_reads_back_what_a_failed_run_left(self):
        failed = self.wfc("invoke", "mail-send", "send", "--settings", self.file("settings.json", SETTINGS),
                          "--input", self.file("input.json", {"to": "bob@example.test", "text": "x"}))
        document = json.loads(failed.stdout)
        ended = self.wfc("explain", "--json", text=failed.stdout)
        explained = json.loads(ended.stdout)["explained"]
        for member in ("id", "stage", "class", "message"):
            self.assertEqual(document["error"][member], explained[member])
        # So does the line that people are shown.
        self.assertEqual(explained["id"], json.loads(self.wfc("explain", "--json", text=failed.stderr).stdout)["explained"]["id"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
