"""The same flow file run by four engines at once that share a WFC_HOME: each message once, whoever sends it."""

import collections
import os
import time
import unittest.mock

from ledger_rig import Ledger, kept_in, main, message
from invoke import sanitizer_options  # found since ledger_rig was imported
from flows import Folder

ENGINES, TIMES = 4, 5


class Engines(Ledger):
    def setUp(self):
        super().setUp()
        self.enterContext(unittest.mock.patch.dict(os.environ, sanitizer_options()))
        self.store = self.inbox()
        self.folder = self.enterContext(Folder(self.build))
        self.folder.tally_components = self.wfc.components
        self.folder.settings("account.json", **self.store.settings())

    def flow(self, content, **members):
        return self.folder.flow("report", [{"id": "mail", "component": "mail-send", "operation": "send",
                                            "settings": "account.json", "input": content}], **members)

    def start(self, *arguments):
        return [self.enterContext(self.folder.start(*arguments)) for _ in range(ENGINES)]

    def steps(self, runs):
        return [event for run in runs for event in run.events("step")]

    def test_a_schedule_of_four_engines_sends_one_message_for_each_time(self):
        runs = self.start(self.flow(message("flow"), every="1s"))
        for run in runs:
            run.until("started")
        end = time.monotonic() + 60
        while len(self.steps(runs)) < TIMES:
            self.assertLess(time.monotonic(), end)
            self.assertEqual([None] * ENGINES, [run.process.poll() for run in runs])
            time.sleep(0.05)
        for run in runs:
            run.terminate()
        self.assertEqual([0] * ENGINES, [run.wait() for run in runs])
        steps = self.steps(runs)
        self.assertEqual({"accepted"}, {each["outcome"] for each in steps})
        by_call = collections.Counter(each["call_id"] for each in steps)
        self.assertEqual({1}, set(by_call.values()), by_call)
        kept = kept_in(self.store.store)
        self.assertEqual(len(steps), len(kept))
        self.assertEqual(len(steps), len({each.message_id for each in kept}))
        print(f"{len(steps)} messages, by engine {[len(self.steps([run])) for run in runs]}", flush=True)

    def test_one_run_by_each_of_four_engines_with_one_key_sends_one_message(self):
        for overlap in ("queue", "skip"):
            key = f"report/2026-11-23/{overlap}"
            with self.subTest(overlap):
                runs = self.start(self.flow(message(key, idempotency_key=key), every="1h", overlap=overlap), "--once")
                codes = [run.wait() for run in runs]
                steps = self.steps(runs)
                self.assertEqual({"accepted"}, {each["outcome"] for each in steps})
                self.assertEqual(len(steps), codes.count(0), codes)
                # Two that begin in the same millisecond are one run, whose other engine says so.
                skipped = [event["reason"] for run in runs for event in run.events("skipped")]
                self.assertEqual(ENGINES, len(steps) + len(skipped), skipped)
                if overlap == "queue":
                    self.assertGreaterEqual(len(steps), 2)
                    self.assertTrue(all("handled" in each for each in skipped), skipped)
                self.assertEqual(1, sum(each.subject == key for each in kept_in(self.store.store)))


if __name__ == "__main__":
    main()
