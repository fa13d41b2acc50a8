"""`send-batch` through `wfc`: the example, and lists long enough to be killed, run again and measured.

Arguments: --build DIR; --full measures lists twice as long.
"""

import argparse
import collections
import email
import email.policy
import json
import os
import signal
import sys
import tempfile
import threading
import time
import unittest

from invoke import ROOT, Inbox, Wfc

ARGUMENTS = None
EXAMPLE = os.path.join(ROOT, "examples", "batch")
SAVED = ("--blob", "recipients=recipients.jsonl", "--save-blob", "results.jsonl=results.jsonl")
INPUT = {"recipients": {"blob": "recipients"}, "message": {"subject": "To {{name}}", "text": "Dear {{name}}\n"},
         "idempotency_key": "newsletter"}
SIGKILLED = -9


def rows(count, first=1):
    return [{"to": f"user{number}@example.test", "payload": {"name": f"User {number}"}}
            for number in range(first, first + count)]


def lines(objects):
    return "".join(each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) + "\n" for each in objects).encode()


def example(name):
    with open(os.path.join(EXAMPLE, name), "rb") as file:
        return file.read()


class Peak(threading.Thread):
    """The most memory that a process had, in MiB, as last seen before it ended."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process = process
        self.mebibytes = 0.0
        self.start()

    def run(self):
        while self.process.poll() is None:
            try:
                with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
                    found = [line.split()[1] for line in status if line.startswith("VmHWM:")]
            except OSError:
                return
            if found:
                self.mebibytes = int(found[0]) / 1024
            time.sleep(0.02)


class Batch(unittest.TestCase):
    def setUp(self):
        self.home = self.enterContext(tempfile.TemporaryDirectory())
        self.wfc = Wfc(ARGUMENTS.build, seconds=580, environment={"WFC_HOME": self.home})

    def send(self, settings, recipients, given=None):
        """The result, and the lines of the results by row."""
        with self.started(settings, recipients, given) as running:
            return self.left(running)

    def started(self, settings, recipients, given=None):
        return self.wfc.started("send-batch", settings, INPUT if given is None else given,
                                files={"recipients.jsonl": recipients}, options=SAVED)

    def left(self, running):
        result = running.result()
        path = os.path.join(running.directory, "results.jsonl")
        found = {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for row in map(json.loads, file):
                    self.assertNotIn(row["row"], found, "two results of one row")
                    found[row["row"]] = row
        return result, found

    def arrived(self, inbox):
        """How often each address was sent to."""
        return collections.Counter(email.message_from_bytes(each, policy=email.policy.default)["to"]
                                   for each in inbox.messages())

    def until(self, reached, running):
        end = time.monotonic() + 60
        while not reached():
            self.assertIsNone(running.process.poll(), "it ended before")
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)


class Example(Batch):
    def test_does_what_its_readme_says(self):
        with Inbox(ARGUMENTS.build) as inbox:
            account = json.loads(example("account.json"))
            account["server"]["port"] = inbox.port
            for duplicate in (None, True):
                result, found = self.send(account, example("recipients.jsonl"), json.loads(example("invitation.json")))
                self.assertEqual((0, "accepted"), (result.code, result.document["outcome"]), str(result))
                self.assertEqual([1, 2, 3, 4, 5], sorted(found))
                self.assertEqual({duplicate}, {row.get("duplicate") for row in found.values()})
                self.assertEqual("erin", found[4]["idempotency_key"])
            messages = {message["to"]: message for message in (
                email.message_from_bytes(each, policy=email.policy.default) for each in inbox.messages())}
        self.assertEqual(5, len(messages), list(messages))
        texts = {to: message.get_body(("plain",)).get_content() for to, message in messages.items()}
        self.assertEqual("花子さん、土曜日にお会いしましょう", messages["花子 <hanako@example.test>"]["subject"])
        self.assertIn("Example invites you for Friday.", texts["Bob <bob@example.test>"])
        self.assertIn("We keep 2 seats for you.", texts["carol@example.test, dave@example.test"])
        self.assertEqual("events@example.test", messages["erin@example.test"]["reply-to"])
        self.assertIn("Frank &lt;the second&gt;",
                      messages["frank@example.test"].get_body(("html",)).get_content())


class LongList(Batch):
    COUNT = 2_000

    def test_counts_bad_rows_and_sends_the_others(self):
        recipients = rows(self.COUNT)
        recipients[9] = "{\"to\": \n"
        recipients[19] = {"to": "no address", "payload": {"name": "x"}}
        recipients[29] = {"to": "user30@example.test", "payload": {}}
        recipients[39] = "x" * (2 << 20) + "\n"
        recipients[49] = {"to": "gone@example.test", "payload": {"name": "x"}}
        with Inbox(ARGUMENTS.build, "rcpt <gone@example.test> reply 550 5.1.1 No such user\n") as inbox:
            result, found = self.send(inbox.settings(), lines(recipients))
            arrived = self.arrived(inbox)
        self.assertEqual((2, "partial"), (result.code, result.document["outcome"]), str(result))
        batch = result.document["batch"]
        self.assertEqual((self.COUNT, self.COUNT - 5, 4, 1, True),
                         tuple(batch[name] for name in ("total", "accepted", "invalid", "rejected", "read_to_end")))
        self.assertEqual(list(range(1, self.COUNT + 1)), sorted(found))
        bad = {number: row for number, row in found.items() if row["outcome"] != "accepted"}
        self.assertEqual({10: None, 20: "/to", 30: "/payload/name", 40: None, 50: None},
                         {number: row["error"].get("pointer") for number, row in bad.items()})
        self.assertEqual(550, bad[50]["error"]["smtp"]["code"])
        self.assertEqual(self.COUNT - 5, len(arrived))
        self.assertEqual({1}, set(arrived.values()))

    def test_killed_and_run_again_sends_nothing_twice(self):
        recipients = lines(rows(self.COUNT))
        with Inbox(ARGUMENTS.build) as inbox:
            with self.started(inbox.settings(), recipients) as running:
                self.until(lambda: len(os.listdir(inbox.store)) > 400, running)
                running.process.kill()
                self.assertEqual(SIGKILLED, running.process.wait(timeout=30))
            before = len(inbox.messages())
            self.assertLess(before, self.COUNT)
            result, found = self.send(inbox.settings(), recipients)
            arrived = self.arrived(inbox)
            batch = result.document["batch"]
            self.assertEqual(self.COUNT, batch["accepted"] + batch["already_sent"] + batch["unknown"], str(result))
            self.assertLessEqual(batch["unknown"], 16)
            self.assertGreater(batch["already_sent"], 0)
            self.assertEqual(self.COUNT, len(found))
            self.assertEqual({1}, set(arrived.values()), "sent twice")
            self.assertGreaterEqual(len(arrived), self.COUNT - batch["unknown"])
            result, _ = self.send(inbox.settings(), recipients)
            self.assertEqual(0, result.document["batch"]["accepted"])
            self.assertEqual(arrived, self.arrived(inbox))

    def test_cancelled_ends_within_a_moment_and_says_what_was_done(self):
        with Inbox(ARGUMENTS.build, "dot delay 20ms\n") as inbox:
            with self.started(inbox.settings(), lines(rows(self.COUNT))) as running:
                self.until(lambda: len(os.listdir(inbox.store)) > 50, running)
                running.process.send_signal(signal.SIGINT)
                sent = time.monotonic()
                result, found = self.left(running)
                self.assertLess(time.monotonic() - sent, 10)
        self.assertEqual((6, "cancelled"), (result.code, result.document["outcome"]), str(result))
        self.assertEqual({}, found, "results that are not whole are not kept")
        batch = result.document["batch"]
        self.assertGreater(batch["accepted"], 20)
        self.assertGreater(batch["not_attempted"], 0)
        self.assertFalse(batch["read_to_end"])

    def test_ends_at_a_refused_sign_in_and_counts_the_rest(self):
        with Inbox(ARGUMENTS.build, "auth reply 535 5.7.8 Authentication failed\n", ("--auth-in-clear",)) as inbox:
            settings = inbox.settings(auth={"method": "password", "username": "alice", "password": {"$secret": "p"},
                                            "allow_cleartext": True})
            self.wfc.environment["WFC_SECRET_P"] = "wrong"
            result, _ = self.send(settings, lines(rows(self.COUNT)))
        self.assertEqual((4, "failed", "auth"), (result.code, result.document["outcome"], result.document["error"]["stage"]),
                         str(result))
        self.assertEqual((1, self.COUNT - 1),
                         (result.document["batch"]["failed"], result.document["batch"]["not_attempted"]))


class Memory(Batch):
    def peak(self, count):
        with Inbox(ARGUMENTS.build) as inbox:
            without_key = {name: value for name, value in INPUT.items() if name != "idempotency_key"}
            with self.started(inbox.settings(delivery={"ledger": "off"}), lines(rows(count)), without_key) as running:
                peak = Peak(running.process)
                result, found = self.left(running)
                peak.join()
            self.assertEqual((0, count), (result.code, len(found)), str(result))
        return peak.mebibytes

    def test_does_not_grow_with_the_list(self):
        short = 2_000 if ARGUMENTS.full else 1_000
        few, many = self.peak(short), self.peak(10 * short)
        self.assertGreater(few, 5)
        self.assertLess(many - few, 6, f"{few:.1f} MiB with {short} rows, {many:.1f} MiB with ten times as many")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--sanitized", action="store_true", help="of a build that keeps freed memory, none is measured")
    ARGUMENTS, rest = parser.parse_known_args()
    if ARGUMENTS.sanitized:
        del Memory
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
