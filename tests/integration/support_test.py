"""`wfc invoke --support`: what the archive holds after a call that failed, and what it never holds."""

import base64
import json
import os
import socket
import stat
import sys
import tempfile
import time
import urllib.parse
import zipfile

from invoke import Inbox
from oauth.accounts import Accounts, main
from oauth.token_server import TokenServer, refusal, tokens
from secrets_rig import forms

PASSWORD = "C4nary pa55word+of/Alice=7f3e"
CLIENT = "C4nary-client-secret-91b7"
REFRESH = "C4nary-refresh-token-5d02"
ACCESS = "C4nary-access-token-77aa"
BODY = "C4nary-words-of-the-message-0b51"
MESSAGE = {"to": ["Bob <bob@example.test>", "carol@other.test"], "subject": BODY + "-subject", "text": BODY,
           "html": f"<p>{BODY}</p>"}
MEMBERS = {"README.txt", "result.json", "transcript.jsonl", "progress.jsonl", "settings.json", "versions.json", "call.json"}
LOGS = ((), ("--verbose",), ("--json", "--verbose"))


def every_form(secret):
    yield from forms(secret)
    yield urllib.parse.quote(secret).encode()
    yield urllib.parse.quote_plus(secret).encode()
    yield base64.b64encode(b"\0alice@example.test\0" + secret.encode()).rstrip(b"=")[:-2]
    yield json.dumps(secret)[1:-1].encode()


class Bundle:
    """An archive that was read."""

    def __init__(self, path):
        self.mode = stat.S_IMODE(os.stat(path).st_mode)
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            self.dates = {info.filename: info.date_time for info in archive.infolist()}
            self.files = {name: archive.read(name) for name in archive.namelist()}

    def json(self, name):
        return json.loads(self.files[name])

    def lines(self, name):
        return [json.loads(line) for line in self.files[name].decode().splitlines()]

    def dialogue(self):
        return [line["fields"]["line"] for line in self.lines("transcript.jsonl") if "line" in line["fields"]]


class Support(Accounts):
    def failing(self, settings, message=None, secrets=None, options=(), operation="send"):
        """The result, and the Bundle that it left, or None. Nothing else is left."""
        with self.wfc.started(operation, settings, MESSAGE if message is None else message, secrets,
                              options=("--support", "ticket.zip", *options)) as running:
            before = set(os.listdir(running.directory))
            result = running.result()
            path = os.path.join(running.directory, "ticket.zip")
            self.assertEqual(set(), set(os.listdir(running.directory)) - before - {"ticket.zip"})
            bundle = Bundle(path) if os.path.exists(path) else None
        self.assertEqual(1, result.log.count("ticket.zip" if bundle else "--support"), result.log)
        return result, bundle

    def password_account(self, inbox, **more):
        return inbox.settings(auth={"method": "password", "username": "alice@example.test", "mechanism": "PLAIN",
                                    "password": {"$secret": "alice"}, "allow_cleartext": True}, **more)

    def assert_silent(self, canaries, result, bundle):
        seen = {**bundle.files, "stdout": result.output.encode(), "stderr": result.log.encode()}
        for canary in canaries:
            for form in every_form(canary):
                for name, content in seen.items():
                    self.assertNotIn(form, content, f"{canary} stands in {name}")

    def assert_whole(self, bundle):
        self.assertEqual(0o600, bundle.mode)
        self.assertEqual(MEMBERS, set(bundle.files))
        for name, date in bundle.dates.items():
            self.assertLess(abs(time.mktime((*date, 0, 0, 0)) - time.time()), 2 * 86400, name)
        call = bundle.json("call.json")
        for name in ("began", "ended"):
            self.assertRegex(call[name], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        for line in bundle.lines("transcript.jsonl"):
            self.assertRegex(line["time"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        versions = bundle.json("versions.json")
        self.assertEqual("mail-send", versions["component"]["type"])
        for name in ("wfc", "abi", "system", "kernel", "libc", "architecture", "time", "zone", "locale", "libraries"):
            self.assertTrue(versions[name], name)
        self.assertIn("person-N", bundle.files["README.txt"].decode())
        everything = b"".join(content for name, content in bundle.files.items() if name != "README.txt")
        for word in (b"alice@", b"bob@", b"carol@", b"alice%40", socket.gethostname().encode() + b'"'):
            self.assertNotIn(word, everything)

    def wrong_password(self, script=""):
        users = self.temporary() + "/users.json"
        with open(users, "w", encoding="utf-8") as file:
            json.dump({"alice@example.test": "another"}, file)
        return Inbox(self.build, script, ["--users", users, "--auth-in-clear"])

    def test_a_wrong_password_leaves_the_dialogue_and_no_secret_at_any_log_level(self):
        with self.wrong_password("auth reply 535 5.7.8 Authentication failed\\n5.7.8 See the manual") as inbox:
            for log in LOGS:
                with self.subTest(log):
                    result, bundle = self.failing(self.password_account(inbox), secrets={"alice": PASSWORD}, options=log)
                    self.assertEqual(4, result.code, str(result))
                    self.assert_whole(bundle)
                    self.assert_silent((PASSWORD, BODY), result, bundle)
                    dialogue = "\n".join(bundle.dialogue())
                    for words in ("250-PIPELINING", "AUTH PLAIN", "535-5.7.8 Authentication failed", "535 5.7.8 See the"):
                        self.assertIn(words, dialogue)
                    self.assertEqual("failed", bundle.json("result.json")["outcome"])
                    self.assertEqual({"$secret": "alice"}, bundle.json("settings.json")["auth"]["password"])
                    self.assertEqual(4, bundle.json("call.json")["exit_code"])
                    self.assertEqual({"to", "subject", "text", "html"}, set(bundle.json("call.json")["input"]["members"]))

    def test_a_server_that_repeats_the_password_is_not_quoted(self):
        said = [PASSWORD, urllib.parse.quote(PASSWORD), base64.b64encode(b"\0a\0" + PASSWORD.encode()).decode(),
                PASSWORD.encode().hex(), json.dumps({"password": PASSWORD})]
        with self.wrong_password("auth reply 535 5.7.8 " + "\\n5.7.8 ".join(said)) as inbox:
            result, bundle = self.failing(self.password_account(inbox), secrets={"alice": PASSWORD})
        self.assertEqual(4, result.code, str(result))
        self.assertIn("[secret]", "\n".join(bundle.dialogue()))
        for form in every_form(PASSWORD):
            for name, content in bundle.files.items():
                self.assertNotIn(form, content, name)

    def test_refusals_of_people_and_content_name_neither(self):
        for script, code, words in (("rcpt reply 550 5.1.1 <bob@example.test> is unknown; ask bob=40example.test", 3,
                                     "550 5.1.1 <person-"),
                                    ("dot reply 554 5.7.1 It looks like spam", 3, "554 5.7.1 It looks like spam"),
                                    ("rcpt <bob@example.test> reply 550 5.1.1 No such user", 2, "550 5.1.1 No such user"),
                                    ("dot cut", 5, "BDAT 0 LAST")):
            with self.subTest(script), Inbox(self.build, script) as inbox:
                result, bundle = self.failing(inbox.settings(message={"reply_to": ["dora@example.test"]}))
                self.assertEqual(code, result.code, str(result))
                self.assert_whole(bundle)
                self.assert_silent((BODY,), result, bundle)
                self.assertIn(words, "\n".join(bundle.dialogue()))
                settings = bundle.json("settings.json")
                self.assertEqual("(left out)", settings["message"])
                person = settings["from"].split("@")[0]
                self.assertRegex(person, r"^person-\d+$")
                self.assertIn(f"<{person}@example.test>", "\n".join(bundle.dialogue()))

    def test_a_sign_in_that_fails_leaves_no_token(self):
        canaries = (CLIENT, REFRESH, ACCESS, BODY)
        given = {"client": CLIENT, "refresh_token": REFRESH}
        says = f"client {CLIENT} with {urllib.parse.quote(REFRESH)}"
        for answer in (refusal("invalid_grant", error_description="Token has been expired or revoked."),
                       refusal("invalid_client", 401, error_description="Unknown client"), tokens(ACCESS)):
            with self.subTest(answer[2]), TokenServer(answer) as server, self.inbox("another token") as inbox:
                self.move()
                settings = self.account(inbox, server, "refresh-token")
                for log in LOGS:
                    result, bundle = self.failing(settings, secrets=given, options=log)
                    self.assertEqual(4, result.code, str(result))
                    self.assert_whole(bundle)
                    self.assert_silent(canaries, result, bundle)
                self.assertEqual({"$secret": "client"}, bundle.json("settings.json")["auth"]["client_secret"])
        with TokenServer(refusal("invalid_grant", error_description=says)) as server, self.inbox() as inbox:
            self.move()
            _, bundle = self.failing(self.account(inbox, server, "refresh-token"), secrets=given)
        for canary in canaries:
            for form in every_form(canary):
                self.assertNotIn(form, b"".join(bundle.files.values()))

    def test_settings_and_input_that_are_refused_leave_an_archive_without_what_was_wrong_in_them(self):
        with Inbox(self.build) as inbox:
            settings = self.password_account(inbox)
            settings["auth"]["password"] = PASSWORD
            settings["pasword"] = PASSWORD
            result, bundle = self.failing(settings)
            self.assertEqual(78, result.code, str(result))
            self.assert_whole(bundle)
            self.assert_silent((PASSWORD, BODY), result, bundle)
            self.assertEqual("(left out)", bundle.json("settings.json")["auth"]["password"])
            self.assertEqual("(left out)", bundle.json("settings.json")["pasword"])
            result, bundle = self.failing(inbox.settings(), {**MESSAGE, "attachments": 5})
            self.assertEqual(65, result.code, str(result))
            self.assert_silent((BODY,), result, bundle)
            self.assertEqual("number", bundle.json("call.json")["input"]["members"]["attachments"]["type"])

    def test_success_writes_nothing_and_says_so(self):
        with Inbox(self.build) as inbox:
            result, bundle = self.failing(inbox.settings())
        self.assertEqual((0, None), (result.code, bundle))
        self.assertIn("nothing was written", result.log)

    def test_only_a_regular_file_is_replaced_and_that_is_found_out_before_the_call(self):
        with Inbox(self.build, "mail reply 550 No") as inbox, tempfile.TemporaryDirectory() as folder:
            there, link, missing = (os.path.join(folder, name) for name in ("there.zip", "link.zip", "no/a.zip"))
            with open(there, "w", encoding="utf-8") as file:
                file.write("PK an older one")
            os.chmod(there, 0o644)
            os.symlink(there, link)
            for refused in (link, folder, missing):
                result = self.wfc.invoke("send", inbox.settings(), MESSAGE, options=("--support", refused))
                self.assertEqual((66, None), (result.code, result.document), str(result))
            self.assertEqual(len("PK an older one"), os.path.getsize(there))
            result = self.wfc.invoke("send", inbox.settings(), MESSAGE, options=("--support", there))
            self.assertEqual(3, result.code, str(result))
            self.assert_whole(Bundle(there))
            self.assertEqual(["link.zip", "there.zip"], sorted(os.listdir(folder)))


if __name__ == "__main__":
    main()
