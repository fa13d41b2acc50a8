"""The rig itself: what the other tests rely on, tried with Python's own client; and it leaves nothing behind."""

import os
import smtplib
import time
import unittest

import invoke
from postfix import rig


def processes_of(directory):
    """Processes with the rig's directory in their command line, or that have it open as their working directory."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read().decode(errors="replace")
            if directory in command or os.readlink(f"/proc/{pid}/cwd").startswith(directory):
                found.append(f"{pid} {command}")
        except OSError:
            continue
    return found


class Rig(unittest.TestCase):
    def test_delivers_refuses_and_leaves_nothing_behind(self):
        begun = time.monotonic()
        with rig.Rig() as server:
            started = time.monotonic()
            directory = server.directory
            self.assertNotEqual([], processes_of(directory))
            with smtplib.SMTP("localhost", server.ports["starttls"]) as client:
                client.starttls(context=rig.trusting_context(server.ca_file))
                with self.assertRaises(smtplib.SMTPAuthenticationError) as refusal:
                    client.user, client.password = "alice@example.test", "wrong"
                    client.auth("PLAIN", client.auth_plain)
                self.assertEqual(535, refusal.exception.smtp_code)
                client.login("alice@example.test", rig.PASSWORDS["alice"])
                client.sendmail("alice@example.test", ["bob@example.test"], b"Subject: x\r\n\r\n.dot\r\n")
                with self.assertRaises(smtplib.SMTPRecipientsRefused):
                    client.sendmail("alice@example.test", ["nobody@example.test"], b"x")
            self.assertIn(b"\n.dot\n", server.messages("bob", 1)[0])
            stopping = time.monotonic()
        print(f"start {started - begun:.2f} s, use {stopping - started:.2f} s, stop {time.monotonic() - stopping:.2f} s")
        self.assertFalse(os.path.exists(directory))
        self.assertEqual([], processes_of(directory))

    def test_two_run_side_by_side(self):
        with rig.Rig() as one, rig.Rig() as other:
            self.assertEqual(set(), set(one.ports.values()) & set(other.ports.values()))


if __name__ == "__main__":
    invoke.require(rig.missing())
    unittest.main()
