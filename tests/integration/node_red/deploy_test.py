"""Deploys and stops while messages are being sent: nothing is lost, nothing is sent twice, and what was sent is known."""

import collections
import os
import re
import signal
import sys
import time

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.case import Case, document, subjects  # noqa: E402
from node_red.program import main  # noqa: E402
from node_red.rig import NodeRed, alive  # noqa: E402

LATE = re.compile(r"The flow was stopped .* message (.+?) (?:came|was being worked on): outcome (\w+)")


def messages(names):
    return [{"_msgid": name, "to": "bob@example.test", "topic": name, "payload": "12 and 30"} for name in names]


class Sending(Case):
    """What has left a node and not reached the next one, Node-RED forgets at a deploy, whatever the nodes are. Here messages
    are handed on at once, so that what a sink has seen is what left."""

    settings = {"runtimeSyncDelivery": True}

    def flow(self, inbox, revision=0, **account):
        """The same flow, changed a little in the mail node and in a node of another tab."""
        return [*[each for each in canvas.sending(inbox.port, name=f"mail {revision}") if each["id"] != "account"],
                canvas.account(inbox.port, **account),
                {"id": "other", "type": "tab", "label": f"other {revision}"},
                {"id": "elsewhere", "type": "rig-sink", "z": "other", "name": f"{revision}", "x": 60, "y": 60, "wires": []}]

    def outcomes(self):
        """{message: outcome} of what left in this test, or stands in the log."""
        told = dict(found.groups() for found in map(LATE.search, self.red.log().splitlines()) if found)
        return {**told, **{msg["topic"]: port for port, msg in self.left()}}

    def unknown_to_anyone(self, names):
        return set(names) - set(self.outcomes())

    def assert_truth(self, inbox, names):
        told = self.outcomes()
        arrived = subjects(inbox)
        self.assertEqual(len(arrived), len(set(arrived)))
        for name in names:
            if told[name] == "accepted":
                self.assertIn(name, arrived)
            elif told[name] in ("failed", "rejected"):
                self.assertNotIn(name, arrived)
        self.assertLessEqual(set(arrived), {name for name in names if told[name] in ("accepted", "unknown")})


class Deploys(Sending):
    def emit_through_deploys(self, inbox, kind, account=None):
        """Emits 60 messages; deploys in the middle, three times. Their names."""
        self.red.deploy(self.flow(inbox))
        names = []
        for revision in range(1, 4):
            batch = [f"{kind} {revision} {number}" for number in range(20)]
            before = len(inbox.messages())
            self.red.emit("source", *messages(batch))
            names += batch
            self.red.until(lambda: len(inbox.messages()) >= before + 2, "the first of them did not arrive")
            self.red.deploy(self.flow(inbox, revision, **(account(revision) if account else {})), kind=kind)
        return names

    def check(self, inbox, names):
        """Each message left once by a port that tells the truth: how many by each."""
        try:
            self.red.until(lambda: len(self.left()) >= len(names), "", 30)
        except AssertionError as error:
            missing = set(names) - {msg["topic"] for _, msg in self.left()}
            raise AssertionError(f"did not leave: {missing}, arrived: {missing & {*subjects(inbox)}}{error}") from None
        time.sleep(0.5)  # for one that leaves twice
        left = self.left()
        self.assertEqual(sorted(names), sorted(msg["topic"] for _, msg in left))
        accepted = [msg["topic"] for port, msg in left if port == "accepted"]
        self.assertEqual(sorted(accepted), sorted(subjects(inbox)), "accepted is what arrived, and once")
        for port, msg in left:
            self.assertEqual(port, document(msg)["outcome"])
            if port != "accepted":
                self.assertEqual(("failed", "host.stopping", "backoff"), (
                    port, msg["mail"]["error"]["id"], msg["mail"]["error"]["retry"]["advice"]))
        return collections.Counter(port for port, _ in left)

    def test_every_kind_of_deploy_loses_nothing_and_repeats_nothing(self):
        for kind in ("full", "flows", "nodes"):
            with self.subTest(kind), Inbox(self.build, "dot delay 150ms") as inbox:
                self.before = len(self.red.events())
                counts = self.check(inbox, self.emit_through_deploys(inbox, kind))
                self.assertGreaterEqual(counts["accepted"], 6)
                self.red.deploy([])

    def test_the_account_may_change_too(self):
        with Inbox(self.build, "dot delay 150ms") as inbox:
            names = self.emit_through_deploys(inbox, "full", lambda revision: {"from": f"alice{revision}@example.test"})
            self.check(inbox, names)
            self.red.deploy([])

    def test_a_deploy_of_something_else_disturbs_nothing(self):
        with Inbox(self.build, "dot delay 150ms") as inbox:
            self.red.deploy(self.flow(inbox))
            host = None
            names = [f"undisturbed {number}" for number in range(40)]
            self.red.emit("source", *messages(names))
            for revision in range(1, 4):
                changed = [each if each["id"] != "elsewhere" else {**each, "name": f"{revision}"} for each in self.flow(inbox)]
                self.red.deploy(changed, kind="nodes")
                host = host or self.red.hosts()
                self.assertEqual(host, self.red.hosts(), "the same process")
            self.assertEqual({"accepted": 40}, self.check(inbox, names))
            self.red.deploy([])

    def test_a_full_deploy_keeps_the_process(self):
        with Inbox(self.build) as inbox:
            self.red.deploy(self.flow(inbox))
            self.sent(messages(["one"])[0])
            host = self.red.hosts()
            self.red.deploy(self.flow(inbox, 1))
            self.sent(messages(["two"])[0])
            self.assertEqual(host, self.red.hosts())
            self.red.deploy([])

    def test_when_the_flow_is_removed_the_log_says_what_was_sent(self):
        with Inbox(self.build, "dot delay 500ms") as inbox:
            self.red.deploy(self.flow(inbox))
            names = [f"removed {number}" for number in range(8)]
            self.red.emit("source", *messages(names))
            time.sleep(0.3)
            self.red.deploy([])
            self.red.until(lambda: not self.unknown_to_anyone(names), "something was not told")
            self.assert_truth(inbox, names)


class Stops(Sending):
    def stopped(self, script, count, seconds):
        """Ends a Node-RED of its own while it sends. Everything that was emitted is known, and nothing lives on."""
        with Inbox(self.build, script) as inbox, NodeRed(self.build, settings=self.settings) as red:
            self.red, self.before = red, 0
            red.deploy(self.flow(inbox))
            names = [f"stopped {number}" for number in range(count)]
            red.emit("source", *messages(names))
            red.until(red.hosts, "there is no host")
            time.sleep(0.5)
            host, = red.hosts()
            began = time.monotonic()
            red.process.send_signal(signal.SIGTERM)
            self.assertEqual(0, red.process.wait(timeout=30), red.log())
            self.assertLess(time.monotonic() - began, seconds)
            end = time.monotonic() + 15
            while alive(host):
                self.assertLess(time.monotonic(), end, "the host outlives Node-RED")
                time.sleep(0.05)
            self.assertEqual(set(), self.unknown_to_anyone(names), red.log())
            time.sleep(1)  # for a server that still takes something
            self.assert_truth(inbox, names)
            return collections.Counter(self.outcomes().values())

    def test_what_runs_is_finished_and_what_waits_is_told(self):
        counts = self.stopped("dot delay 1s", 40, 20)
        self.assertGreaterEqual(counts["accepted"], 10, counts)

    def test_a_server_that_hangs_does_not_keep_it(self):
        counts = self.stopped("dot silence", 5, 28)
        self.assertEqual({"unknown"}, set(counts))


if __name__ == "__main__":
    main()
