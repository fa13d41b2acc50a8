"""What a newcomer sees. Arguments: --build DIR, used in place of a release build.

The refusal is changed, and the output must follow: what is shown travelled over the socket.
"""

import argparse
import glob
import os
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
PREFIX = "MailSend: failed to send mail: "
TENANT = ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. "
          "Visit https://aka.ms/smtp_auth_disabled for more information.")
options = argparse.Namespace(build=None)


def keyboard_interrupts():
    """In the child: SIGINT works, even where the tests run in the background and it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Quickstart(unittest.TestCase):
    def run_script(self, *arguments):
        """Runs the script from a foreign directory, with a TMPDIR that must be empty again afterwards."""
        with tempfile.TemporaryDirectory() as directory:
            scratch = os.path.join(directory, "scratch")
            os.mkdir(scratch)
            environment = {**os.environ, "QUICKSTART_BUILD_DIR": options.build, "TMPDIR": scratch}
            done = subprocess.run([os.path.join(ROOT, "examples", "quickstart.sh"), *arguments], cwd=directory,
                                  env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
            self.assertEqual([], os.listdir(scratch), "the script left files behind")
            self.assertEqual([], self.inboxes(scratch), "the script left its inbox running")
        return done

    def inboxes(self, directory):
        found = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as file:
                    if directory.encode() in file.read():
                        found.append(path)
            except OSError:
                continue
        return found

    def test_sends_a_message_and_shows_a_refusal_in_two_languages(self):
        done = self.run_script()
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertIn('"outcome": "accepted"', done.stdout)
        for part in ("Subject: Daily report · 日報", "multipart/mixed", "multipart/alternative", "text/html",
                     "'report 日報.csv'"):
            self.assertIn(part, done.stdout)
        self.assertEqual(2, done.stdout.count(PREFIX + TENANT + "\n"), done.stdout)
        english, japanese = done.stdout.split(PREFIX + TENANT + "\n")[1:]
        self.assertIn("outlook.auth.smtp_disabled_tenant", english)
        self.assertRegex(english.split("==")[0], r"(?s)1\. [A-Z]")
        self.assertRegex(japanese, r"(?s)1\. .*[\u3040-\u30ff]")

    def test_runs_a_flow_on_its_schedule_whose_alert_says_why_it_failed(self):
        done = self.run_script()
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        plan, runs = done.stdout.split("== A flow runs on its schedule")[1].split("Nine o'clock")
        self.assertRegex(plan, r"daily-report: next run 20\d\d-\d\d-\d\dT09:00:00\+09:00, in ")
        self.assertRegex(runs, r"step mail: accepted .*\n(.*\n)*.*step mail: rejected .*550 5\.1\.1 The boss has moved")
        self.assertRegex(runs, r"step alert: accepted")
        alert = runs.split("== The alert that the flow sent")[1]
        self.assertIn("Subject: daily-report: rejected", alert)
        self.assertIn(PREFIX + "550 5.1.1 The boss has moved", alert)
        self.assertNotIn("any-password", done.stdout + done.stderr)

    def test_shows_another_refusal_when_the_inbox_gives_another(self):
        refusal = "535 5.7.8 Username and Password not accepted. This sentence was changed by a test 4711"
        done = self.run_script("--refusal", refusal)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertEqual(2, done.stdout.count(PREFIX + refusal + "\n"), done.stdout)
        self.assertNotIn("SmtpClientAuthentication", done.stdout)
        self.assertNotIn("outlook.auth.smtp_disabled_tenant", done.stdout)

    def test_says_so_when_the_refusal_is_none(self):
        done = self.run_script("--refusal", "235 2.7.0 welcome")
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertIn("4 was expected", done.stderr)

    def test_leaves_nothing_behind_when_it_is_interrupted(self):
        with tempfile.TemporaryDirectory() as scratch:
            environment = {**os.environ, "QUICKSTART_BUILD_DIR": options.build, "TMPDIR": scratch}
            script = subprocess.Popen([os.path.join(ROOT, "examples", "quickstart.sh")], env=environment,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                      start_new_session=True, preexec_fn=keyboard_interrupts)
            with script.stdout as output:
                for line in output:
                    if "$ " in line:  # the inbox is running, the first message is on its way
                        break
                else:
                    self.fail(f"the script ended early with exit code {script.wait()}")
                os.killpg(script.pid, signal.SIGINT)  # what Ctrl-C does
                output.read()
            self.assertEqual(130, script.wait(timeout=60))
            self.assertEqual(([], []), (os.listdir(scratch), self.inboxes(scratch)))

    def test_refuses_an_unknown_argument(self):
        done = self.run_script("--loud")
        self.assertEqual((64, ""), (done.returncode, done.stdout))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    options, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
