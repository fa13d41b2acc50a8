"""What `wfc` asks a person for, on a terminal of its own. Arguments: --build DIR."""

import os
import pty
import select
import signal
import termios
import time

from secrets_rig import CANARY, PASSPHRASE, Secrets, main


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, arguments, directory, environment):
        self.shown = b""
        seen, looked = os.pipe()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.close(looked)
            os.read(seen, 1)  # the program must not change what nobody has looked at yet
            os.chdir(directory)
            os.execve(arguments[0], arguments, environment)
        os.close(seen)
        self.before = termios.tcgetattr(self.master)
        os.close(looked)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)

    def read(self):
        """What is shown next; nothing at the end."""
        if not select.select([self.master], [], [], 60)[0]:
            raise AssertionError(f"nothing more after {self.shown!r}")
        try:
            return os.read(self.master, 4096)
        except OSError:  # the other end is closed
            return b""

    def answer(self, question, text):
        """Waits for the question, then types."""
        seen = b""
        while question.encode() not in seen:
            more = self.read()
            if not more:
                raise AssertionError(f"{question!r} was not asked: {self.shown!r}")
            seen += more
            self.shown += more
        deadline = time.monotonic() + 60
        while termios.tcgetattr(self.master)[3] & termios.ECHO:
            if time.monotonic() > deadline:
                raise AssertionError("the terminal still shows what is typed")
            time.sleep(0.01)
        os.write(self.master, text.encode())

    def end(self):
        """The exit code; 1000 + the signal's number when one ended it."""
        while more := self.read():
            self.shown += more
        status = os.waitpid(self.pid, 0)[1]
        self.pid = 0
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1000 + os.WTERMSIG(status)


class Prompt(Secrets):
    def terminal(self, *arguments):
        return Terminal([self.tool, *arguments], self.directory, self.environment)

    def ask(self, *typed, arguments=("secret", "set", "alice")):
        """Answers the questions; the exit code and what was shown, which is no secret."""
        with self.terminal(*arguments) as terminal:
            for question, text in typed:
                terminal.answer(question, text)
            code = terminal.end()
            self.assertEqual(terminal.before, termios.tcgetattr(terminal.master), "the terminal was not put back")
        self.assert_silent(terminal.shown, "the terminal")
        return code, terminal.shown.decode()

    def send(self):
        with self.inbox() as inbox:
            return self.wfc(*self.account(inbox))

    def test_asks_twice_and_shows_nothing(self):
        code, shown = self.ask(("not shown", CANARY + "\r"), ("again", CANARY + "\r"))
        self.assertEqual(0, code, shown)
        code, _, said = self.send()
        self.assertEqual(0, code, said)

    def test_lets_mistakes_be_corrected(self):
        code, shown = self.ask(("not shown", "wrong\x15" + CANARY + "日\x7f\n"), ("again", CANARY + "x\x7f\n"))
        self.assertEqual(0, code, shown)
        self.assertEqual(0, self.send()[0])

    def test_stores_nothing_when_the_two_differ_or_are_empty(self):
        self.assertEqual(65, self.ask(("not shown", "one\n"), ("again", "two\n"))[0])
        self.assertEqual(65, self.ask(("not shown", "\n"), ("again", "\n"))[0])
        self.assertFalse(os.path.exists(os.path.join(self.home, "secrets")))

    def test_is_left_with_ctrl_c_and_ctrl_d(self):
        for key in ("half of it\x03", "\x04"):
            code, shown = self.ask(("not shown", key))
            self.assertEqual(6, code, shown)
        self.assertFalse(os.path.exists(os.path.join(self.home, "secrets")))

    def test_puts_the_terminal_back_when_it_is_stopped(self):
        self.wfc("secret", "set", "alice", given=CANARY)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            with self.terminal("secret", "set", "alice") as terminal:
                terminal.answer("not shown", "half of it")
                os.kill(terminal.pid, number)
                self.assertEqual(1000 + number, terminal.end(), terminal.shown)
                self.assertEqual(terminal.before, termios.tcgetattr(terminal.master))

    def test_takes_keys_without_a_character_for_nothing(self):
        odd = CANARY[:5] + "\x1b[A\x1b[1;5C\x1bOP\x1bx\x1a\x01\t" + CANARY[5:] + "\n"
        code, shown = self.ask(("not shown", odd), ("again", CANARY + "\n"))
        self.assertEqual(0, code, shown)
        self.assertIn("\a", shown)
        self.assertEqual(0, self.send()[0])
        code, shown = self.ask(("not shown", "half of it\x1c"))  # Ctrl and the backslash
        self.assertEqual(6, code, shown)

    def test_asks_for_a_passphrase_where_the_store_has_one(self):
        passphrase, again = ("New passphrase", PASSPHRASE + "\n"), ("same again", PASSPHRASE + "\n")
        code, shown = self.ask(passphrase, again, ("not shown", CANARY + "\n"), ("same again", CANARY + "\n"),
                               arguments=("secret", "set", "alice", "--passphrase"))
        self.assertEqual(0, code, shown)
        self.assertEqual(["secrets", "secrets.lock"], sorted(os.listdir(self.home)))

        code, shown = self.ask(("Passphrase of", "wrong\n"), ("Once more", PASSPHRASE + "\n"), arguments=("secret", "list"))
        self.assertEqual(0, code, shown)
        self.assertIn("alice  stored", shown)

        code, _, said = self.wfc("secret", "list")  # nobody there
        self.assertEqual(66, code)
        self.assertIn("protected by a passphrase", said)
        self.assertIn("WFC_KEY_FILE", said)

        with self.inbox() as inbox:
            command = self.account(inbox)
            code, result, said = self.wfc(*command)
            self.assertEqual(4, code, said)
            self.assertIn("protected by a passphrase", said)
            code, shown = self.ask(("Passphrase of", PASSPHRASE + "\n"), arguments=command)
            self.assertEqual(0, code, shown)
            with self.terminal(*command) as terminal:
                terminal.answer("Passphrase of", "half of it")
                os.kill(terminal.pid, signal.SIGTERM)
                self.assertEqual(6, terminal.end(), terminal.shown)
                self.assertEqual(terminal.before, termios.tcgetattr(terminal.master))
            for number, code in ((signal.SIGHUP, 6), (signal.SIGQUIT, 1000 + signal.SIGQUIT)):
                with self.terminal(*command) as terminal:
                    terminal.answer("Passphrase of", "half of it")
                    os.kill(terminal.pid, number)
                    self.assertEqual(code, terminal.end(), terminal.shown)
                    self.assertEqual(terminal.before, termios.tcgetattr(terminal.master), "left silent")
            self.environment["WFC_SECRET_ALICE"] = CANARY  # a value that a component wrote would come first
            code, shown = self.ask(("Passphrase of", PASSPHRASE + "\n"), arguments=command)
            self.assertEqual(0, code, shown)


if __name__ == "__main__":
    main()
