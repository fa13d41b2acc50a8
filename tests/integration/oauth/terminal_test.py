"""Signing in where there is no browser: an address to paste, or a code for another device."""

import fcntl
import os
import pty
import re
import select
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from oauth.rig import Person  # noqa: E402
from oauth.served import Served, main  # noqa: E402


class Terminal(Served):
    def test_the_address_of_the_failed_page_can_be_pasted_where_there_is_no_browser(self):
        account = self.account()
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        pid = os.fork()
        if pid == 0:  # a session of its own, with the terminal as its controlling one
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for descriptor in (0, 1, 2):
                os.dup2(slave, descriptor)
            os.chdir(account.folder)
            command = account.command("account", "sign-in", account.file)
            environment = account.environment(BROWSER=None, DISPLAY=None, WAYLAND_DISPLAY=None)
            os.execve(command[0], command, environment)
        os.close(slave)
        shown = b""
        url = None
        end = time.monotonic() + 30
        while url is None and time.monotonic() < end:
            if select.select([master], [], [], 0.2)[0]:
                shown += os.read(master, 4096)
            for word in shown.decode(errors="replace").split():
                if word.startswith(self.server.issuer + "/auth?") and shown.endswith((b"\n", b" ")):
                    url = word
        self.assertIsNotNone(url, shown)
        back = Person("alice@example.test").consent(url, self.redirect)
        os.write(master, back.encode() + b"\r")
        status = None
        while status is None and time.monotonic() < end:
            try:
                if select.select([master], [], [], 0.2)[0]:
                    shown += os.read(master, 4096)
            except OSError:
                pass
            done, code = os.waitpid(pid, os.WNOHANG)
            if done:
                status = os.waitstatus_to_exitcode(code)
        self.assertEqual(status, 0, shown.decode(errors="replace"))
        self.assertNotIn(back.encode(), shown, "what was pasted is a secret")
        self.sent(account)

    def test_a_device_code_is_shown_and_waited_for(self):
        account = self.account(grant="device-code", client_id="native", client_secret=None, redirect_uri=None)
        with account.started("account", "sign-in", account.file, BROWSER=None) as process:
            code = None
            shown = b""
            end = time.monotonic() + 30
            while code is None and time.monotonic() < end:
                if select.select([process.stderr], [], [], 0.2)[0]:
                    shown += os.read(process.stderr.fileno(), 4096)
                code = re.search(rb"\b[A-Z]{4}-[A-Z]{4}\b", shown)
            self.assertIsNotNone(code, shown)
            page = Person(account.user).approve(self.server.issuer + "/device", code.group().decode())
            self.assertIn("success", page.lower())
            output, log = process.communicate(timeout=40)
        self.assertEqual(process.returncode, 0, f"{output}{shown}{log}")
        self.sent(account)


if __name__ == "__main__":
    main()
