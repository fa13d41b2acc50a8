"""Every event that a component logs during a call names the call: in `wfc invoke`, `wfc run` and `wfc serve`."""

import argparse
import json
import sys
import unittest

import flows
from invoke import Inbox, Wfc
from serve_client import Host

ARGUMENTS = None
MESSAGE = {"to": "bob@example.test", "subject": "s", "text": "t"}


def events(log):
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


class Invoke(unittest.TestCase):
    def test_names_the_id_that_it_was_given(self):
        with Inbox(ARGUMENTS.build) as inbox:
            result = Wfc(ARGUMENTS.build).invoke("send", inbox.settings(), MESSAGE,
                                                 options=("--verbose", "--json", "--call-id", "order 7/日"))
        self.assertEqual(0, result.code, str(result))
        said = [event for event in events(result.log) if event.get("event", "").startswith("send.")]
        self.assertGreaterEqual(len(said), 1, result.log)
        self.assertEqual({"order 7/日"}, {event.get("call_id") for event in said}, result.log)

    def test_names_one_for_people_too(self):
        with Inbox(ARGUMENTS.build) as inbox:
            result = Wfc(ARGUMENTS.build).invoke("send", inbox.settings(), MESSAGE, options=("--verbose", "--call-id", "seven"))
        said = [line for line in result.log.splitlines() if " send.finished {" in line]
        self.assertEqual(1, len(said), result.log)
        self.assertTrue(said[0].endswith(" (call seven)"), said[0])


class Run(unittest.TestCase):
    def test_names_call_flow_and_step_though_flows_run_side_by_side(self):
        with flows.Folder(ARGUMENTS.build) as folder:
            paths = [folder.flow(f"flow-{number}", every="1s", step={"wait_ms": 100, "log": {"of": f"flow-{number}"}})
                     for number in range(6)]
            with folder.start(*paths, "--verbose") as run:
                run.until("finished", 18)
                run.terminate()
                self.assertEqual(0, run.wait(), run.log())
            said = [event for event in events(run.log()) if event.get("event") == "tally.said"]
            self.assertEqual({event["call_id"] for event in run.events("step")}, {event["call_id"] for event in said})
            for event in said:
                flow = event["fields"]["of"]
                self.assertEqual((flow, "note"), (event["flow"], event["step"]))
                self.assertTrue(event["call_id"].startswith(flow + "/"), event)


class Serve(unittest.TestCase):
    def test_names_the_engines_request_and_the_calls_own_id_though_calls_run_side_by_side(self):
        with Inbox(ARGUMENTS.build) as inbox, Host(ARGUMENTS.build, log="debug") as host:
            host.load("m", "mail-send")
            host.configure("m", inbox.settings())
            asked = {host.start("m", "send", MESSAGE, call=f"order {number}"): f"order {number}" for number in range(12)}
            for number in asked:
                self.assertEqual("ok", host.answer_to(number)["status"])
            said = [line for line in host.lines if line["type"] == "log" and line["event"].startswith("send.")]
            self.assertEqual(set(asked.items()), {(line["request"], line["call"]) for line in said})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
