"""`wfc run` as a program: schedules in real time, signals, exit codes, accounts, several flows and processes."""

import argparse
import fcntl
import os
import signal
import sys
import time
import unittest

import flows
import soak

ARGUMENTS = None


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(flows.Folder(ARGUMENTS.build))


class Schedule(Case):
    def test_runs_on_time_says_when_the_next_run_is_and_every_line_is_json(self):
        with self.folder.start(self.folder.flow(every="1s")) as run:
            run.until("finished", 2)
            run.terminate()
            self.assertEqual(0, run.wait(), run.log())
            kinds = [event["event"] for event in run.events()]
            self.assertEqual(["started", "next", "run", "step", "finished", "next", "run", "step", "finished"], kinds[:9])
            self.assertEqual("ended", kinds[-1])
            step = run.events("step")[0]
            self.assertEqual(("succeeded", "note"), (step["outcome"], step["step"]))
            self.assertEqual(f"f/{step['scheduled']}/note", step["call_id"])
            self.assertEqual([event["call_id"] for event in run.events("step")], self.folder.begun())

    def test_speaks_to_people_without_json(self):
        run = flows.Run(self.folder, (self.folder.flow(step={"outcome": "failed"}), "--once"), {}, json_lines=False)
        self.assertEqual(4, run.wait())
        said = "".join(run.lines)
        self.assertRegex(said, r"(?m)^20\S+ f: step note: failed after .*: told to end so$")
        self.assertIn("finished after", said)

    def test_fifteen_seconds_of_kills_lose_nothing_and_repeat_nothing(self):
        seed = int.from_bytes(os.urandom(4), "big")
        events, kills, code = soak.killed_at_random(self.folder, 1, 15, seed)
        counts = soak.check(self, self.folder, events, 1, kills)
        self.assertEqual(0, code, f"seed {seed}: {kills} kills, {counts}")
        self.assertGreaterEqual(kills, 2)

    def test_two_processes_on_one_flow_run_each_time_once(self):
        flow = self.folder.flow(every="1s")
        with self.folder.start(flow) as one, self.folder.start(flow) as two:
            self.folder.until_begun(4)
            for run in (one, two):
                run.terminate()
            self.assertEqual([0, 0], [one.wait(), two.wait()])
            begun = self.folder.begun()
            self.assertGreaterEqual(len(begun), 4)
            self.assertEqual(len(begun), len(set(begun)))
            self.assertEqual([], one.events("cut") + two.events("cut"), "a live process is not a dead one")

    def test_many_flows_run_in_one_process(self):
        names = [f"flow-{number}" for number in range(12)]
        with self.folder.start(*(self.folder.flow(name, every="1s") for name in names)) as run:
            run.until("finished", 36)
            run.terminate()
            self.assertEqual(0, run.wait())
            begun = self.folder.begun()
            self.assertEqual(len(begun), len(set(begun)))
            self.assertEqual(set(names), {call.split("/")[0] for call in begun})


class Signals(Case):
    def test_sigterm_lets_the_running_step_finish(self):
        with self.folder.start(self.folder.flow(every="1s", step={"wait_ms": 1500})) as run:
            self.folder.until_begun()
            run.terminate()
            self.assertEqual(0, run.wait(), run.log())
            self.assertEqual("succeeded", run.events("step")[0]["outcome"])
            self.assertEqual(1, len(run.events("finished")))
            self.assertIn("ends", self.folder.tally()[1])

    def test_and_leaves_the_steps_after_it(self):
        step = {"component": "tally", "operation": "note", "settings": "account.json", "input": {"wait_ms": 1000}}
        with self.folder.start(self.folder.flow(every="1s", steps=[{"id": "a", **step}, {"id": "b", **step}])) as run:
            self.folder.until_begun()
            run.terminate()
            self.assertEqual(0, run.wait(), run.log())
            self.assertEqual(["a"], [event["step"] for event in run.events("step")])
            self.assertEqual(1, len(run.events("stopped")))
        with self.folder.start(self.folder.name("f.json")) as run:
            run.until("next")
            self.assertEqual([], run.events("cut"), "it was stopped, not cut")

    def test_a_second_one_cancels_it(self):
        with self.folder.start(self.folder.flow(every="1s", step={"wait_ms": 600000})) as run:
            self.folder.until_begun()
            run.terminate()
            run.until("stopping")
            time.sleep(0.3)  # sooner it would be taken for the same wish
            run.terminate()
            self.assertEqual(6, run.wait(), run.log())
            self.assertEqual("cancelled", run.events("step")[0]["outcome"])

    def test_said_to_the_process_and_to_its_group_is_said_once(self):
        with self.folder.start(self.folder.flow(every="1s", step={"wait_ms": 1500})) as run:
            self.folder.until_begun()
            run.terminate()
            run.terminate()
            self.assertEqual(0, run.wait(), run.log())
            self.assertEqual("succeeded", run.events("step")[0]["outcome"])

    def test_a_terminal_that_goes_away_is_one_of_them(self):
        with self.folder.start(self.folder.flow(every="1h")) as run:
            run.until("next")
            run.process.send_signal(signal.SIGHUP)
            self.assertEqual(0, run.wait())

    def test_a_reader_that_sleeps_stops_neither_runs_nor_the_end(self):
        paths = [self.folder.flow(f"flow-{number}-{'x' * 50}", every="1s") for number in range(20)]
        read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
        with self.folder.start(*paths, stdout=write) as run:
            os.close(write)
            self.folder.until_begun(60)
            run.terminate()
            self.assertEqual(0, run.wait(), run.log())
        os.close(read)

    def test_steps_that_wait_for_their_turn_do_not_begin(self):
        paths = [self.folder.flow(f"flow-{number}", component="tally-serial", every="1s", step={"wait_ms": 2000})
                 for number in range(4)]
        with self.folder.start(*paths) as run:
            run.until("run", 4)
            self.folder.until_begun()
            begun = len(self.folder.begun())
            run.terminate()
            self.assertEqual(0, run.wait(), run.log())
            self.assertEqual(begun, len(self.folder.begun()))
            self.assertGreaterEqual(len(run.events("stopped")), 2)

    def test_while_it_waits_ends_at_once(self):
        with self.folder.start(self.folder.flow(every="1h")) as run:
            run.until("next")
            run.terminate()
            self.assertEqual(0, run.wait())


class Once(Case):
    def test_ends_with_the_code_of_the_last_step(self):
        for outcome, code in (("succeeded", 0), ("partial", 2), ("rejected", 3), ("failed", 4), ("unknown", 5)):
            run = self.folder.once(self.folder.flow(step={"outcome": outcome}))
            self.assertEqual((outcome, code), (outcome, run.code), run.log())

    def test_gives_payload_and_mark_to_an_operation_that_takes_them_and_to_no_other(self):
        steps = [{"id": "note", "component": "tally", "operation": "note", "settings": "account.json"},
                 {"id": "bare", "component": "tally", "operation": "bare", "settings": "account.json",
                  "input": {"outcome": "succeeded"}}]
        payload = self.folder.write("payload.json", {"title": "日報"})
        self.assertEqual(0, self.folder.once(self.folder.flow(steps=steps), "--payload", payload).code)
        inputs = [entry["input"] for entry in self.folder.tally() if "input" in entry]
        self.assertEqual([{"payload": {"title": "日報"}, "render": True}, {"outcome": "succeeded"}], inputs)

    def test_hands_the_result_to_the_step_of_a_route(self):
        step = {"component": "tally", "operation": "note", "settings": "account.json"}
        run = self.folder.once(self.folder.flow(steps=[
            {"id": "a", **step, "input": {"outcome": "rejected"}, "on": {"rejected": "alert"}}, {"id": "alert", **step}]))
        self.assertEqual(3, run.code)
        payload = [entry["input"] for entry in self.folder.tally() if "input" in entry][1]["payload"]
        self.assertEqual("rejected", payload["outcome"])

    def test_says_what_cannot_be_run_and_with_which_code(self):
        good = self.folder.flow()
        step = {"id": "s", "component": "tally", "operation": "note", "settings": "account.json"}
        cases = [
            (78, [self.folder.write("bad.json", {"id": "bad", "every": "1h", "stepps": []})], "stepps"),
            (78, [good, self.folder.write("twin.json", {"id": "f", "every": "1h", "steps": [step]})], "same id"),
            (69, [self.folder.flow("no-type", steps=[{**step, "component": "tallly"}])], "tally"),
            (64, [self.folder.flow("no-operation", steps=[{**step, "operation": "noet"}])], "note"),
            (66, [self.folder.name("missing.json")], "missing.json"),
            (66, [good, "--payload", self.folder.name("missing.json")], "missing.json"),
            (65, [good, "--payload", self.folder.write("text", "not json")], "not valid JSON"),
        ]
        for code, arguments, word in cases:
            for once in ([], ["--once"]):
                run = self.folder.start(*arguments, *once)
                self.assertEqual(code, run.wait(), f"{arguments}\n{run.log()}")
                self.assertIn(word, run.log())
        self.assertEqual([], self.folder.tally())

    def test_that_is_stopped_with_steps_left_ends_with_6(self):
        step = {"component": "tally", "operation": "note", "settings": "account.json", "input": {"wait_ms": 1000}}
        with self.folder.start(self.folder.flow(steps=[{"id": "a", **step}, {"id": "b", **step}]), "--once") as run:
            self.folder.until_begun()
            run.terminate()
            self.assertEqual(6, run.wait(), run.log())
            self.assertEqual(1, len(self.folder.begun()))

    def test_refuses_a_mark_that_a_step_gives_itself(self):
        run = self.folder.once(self.folder.flow(step={"render": False}))
        self.assertEqual(78, run.code)
        self.assertIn("render", run.log())

    def test_settings_that_cannot_be_used_are_a_failed_step(self):
        for content in ("{}", "nonsense"):
            self.folder.write("account.json", content)
            run = self.folder.once(self.folder.flow())
            self.assertEqual(78, run.code, run.log())
            self.assertEqual("failed", run.events("step")[0]["outcome"])
        os.remove(self.folder.name("account.json"))
        run = self.folder.once(self.folder.flow())
        self.assertEqual(66, run.code)
        self.assertIn("account.json", run.events("step")[0]["message"])


class Store(Case):
    def test_that_is_replaced_is_named_and_nothing_more_is_run(self):
        with self.folder.start(self.folder.flow(every="1s")) as run:
            run.until("finished")
            os.rename(self.folder.name("home/state.sqlite"), self.folder.name("home/away"))
            self.assertIn("removed or replaced", run.until("trouble")[0]["message"])
            begun = len(self.folder.begun())
            time.sleep(2.5)
            self.assertEqual(begun, len(self.folder.begun()))
            run.terminate()
            run.wait()

    def test_knows_that_two_files_share_an_id(self):
        with self.folder.start(self.folder.flow()) as run:
            run.until("next")
            os.mkdir(self.folder.name("copy"))
            for name in ("f.json", "account.json"):
                with open(self.folder.name(name), encoding="utf-8") as file:
                    self.folder.write(os.path.join("copy", name), file.read())
            copy = self.folder.once(self.folder.name("copy/f.json"))
            self.assertIn("f.json", copy.events("trouble")[0]["message"])


class Account(Case):
    def test_settings_that_change_are_taken_at_the_next_step(self):
        with self.folder.start(self.folder.flow(every="1s")) as run:
            run.until("finished")
            self.folder.settings("account.json", file=self.folder.name("second"))
            self.folder.until_begun(1, "second")
            run.terminate()
            self.assertEqual(0, run.wait())
            self.assertEqual({"quiesced": True}, self.folder.tally()[-1], "the first was let go of")

    def test_is_quiesced_when_it_rests(self):
        with self.folder.start(self.folder.flow(every="3s")) as run:
            run.until("run", 2)
            kinds = [next(iter(sorted(entry))) for entry in self.folder.tally()]
            self.assertEqual(["begins", "ends", "quiesced"], kinds[:3])

    def test_is_shared_and_runs_one_call_at_a_time_unless_the_manifest_allows_more(self):
        paths = [self.folder.flow(f"flow-{number}", component="tally-serial", every="1s", step={"wait_ms": 100})
                 for number in range(4)]
        with self.folder.start(*paths) as run:
            run.until("finished", 8)
            run.terminate()
            run.wait()
        running = 0
        for entry in self.folder.tally():
            running += ("begins" in entry) - ("ends" in entry)
            self.assertIn(running, (0, 1))
            self.assertFalse("quiesced" in entry and running)

    def test_that_cannot_be_used_is_named_at_start_and_the_flow_waits_all_the_same(self):
        self.folder.settings("account.json", file=self.folder.name("tally"), token={"$secret": "tally-token"})
        with self.folder.start(self.folder.flow()) as run:
            run.until("next")
            self.assertIn("tally-token", run.log())
        self.folder.write("account.json", "{}")
        with self.folder.start(self.folder.flow()) as run:
            run.until("next")
            self.assertIn("file", run.log())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
