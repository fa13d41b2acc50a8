"""`wfc run --metrics`: the figures agree with what was run, whatever components answer."""

import argparse
import os
import socket
import sys
import time
import unittest

import exposition
from invoke import Inbox
from metrics_rig import Case, page


class Counters(Case):
    def mail(self, name, inbox, to, port=None):
        server = inbox.settings()["server"]
        self.folder.settings(f"{name}-account.json", **inbox.settings(server={**server, "port": port or inbox.port}))
        return self.folder.flow(name, every="1s", steps=[
            {"id": "send", "component": "mail-send", "operation": "send", "settings": f"{name}-account.json",
             "input": {"to": to, "subject": "s", "text": "t"}}])

    def test_agree_with_the_runs_and_with_what_became_of_the_mail(self):
        script = "rcpt <bob@example.test> reply 550 5.1.1 No such user\ndot delay 200ms\n"
        with Inbox(self.build, script) as inbox, socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))  # and nobody listens there
            paths = [self.mail("good", inbox, "alice@example.test"), self.mail("refused", inbox, "bob@example.test"),
                     self.mail("dead", inbox, "alice@example.test", closed.getsockname()[1])]
            # While this one is cancelled no more, the others have ended and the figures stand still.
            paths.append(self.folder.flow("slow", every="1s", step={"wait_ms": 600000}))
            run = self.start(*paths, "--components", os.path.join(self.build, "components"))
            for _ in range(600):
                if {"good", "refused", "dead"} <= {event["flow"] for event in run.events("finished")}:
                    break
                time.sleep(0.1)
            self.folder.until_begun()
            run.terminate()
            run.until("stopping")
            text = self.settled(run)
            self.compare(text, run, "good", "accepted")
            self.compare(text, run, "refused", "rejected")
            self.compare(text, run, "dead", "failed")
            sent = exposition.value(text, "wfc_invocations_total", component="mail-send", operation="send", outcome="accepted")
            stored = [name for name in os.listdir(inbox.store) if name.endswith(".eml")]
            self.assertEqual(len(stored), sent)
            errors = {dict(labels)["id"]: number for (_, labels), number
                      in exposition.parse(text)["wfc_errors_total"].samples.items()}
            self.assertEqual(len(run.events("finished")) - sent, sum(errors.values()), errors)
            attempts = {labels: number for (_, labels), number in exposition.parse(text)["wfc_attempts_total"].samples.items()
                        if dict(labels)["outcome"] == "succeeded"}
            self.assertGreaterEqual(sum(attempts.values()), sent, attempts)  # on connections that were kept, and on others
            # The server takes its time there; connecting on loopback may take no whole millisecond.
            self.assertGreater(exposition.value(text, "wfc_stage_seconds_total", component="mail-send", stage="dot"), 0.1)
            run.terminate()
            self.assertEqual(6, run.wait(), run.log())

    def settled(self, run):
        """The metrics, once no flow but the slow one changes them."""
        before = None
        for _ in range(600):
            now = [line for line in self.text().splitlines() if not line.startswith("process_")]
            if now == before:
                return "\n".join(now) + "\n"
            before = now
            time.sleep(1.2)  # longer than from one run to the next
        raise AssertionError("runs do not end")

    def compare(self, text, run, flow, outcome):
        ended = [event for event in run.events("finished") if event["flow"] == flow]
        self.assertGreaterEqual(len(ended), 1)
        self.assertEqual({outcome}, {event["outcome"] for event in ended})
        self.assertEqual(len(ended), exposition.value(text, "wfc_runs_total", flow=flow, outcome=outcome))
        self.assertEqual(len(ended), exposition.value(text, "wfc_run_seconds_count", flow=flow))
        self.assertEqual(len(ended), exposition.value(text, "wfc_invocations_total", component="mail-send", operation="send",
                                                      outcome=outcome))
        skipped = sum(event["count"] for event in run.events("skipped") if event["flow"] == flow)
        self.assertEqual(skipped, exposition.value(text, "wfc_runs_skipped_total", flow=flow))
        last = exposition.value(text, "wfc_last_run_timestamp_seconds", flow=flow, outcome=outcome)
        self.assertLess(abs(time.time() - last), 120)

    def test_tell_when_the_next_run_is_and_what_the_process_is(self):
        run = self.start(self.folder.flow(every="1h"))
        run.until("next")
        headers, text = page(self.url)
        self.assertEqual("text/plain; version=0.0.4; charset=utf-8", headers["Content-Type"])
        self.assertAlmostEqual(time.time() + 3600, exposition.value(text, "wfc_next_run_timestamp_seconds", flow="f"), delta=120)
        self.assertEqual(0, exposition.value(text, "wfc_runs_missed_total", flow="f"))
        families = exposition.parse(text)
        (_, build), one = next(iter(families["wfc_build_info"].samples.items()))
        self.assertEqual((1, "version"), (one, build[0][0]))
        started = exposition.value(text, "process_start_time_seconds")
        self.assertLess(abs(time.time() - started), 120)
        fds = len(os.listdir(f"/proc/{run.process.pid}/fd"))
        self.assertLessEqual(abs(exposition.value(text, "process_open_fds") - fds), 3)
        for name in ("process_resident_memory_bytes", "process_virtual_memory_bytes", "process_threads", "process_max_fds"):
            self.assertGreater(exposition.value(text, name), 0, name)
        self.assertGreaterEqual(exposition.value(text, "process_cpu_seconds_total"), 0)

    def test_stay_what_they_are_whatever_a_component_answers(self):
        hostile = {"outcome": "won\"\n# TYPE x counter", "duplicate": "yes", "error": {"id": "a\nb{}", "class": ["c"]},
                   "timing_ms": {"total": 5, "queue": -1, "ledger": 1e300, "retry": "long", "ok": 2500},
                   "attempts": [{"reused": 1, "timing_ms": {"connect": 250, "x" * 500: 1, "dns": None}, "error": {},
                                 "bytes": {"sent": -5, "received": 12}}, 7, {"timing_ms": [], "bytes": "all"}]}
        run = self.start(self.folder.flow(every="1s", step={"result": hostile}))
        run.until("finished")
        text = self.text()
        exposition.parse(text)
        calls = exposition.value(text, "wfc_invocations_total", component="tally", operation="note", outcome="other")
        self.assertGreaterEqual(calls, 1)
        self.assertEqual(calls, exposition.value(text, "wfc_errors_total", component="tally", id="other", **{"class": "other"}))
        self.assertEqual(2.5 * calls, exposition.value(text, "wfc_wait_seconds_total", component="tally", kind="ok"))
        self.assertEqual(0, exposition.value(text, "wfc_wait_seconds_total", component="tally", kind="queue"))
        self.assertEqual(12 * calls, exposition.value(text, "wfc_bytes_total", component="tally", direction="received"))
        self.assertEqual(0.25 * calls, exposition.value(text, "wfc_stage_seconds_total", component="tally", stage="connect"))
        self.assertIsNone(exposition.value(text, "wfc_bytes_total", component="tally", direction="sent"))
        self.assertEqual(0, exposition.value(text, "wfc_duplicates_total", component="tally"))

    def test_count_calls_of_an_account_that_cannot_be_used(self):
        run = self.start(self.folder.flow(every="1s"))
        os.remove(self.folder.name("account.json"))
        run.until("finished")
        text = self.text()
        failed = exposition.value(text, "wfc_invocations_total", component="tally", operation="note", outcome="failed")
        self.assertGreaterEqual(failed, 1)
        self.assertEqual(failed, exposition.value(text, "wfc_errors_total", component="tally", id="host.settings_unreadable",
                                                  **{"class": "permanent"}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    arguments, rest = parser.parse_known_args()
    Case.build = arguments.build
    unittest.main(argv=[sys.argv[0], *rest])
