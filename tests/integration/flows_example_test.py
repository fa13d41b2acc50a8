"""The example flow as a whole: its accounts are ones that MailSend takes, and it does what its README says.

Arguments: --build DIR. Servers, ports and the certificate to trust are put in place of those of `example.test`; all else
is as it stands in the folder.
"""

import argparse
import contextlib
import email
import email.policy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from invoke import ROOT, Inbox, Wfc

ARGUMENTS = None
EXAMPLE = os.path.join(ROOT, "examples", "flows")
SECRETS = {"office": "an office's password", "ops": "a password of operations"}
ACCOUNTS = sorted(os.listdir(os.path.join(EXAMPLE, "accounts")))


class Accounts(unittest.TestCase):
    def test_are_settings_that_mail_send_takes(self):
        self.assertEqual(["office.json", "ops.json"], ACCOUNTS)
        for name in ACCOUNTS:
            with self.subTest(account=name), open(os.path.join(EXAMPLE, "accounts", name), encoding="utf-8") as file:
                result = Wfc(ARGUMENTS.build).invoke("validate", json.load(file), {}, SECRETS)
                self.assertEqual((0, "succeeded"), (result.code, result.document["outcome"]), str(result))
                errors = [problem for problem in result.document.get("problems", []) if problem["severity"] == "error"]
                self.assertEqual([], errors)


class Flow(unittest.TestCase):
    """A copy of the example whose accounts lead to an inbox each."""

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.flow = os.path.join(self.folder, "flows", "daily-report.json")
        shutil.copytree(EXAMPLE, os.path.dirname(self.flow))

    @contextlib.contextmanager
    def servers(self, office_script=""):
        with Inbox(ARGUMENTS.build, office_script) as office, \
                Inbox(ARGUMENTS.build, options=("--tls-port", "0")) as ops:
            self.lead_to(office, "office.json", office.port)
            with open(os.path.join(ops.scratch.name, "ready.json"), encoding="utf-8") as ready:
                self.lead_to(ops, "ops.json", json.load(ready)["tls_port"])
            yield office, ops

    def lead_to(self, inbox, name, port):
        path = os.path.join(self.folder, "flows", "accounts", name)
        authority = name.replace(".json", ".pem")
        shutil.copy(os.path.join(inbox.store, "ca.pem"), os.path.join(self.folder, "flows", authority))
        with open(path, encoding="utf-8") as file:
            account = json.load(file)
        account["server"].update(host="localhost", port=port)
        account["tls"] = {"ca_file": authority}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(account, file)

    def run_once(self, *arguments):
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "WFC_HOME": os.path.join(self.folder, "home"),
                       "WFC_COMPONENTS": os.path.join(ARGUMENTS.build, "components"),
                       **{f"WFC_SECRET_{name.upper()}": value for name, value in SECRETS.items()},
                       **{key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}}
        done = subprocess.run([os.path.join(ARGUMENTS.build, "wfc"), "run", self.flow, "--once", "--json", *arguments],
                              cwd="/", env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        for secret in SECRETS.values():
            self.assertNotIn(secret, done.stdout + done.stderr)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        return done, [(event["step"], event["outcome"]) for event in events if event["event"] == "step"]

    def only_message(self, inbox):
        messages = inbox.messages()
        self.assertEqual(1, len(messages))
        return email.message_from_bytes(messages[0], policy=email.policy.default)

    def test_sends_the_report_with_the_figures_of_its_payload(self):
        with self.servers() as (office, ops):
            done, steps = self.run_once("--payload", os.path.join(EXAMPLE, "report.json"))
            self.assertEqual((0, [("mail", "accepted")]), (done.returncode, steps), done.stdout + done.stderr)
            report = self.only_message(office)
            self.assertEqual([], ops.messages())
        self.assertEqual("Daily report: 2026-11-23 · 日報", report["Subject"])
        self.assertEqual("Boss <boss@example.test>", report["To"])
        self.assertEqual("office@example.test", report["Reply-To"])
        text = report.get_content().replace("\r\n", "\n")
        self.assertIn("\norders: 128\n返品: 3\n", text)
        self.assertNotIn("There are no figures", text)

    def test_leaves_out_what_a_run_without_payload_has_not(self):
        with self.servers() as (office, ops):
            done, steps = self.run_once()
            self.assertEqual((0, [("mail", "accepted")]), (done.returncode, steps), done.stdout + done.stderr)
            report = self.only_message(office)
            self.assertEqual([], ops.messages())
        self.assertEqual("Daily report", report["Subject"])
        self.assertIn("There are no figures today.", report.get_content())

    def test_sends_a_refusal_to_its_alert_step_which_says_why(self):
        with self.servers("rcpt reply 550 5.1.1 No such user here\n") as (office, ops):
            done, steps = self.run_once("--payload", os.path.join(EXAMPLE, "report.json"))
            self.assertEqual((3, [("mail", "rejected"), ("alert", "accepted")]), (done.returncode, steps),
                             done.stdout + done.stderr)
            self.assertEqual([], office.messages())
            alert = self.only_message(ops)
        self.assertEqual("daily-report: rejected", alert["Subject"])
        self.assertEqual("ops@example.test", alert["To"])
        self.assertIn("alerts@example.test", alert["From"])
        text = alert.get_content()
        self.assertIn("550 5.1.1 No such user here", text)
        self.assertIn("\n- ", text.replace("\r\n", "\n"), "what to do")
        self.assertNotIn("{{", text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS = parser.parse_args()
    ARGUMENTS.build = os.path.realpath(ARGUMENTS.build)
    unittest.main(argv=sys.argv[:1])
