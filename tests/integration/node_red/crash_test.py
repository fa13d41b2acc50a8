"""kill -9 of `wfc serve` in the middle of many messages: Node-RED stays up, nothing is sent twice, ports tell the truth."""

import collections
import os
import signal
import sys
import time

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.case import Case, document, letter, subjects  # noqa: E402
from node_red.program import main  # noqa: E402


class Killed(Case):
    def flow(self, script):
        """A deployed flow on an inbox with that script. Nothing is left in it from another test."""
        inbox = self.enterContext(Inbox(self.build, script))
        self.red.deploy(canvas.sending(inbox.port))
        self.addCleanup(self.red.deploy, [])
        return inbox

    def emit(self, names):
        self.red.emit("source", *[{"to": "bob@example.test", "topic": name, "payload": "12 and 30"} for name in names])

    def kill(self):
        """Ends the host as a crash would; which process that was."""
        pid, = self.red.until(self.red.hosts, "there is no host")
        os.kill(pid, signal.SIGKILL)
        self.red.until(lambda: pid not in self.red.hosts(), "the host lives")
        return pid

    def settled(self, inbox):
        """What is in the inbox when nothing comes any more."""
        count, since = -1, time.monotonic()
        while time.monotonic() - since < 1:
            if len(subjects(inbox)) != count:
                count, since = len(subjects(inbox)), time.monotonic()
            time.sleep(0.1)
        return subjects(inbox)

    def check(self, inbox, names):
        """Every message left once, what its port says is so, and nothing arrived twice. How many left by each port."""
        self.red.until(lambda: len(self.left()) >= len(names), "a message did not leave")
        arrived = collections.Counter(self.settled(inbox))
        left = self.left()
        self.assertEqual(sorted(names), sorted(msg["topic"] for _, msg in left), "each leaves once")
        self.assertEqual([], [name for name, count in arrived.items() if count > 1], "sent twice")
        ids = [letter(content)["Message-ID"] for content in inbox.messages()]
        self.assertEqual(len(ids), len(set(ids)))
        for port, msg in left:
            self.assertEqual(port, document(msg)["outcome"])
            if port != "unknown":
                self.assertEqual(1 if port == "accepted" else 0, arrived[msg["topic"]], f"{port}: {msg['mail']}")
        self.assertIsNone(self.red.process.poll())
        return collections.Counter(port for port, _ in left)

    def test_three_kills_in_the_middle_of_two_hundred_messages(self):
        inbox = self.flow("dot delay 50ms")
        names = [f"Message {number}" for number in range(200)]
        self.emit(names)
        killed = set()
        for share in (20, 60, 110):
            self.red.until(lambda: len(inbox.messages()) >= share, f"{share} did not arrive")
            killed.add(self.kill())
        counts = self.check(inbox, names)
        self.assertEqual(3, len(killed), "a new process each time")
        self.assertEqual({"accepted", "unknown"}, set(counts), "what waited was sent; what had begun is not known")
        self.assertLessEqual(counts["unknown"], 3 * 16, "no more than had begun")
        for port, msg in self.left():
            if port == "unknown":
                self.assertEqual(("host.ended", "never"), (
                    msg["mail"]["error"]["id"], msg["mail"]["error"]["retry"]["advice"]))
        later = [f"Later {number}" for number in range(20)]
        self.before = len(self.red.events())
        self.emit(later)
        self.red.until(lambda: len(self.left()) >= len(later), "what came later did not leave")
        self.assertEqual({("accepted", name) for name in later}, {(port, msg["topic"]) for port, msg in self.left()})
        self.assertEqual(1, len(self.red.hosts()))

    def test_kills_at_random_moments(self):
        inbox = self.flow("dot delay 20ms")
        names = [f"Random {number}" for number in range(200)]
        seed = int.from_bytes(os.urandom(2), "big")
        for part in range(4):
            self.emit(names[part * 50:(part + 1) * 50])
            time.sleep((seed >> 4 * part & 15) / 40)
            self.kill()
        counts = self.check(inbox, names)
        self.assertGreater(counts["accepted"], 100, f"seed {seed}: {counts}")
        self.assertLessEqual({*counts}, {"accepted", "unknown"}, f"seed {seed}")

    def test_what_was_known_before_the_kill_stays_known(self):
        """The server says no at once, or takes the whole message and then hangs: only the latter is unknown."""
        inbox = self.flow("rcpt <no@example.test> reply 550 5.1.1 No such user\ndot silence")
        self.red.emit("source", {"to": "no@example.test", "topic": "no", "payload": "x"})
        self.red.until(self.left, "what was rejected did not leave")  # before the other, or it may stand behind that
        self.red.emit("source", {"to": "bob@example.test", "topic": "hangs", "payload": "x"})
        time.sleep(0.5)  # this one hangs by now
        self.kill()
        self.check(inbox, ["no", "hangs"])
        self.assertEqual({("rejected", "no"), ("unknown", "hangs")}, {(port, msg["topic"]) for port, msg in self.left()})

    def test_a_host_that_is_stopped_and_killed_leaves_nothing_hanging(self):
        inbox = self.flow("")
        self.emit(["first"])
        self.red.until(self.left, "the first did not leave")
        pid, = self.red.hosts()
        os.kill(pid, signal.SIGSTOP)
        self.emit(["second", "third"])
        time.sleep(0.5)
        self.kill()
        counts = self.check(inbox, ["first", "second", "third"])
        self.assertEqual({"accepted": 1, "unknown": 2}, counts, "they had been handed over")


if __name__ == "__main__":
    main()
