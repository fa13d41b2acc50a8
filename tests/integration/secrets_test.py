"""Secrets from `wfc secret set` to the server, and everywhere they must not be. Arguments: --build DIR."""

import contextlib
import json
import os
import signal
import subprocess
import time

from secrets_rig import CANARY, Secrets, main


class Store(Secrets):
    def test_keeps_lists_and_removes(self):
        self.assertEqual((0, ""), self.wfc("secret", "list")[:2])
        self.assertFalse(os.path.exists(self.home), "reading made something")
        self.assertEqual(0, self.wfc("secret", "set", "alice", given=CANARY + "\n")[0])
        self.assertEqual(0, self.wfc("secret", "set", "bob", given="other")[0])
        self.assertEqual((0, "alice  stored\nbob  stored\n"), self.wfc("secret", "list")[:2])
        code, listed, _ = self.wfc("secret", "list", "--json")
        self.assertEqual((0, [{"name": "alice", "from": ["store"]}, {"name": "bob", "from": ["store"]}]),
                         (code, json.loads(listed)))
        self.assertEqual(0, self.wfc("secret", "remove", "bob")[0])
        code, _, said = self.wfc("secret", "remove", "alicf")
        self.assertEqual(78, code)
        self.assertIn('did you mean "alice"?', said)

    def test_never_takes_or_repeats_a_value_on_the_command_line(self):
        for arguments in (("alice", CANARY), (f"alice={CANARY}",), ("alice", f"--value={CANARY}"),
                          ("alice", f"--passphrase={CANARY}"), ("alice", "--json", CANARY)):
            code, _, said = self.wfc("secret", "set", *arguments, given="value")
            self.assertEqual(64, code)
            self.assertIn("command line", said)
        self.assertFalse(os.path.exists(self.home))

    def test_says_what_is_odd_about_a_value(self):
        self.assertEqual(65, self.wfc("secret", "set", "alice", given="\n")[0])
        self.assertEqual(65, self.wfc("secret", "set", "alice", given="x" * 65537)[0])
        self.assertFalse(os.path.exists(self.home))
        for given, word in ((CANARY + "\n\n", "ends with"), (" " + CANARY, "begins with"), (CANARY + "\0x", "NUL")):
            code, _, said = self.wfc("secret", "set", "alice", given=given)
            self.assertEqual(0, code)
            self.assertIn(word, said)
        self.assertNotIn("warning", self.wfc("secret", "set", "alice", given="-----BEGIN\nkey\n-----END\n")[2])

    def test_that_cannot_be_used_is_named_and_kept(self):
        self.wfc("secret", "set", "alice", given=CANARY)
        store = os.path.join(self.home, "secrets")
        with open(store, "r+b") as file:
            file.truncate(200)
        for arguments in (("set", "bob"), ("list",), ("remove", "alice")):
            code, _, said = self.wfc("secret", *arguments, given="x")
            self.assertEqual(66, code)
            self.assertIn(f"{store} is damaged", said)
        self.assertEqual(200, os.path.getsize(store))


class Sending(Secrets):
    def test_shows_the_password_nowhere_but_to_the_server(self):
        self.wfc("secret", "set", "alice", given=CANARY + "\n")
        with self.inbox("dot delay 1s") as inbox:
            command = self.account(inbox)
            for more in (("--verbose",), ("--json", "--verbose"), ()):
                with subprocess.Popen([self.tool, *command, *more], cwd=self.directory, env=self.environment,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
                    seen = 0
                    while running.poll() is None:  # all the while, the second at the end of data included
                        for name in ("cmdline", "environ"):
                            with contextlib.suppress(OSError), open(f"/proc/{running.pid}/{name}", "rb") as file:
                                self.assert_silent(file.read(), name)
                                seen += 1
                        time.sleep(0.02)
                    self.assertGreater(seen, 4)
                    result, log = running.communicate(timeout=60)
                self.assertEqual((0, "accepted"), (running.returncode, json.loads(result)["outcome"]), log.decode())
                self.assert_silent(result, "the result")
                self.assert_silent(log, "the log")
            self.assertEqual(3, len(inbox.messages()))
            for message in inbox.messages():
                self.assert_silent(message, "the message")
        names = list(self.files())
        self.assertIn(os.path.join(self.home, "secrets"), names)
        for name in names:
            with open(name, "rb") as file:
                self.assert_silent(file.read(), name)

    def test_leaves_no_core(self):
        self.wfc("secret", "set", "alice", given=CANARY)
        with self.inbox("dot silence") as inbox:
            running = subprocess.Popen([self.tool, *self.account(inbox), "--verbose"], cwd=self.directory,
                                       env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE)
            with running.stderr as log:
                for line in log:
                    if b"dot" in line or b"Go ahead" in line or b"354" in line:
                        break
                with open(f"/proc/{running.pid}/limits", encoding="utf-8") as file:
                    limit = next(line for line in file if line.startswith("Max core file size"))
                self.assertEqual(["0", "0"], limit.split()[4:6])
                running.send_signal(signal.SIGABRT)
                status = os.waitpid(running.pid, 0)[1]
                running.returncode = -1
            self.assertFalse(os.WIFSIGNALED(status) and os.WCOREDUMP(status), "a core was dumped")

    def test_says_how_to_store_a_secret_that_is_missing(self):
        with self.inbox() as inbox:
            code, result, said = self.wfc(*self.account(inbox))
        self.assertEqual((78, "/auth/password"), (code, json.loads(result)["error"]["pointer"]), said)
        self.assertIn("wfc secret set alice", said)
        self.assertIn("WFC_SECRET_ALICE", said)

    def test_takes_the_environment_first_and_works_without_a_home(self):
        self.environment["WFC_SECRET_ALICE"] = CANARY
        self.wfc("secret", "set", "alice", given="stored")
        with self.inbox() as inbox:
            command = self.account(inbox)
            self.assertEqual(0, self.wfc(*command)[0])
            os.chmod(self.home, 0o777)
            code, _, said = self.wfc(*command)
            self.assertEqual(0, code, said)
            del self.environment["WFC_HOME"]
            self.assertEqual(0, self.wfc(*command)[0])

    def test_says_why_a_store_cannot_be_used(self):
        self.wfc("secret", "set", "alice", given=CANARY)
        os.chmod(os.path.join(self.home, "secrets"), 0o644)
        with self.inbox() as inbox:
            code, result, said = self.wfc(*self.account(inbox))
        self.assertEqual((4, "host.secrets"), (code, json.loads(result)["error"]["id"]), said)
        self.assertIn("chmod go=", said)


if __name__ == "__main__":
    main()
