"""`wfc account sign-in` and the person who typed it, on a terminal and without one. Arguments: --build DIR."""

import argparse
import json
import os
import signal
import subprocess
import sys
import termios
import time
import unittest
import urllib.request

import flows
from ports import free_port
from secret_prompt_test import Terminal

ARGUMENTS = None
CANARY = "canary-of-the-code"
URL = "https://signin.example.test/authorize?state=state-of-tally"


class Prompt(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(flows.Folder(ARGUMENTS.build))
        self.redirect = f"http://127.0.0.1:{free_port()}/callback"
        self.settings = self.folder.settings("watched.json", file=self.folder.name("tally"), account="watched", url=URL,
                                             redirect_uri=self.redirect)
        self.environment = {"PATH": "/nowhere", "LANG": "C.UTF-8", "TERM": "xterm", "NO_COLOR": "1", "WFC_HOME": self.folder.name("home"),
                            "WFC_COMPONENTS": self.folder.tally_components,
                            **{key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}}
        self.command = [os.path.join(ARGUMENTS.build, "wfc"), "account", "sign-in", self.settings, "--type", "tally"]

    def terminal(self, *more):
        return Terminal([*self.command, *more], self.folder.path, self.environment)

    def address(self, state="state-of-tally", padding=0):
        return f"{self.redirect}?code={CANARY}{'x' * padding}&state={state}"

    def started(self, *more):
        return self.enterContext(subprocess.Popen(
            [*self.command, *more], env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True))

    def assert_put_back(self, terminal):
        self.assertEqual(terminal.before, termios.tcgetattr(terminal.master), "the terminal was not put back")
        self.assertNotIn(CANARY.encode(), terminal.shown)

    def test_takes_the_pasted_address_and_shows_none_of_it(self):
        with self.terminal() as terminal:
            terminal.answer("paste it here", self.address() + "\n")
            self.assertEqual(0, terminal.end(), terminal.shown)
            self.assert_put_back(terminal)
        shown = terminal.shown.decode()
        self.assertIn(f"\n{URL}\r\n", shown, "whole, on a line of its own")
        self.assertIn(f"code bytes  {len(CANARY)}", shown)

    def test_takes_one_that_is_longer_than_a_line_of_a_terminal_in_canonical_mode(self):
        with self.terminal() as terminal:
            terminal.answer("paste it here", self.address(padding=20000) + "\r")
            self.assertEqual(0, terminal.end(), terminal.shown)
            self.assert_put_back(terminal)
        self.assertIn(f"code bytes  {len(CANARY) + 20000}", terminal.shown.decode())

    def test_says_what_is_wrong_with_a_line_and_waits_for_the_right_one(self):
        with self.terminal() as terminal:
            terminal.answer("paste it here", "no address\n")
            terminal.answer("warning: ", self.address(state="another") + "\n")
            terminal.answer("warning: ", "x" * 66000 + "\n")
            terminal.answer("64 KiB", self.address() + "\n")
            self.assertEqual(0, terminal.end(), terminal.shown)
            self.assert_put_back(terminal)

    def test_is_left_with_ctrl_c_and_ctrl_d(self):
        for key in ("half of it\x03", "\x04"):
            with self.terminal() as terminal:
                terminal.answer("paste it here", key)
                self.assertEqual(6, terminal.end(), terminal.shown)
                self.assert_put_back(terminal)

    def test_puts_the_terminal_back_when_it_is_stopped(self):
        for number, code in ((signal.SIGTERM, 6), (signal.SIGINT, 6), (signal.SIGHUP, 6),
                             (signal.SIGQUIT, 1000 + signal.SIGQUIT)):
            with self.terminal() as terminal:
                terminal.answer("paste it here", "half of it")
                os.kill(terminal.pid, number)
                self.assertEqual(code, terminal.end(), terminal.shown)
                self.assert_put_back(terminal)

    def test_puts_the_terminal_back_when_time_is_up(self):
        with self.terminal("--timeout", "1s") as terminal:
            self.assertEqual(4, terminal.end(), terminal.shown)
            self.assert_put_back(terminal)

    def test_speaks_japanese(self):
        self.environment["LC_ALL"] = "ja_JP.UTF-8"
        with self.terminal() as terminal:
            terminal.answer("貼り付けて", self.address() + "\n")
            self.assertEqual(0, terminal.end(), terminal.shown)

    def test_of_a_program_tells_the_address_as_an_event_and_takes_the_visit(self):
        process = self.started("--json")
        event = json.loads(process.stderr.readline())
        self.assertEqual(("prompt.url", {"url": URL, "opened": False}), (event["event"], event["fields"]))
        with urllib.request.urlopen(self.address(), timeout=60) as page:
            self.assertEqual(200, page.status)
        output, log = process.communicate(timeout=60)
        self.assertEqual(0, process.returncode, log)
        self.assertEqual({"code_bytes": len(CANARY)}, json.loads(output)["account"])
        self.assertNotIn(CANARY.encode(), output + log)

    def test_without_a_terminal_there_is_nobody_to_ask(self):
        process = self.started()
        output, log = process.communicate(self.address().encode() + b"\n", timeout=60)
        self.assertEqual(4, process.returncode, log)
        self.assertIn(b"nobody", log)
        self.assertNotIn(URL.encode(), output + log)

    def test_a_person_whose_terminal_is_not_standard_error_is_told_there(self):
        log = self.folder.write("log", "")
        piped = ["/bin/sh", "-c", f'exec "$0" "$@" 2> {log}', *self.command]
        with Terminal(piped, self.folder.path, self.environment) as terminal:
            end = time.monotonic() + 60
            while URL not in (said := self.read(log)) and time.monotonic() < end:
                time.sleep(0.02)
            self.assertIn(URL, said)
            os.kill(terminal.pid, signal.SIGTERM)
            self.assertEqual(6, terminal.end(), terminal.shown)

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def test_speaks_the_language_that_was_asked_for(self):
        with self.terminal("--language", "ja") as terminal:
            terminal.answer("貼り付けて", self.address() + "\n")
            self.assertEqual(0, terminal.end(), terminal.shown)

    def test_several_components_that_have_it_are_named(self):
        self.command = self.command[:-2]
        _, log = self.started().communicate(timeout=60)
        self.assertRegex(log.decode(), 'several components have an operation "sign-in": .*tally.*; say which with --type')


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
