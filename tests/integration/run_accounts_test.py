"""`wfc run` looks after the accounts of its flows. Arguments: --build DIR."""

import argparse
import sys
import unittest

import flows

ARGUMENTS = None


class Accounts(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(flows.Folder(ARGUMENTS.build))

    def watched(self, **members):
        self.folder.settings("account.json", file=self.folder.name("tally"), account="watched", **members)

    def flow(self, name="f", **members):
        note = {"component": "tally", "operation": "note", "settings": "account.json"}
        return self.folder.flow(name, steps=[{"id": "note", **note}, {"id": "alert", **note}],
                                **{"every": "1h", "on": {"warning": "alert"}, **members})

    def calls(self):
        return [entry for entry in self.folder.tally() if "/account-status/" in entry.get("begins", "")]

    def asked(self):
        return [entry for entry in self.calls() if not entry["begins"].endswith("/alert")]

    def alerts(self):
        return [entry for entry in self.calls() if entry["begins"].endswith("/alert")]

    def test_tells_warnings_at_the_start_and_runs_the_step_of_on_warning_once(self):
        self.watched(warnings=["it ends soon", "twice"])
        with self.folder.start(self.flow()) as run:
            told = run.until("warning", 2)
            self.assertEqual(["it ends soon", "twice"], [event["message"] for event in told])
            self.assertEqual(("tally", self.folder.name("account.json")), (told[0]["component"], told[0]["settings"]))
            step, = run.until("step")
            self.assertEqual(("alert", "succeeded"), (step["step"], step["outcome"]))
            run.until("next")
            run.terminate()
            self.assertEqual(0, run.wait(), run.log())
        alert, = self.alerts()
        payload = alert["input"]["payload"]
        self.assertEqual(("warning", "f", "tally", ["it ends soon", "twice"], "tally"),
                         (payload["outcome"], payload["flow"], payload["component"], payload["warnings"],
                          payload["account"]["signed_in_as"]))
        with self.folder.start(self.folder.name("f.json")) as run:
            run.until("next")
        self.assertEqual((1, 1), (len(self.asked()), len(self.alerts())), "a restart repeats nothing")

    def test_of_two_processes_and_two_flows_one_asks_and_each_flow_tells_once(self):
        self.watched(warnings=["it ends soon"])
        paths = self.flow(), self.flow("g")
        with self.folder.start(*paths) as one, self.folder.start(*paths) as two:
            for run in (one, two):
                run.until("next", 2)
            self.folder.until_begun(3)
            for run in (one, two):
                run.terminate()
            self.assertEqual([0, 0], [one.wait(), two.wait()])
        self.assertEqual(1, len(self.asked()))
        self.assertEqual(["f", "g"], sorted(entry["begins"].split("/")[0] for entry in self.alerts()))

    def test_a_warning_of_every_run_runs_the_step_once(self):
        path = self.folder.flow(on={"warning": "alert"}, steps=[
            {"id": "note", "component": "tally", "operation": "note", "settings": "account.json", "input": {"warnings": ["it ends soon"]}},
            {"id": "alert", "component": "tally", "operation": "note", "settings": "account.json"}])
        for _ in range(3):
            run = self.folder.once(path)
            self.assertEqual(0, run.code, run.log())
        self.assertEqual(["note", "alert", "note", "note"], [name.rsplit("/", 1)[1] for name in self.folder.begun()])
        self.assertEqual(["it ends soon"], [event["message"] for event in run.events("warning")])

    def test_the_first_signal_ends_a_look_and_the_next_start_looks_again(self):
        self.watched(warnings=["it ends soon"], look_ms=50000)
        with self.folder.start(self.flow()) as run:
            self.folder.until_begun()
            run.terminate()
            self.assertEqual(0, run.wait(seconds=30), run.log())
        self.assertEqual([], self.alerts())
        self.watched(warnings=["it ends soon"])
        with self.folder.start(self.flow()) as run:
            run.until("next")
        self.assertEqual((2, 1), (len(self.asked()), len(self.alerts())))

    def test_an_account_that_cannot_be_asked_stops_nothing(self):
        self.watched(trouble="nobody answers")
        run = self.folder.once(self.flow())
        self.assertEqual(0, run.code, run.log())
        self.assertEqual("nobody answers", run.events("warning")[0]["message"])
        self.assertEqual("nobody answers", self.alerts()[0]["input"]["payload"]["error"]["message"])
        self.assertEqual(["alert", "note"], [event["step"] for event in run.events("step")])

    def test_once_asks_before_the_run_and_speaks_to_people(self):
        self.watched(warnings=["it ends soon"])
        run = flows.Run(self.folder, (self.flow(on={"warning": "log"}), "--once"), {}, json_lines=False)
        self.assertEqual(0, run.wait(), run.log())
        said = "".join(run.lines)
        self.assertRegex(said, rf"(?m)^20\S+ f: warning of tally, {self.folder.name('account.json')}: it ends soon$")
        self.assertLess(said.index("it ends soon"), said.index("begins"))
        self.assertEqual([], self.alerts())

    def test_settings_without_such_an_operation_are_not_asked(self):
        self.folder.settings("account.json", file=self.folder.name("tally"), warnings=["never told"])
        run = self.folder.once(self.flow())
        self.assertEqual(0, run.code, run.log())
        self.assertEqual([], self.asked())
        self.assertEqual([], run.events("warning"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
