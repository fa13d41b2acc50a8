"""`wfc serve` as an engine sees it: components, settings, calls. Arguments: --build DIR."""

import json
import os
import tempfile
import time

from invoke import Inbox, Result
from serve_rig import MESSAGE, NOBODY, Serve, main


class Components(Serve):
    def test_says_who_it_is_and_what_is_installed(self):
        host = self.host("--calls", "7")
        self.assertEqual(1, host.greeting["protocol"])
        self.assertEqual({"line_bytes": 8 << 20, "calls": 7, "components": 256}, host.greeting["limits"])
        installed = {each["type"] for each in host.greeting["components"]}
        self.assertLessEqual({"mail-send", "greet", "chatter"}, installed)
        self.assertEqual(0o700, os.stat(host.blobs).st_mode & 0o777)

    def test_hello_comes_first_and_once(self):
        host = self.host(hello=False)
        self.assert_error(host.ask("load", component="a", of="greet"), "protocol", "first")
        host.last_id += 1
        host.raw(b'{"id": 2, "type": "hello", "protocol": 2}\n')
        self.assert_error(host.answer_to(2), "protocol", "speaks protocol 1")
        self.assertEqual("hello", host.ask("hello", protocol=1, engine={"name": "test", "version": "1"})["type"])
        self.assert_error(host.ask("hello", protocol=1), "protocol", "before")

    def test_loads_components_under_names_of_the_engine(self):
        host = self.host()
        loaded = host.load("a.b-1", "greet")
        self.assertEqual(("greet", "1.0.0", "parallel"), (loaded["of"], loaded["version"], loaded["concurrency"]))
        self.assertEqual("serial", host.load("serial", "tally-serial")["concurrency"])
        self.assert_error(host.ask("load", component="a.b-1", of="greet"), "exists", "a.b-1")
        self.assert_error(host.ask("load", component="b", of="gret"), "not-installed", "gret")
        self.assertEqual("unloaded", host.ask("unload", component="a.b-1")["type"])
        self.assert_error(host.ask("unload", component="a.b-1"), "unknown-component", "load it first")
        host.load("a.b-1", "greet")

    def test_refuses_a_component_that_cannot_be_loaded(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(self.build, "components", "minimal-component", "component.json"), encoding="utf-8") as file:
                manifest = json.load(file)
            manifest["type"] = "empty"
            for language in manifest["texts"].values():
                os.makedirs(os.path.dirname(os.path.join(folder, "empty", language)), exist_ok=True)
            with open(os.path.join(folder, "empty", "component.json"), "w", encoding="utf-8") as file:
                json.dump(manifest, file)
            host = self.host("--components", folder)
            told = [host.say("load", component="e", of="empty"), host.say("configure", component="e", settings={}),
                    host.start("e", "hello", {})]
            self.assert_error(host.answer_to(told[0]), "refused", "libgreet")
            for later in told[1:]:
                self.assert_error(host.answer_to(later), "unknown-component", "load it first")
            host.load("e", "greet")

    def test_greets_with_the_minimal_component(self):
        host = self.host()
        host.load("g", "greet")
        self.assert_error(host.ask("invoke", component="g", operation="hello", input={}), "not-configured", "configure it")
        host.configure("g", {"greeting": "Good day"})
        result = host.invoke("g", "hello", {"name": "Ada"})
        self.assertEqual(("ok", "succeeded", "succeeded"), (result["status"], result["outcome"], result["port"]), result)
        self.assertIn("Good day", json.dumps(result["document"]))

    def test_names_operations_that_are_not_there(self):
        host = self.chatter()
        self.assert_error(host.ask("invoke", component="c", operation="prnt", input={}), "unknown-operation", 'mean "print"')
        self.assert_error(host.ask("invoke", component="c", operation="smell", input={}), "unknown-operation", "wfc.smell/1")
        self.assert_error(host.ask("invoke", component="d", operation="print", input={}), "unknown-component")


class Mail(Serve):
    def test_sends_with_an_attachment_that_came_as_a_blob(self):
        host = self.host()
        with Inbox(self.build) as inbox:
            host.load("m")
            host.configure("m", inbox.settings())
            name = host.write_blob("figures.csv", b"a;b\n1;2\n")
            message = {**MESSAGE, "attachments": [{"blob": "figures", "name": "figures.csv"}]}
            result = host.invoke("m", "send", message, blobs={"figures": name}, call="report-7")
            Result.schema.validate(result["document"])
            self.assertEqual(("ok", "accepted", "accepted", {}),
                             (result["status"], result["outcome"], result["port"], result["blobs"]))
            self.assertIn(b"figures.csv", inbox.messages()[0])
        self.assertEqual([], os.listdir(host.blobs), "the file of the call is removed")

    def test_the_same_call_id_is_the_same_work(self):
        host = self.host()
        with Inbox(self.build) as inbox:
            host.load("m")
            host.configure("m", inbox.settings())
            first = [host.invoke("m", "send", MESSAGE, call="order-1")["document"]["message_id"] for _ in range(2)]
            other = host.invoke("m", "send", MESSAGE)["document"]["message_id"]
            self.assertEqual(first[0], first[1])
            self.assertNotEqual(first[0], other)

    def test_previews_into_a_blob_that_stands_until_it_is_released(self):
        host = self.host()
        host.load("m")
        host.configure("m", NOBODY)
        result = host.invoke("m", "preview", MESSAGE, save=["message.eml", "nothing"])
        self.assertNotIn("port", result, "an action has none")
        self.assertEqual(["message.eml"], list(result["blobs"]))
        saved = result["blobs"]["message.eml"]
        content = host.blob(saved)
        self.assertEqual(len(content), saved["bytes"])
        self.assertIn(b"Subject: Hello", content)
        self.assertEqual("released", host.ask("release", of=result["id"])["type"])
        self.assertEqual([], os.listdir(host.blobs))
        self.assertEqual("released", host.ask("release", of=result["id"])["type"], "once more")

    def test_tells_the_rows_of_a_report_as_they_come(self):
        host = self.host()
        with Inbox(self.build) as inbox:
            host.load("m")
            host.configure("m", inbox.settings())
            result = host.invoke("m", "test-connection", {})
        self.assertEqual("succeeded", result["outcome"], result)
        rows = [line["event"]["row"]["stage"] for line in host.of(result["id"], "progress") if "row" in line["event"]]
        self.assertEqual([row["stage"] for row in result["document"]["report"]], rows)
        kinds = [line["type"] for line in host.lines if line.get("id") == result["id"]]
        self.assertEqual("result", kinds[-1], "nothing comes after the result")

    def test_says_which_settings_and_input_are_wrong(self):
        host = self.host()
        host.load("m")
        wrong = host.configure("m", {**NOBODY, "sever": {}})
        self.assertEqual("invalid-settings", wrong["status"])
        self.assertEqual("/sever", wrong["document"]["error"]["pointer"])
        self.assert_error(host.ask("invoke", component="m", operation="preview", input=MESSAGE), "not-configured")
        self.assertEqual("ok", host.configure("m", NOBODY)["status"])
        self.assertEqual("invalid-settings", host.configure("m", {"server": 1})["status"])
        self.assertEqual("succeeded", host.invoke("m", "preview", MESSAGE)["outcome"], "the old settings stay")
        result = host.invoke("m", "send", {"too": "bob@example.test"})
        self.assertEqual(("invalid-input", "failed"), (result["status"], result["port"]), result)

    def test_explains_without_settings(self):
        host = self.host()
        host.load("m")
        result = host.invoke("m", "explain", {"reply": "535 5.7.8 Username and Password not accepted"})
        self.assertEqual("ok", result["status"], result)

    def test_many_calls_at_once_each_get_their_own_result(self):
        host = self.host()
        with Inbox(self.build) as inbox:
            host.load("m")
            host.configure("m", inbox.settings())
            calls = {host.start("m", "send", {**MESSAGE, "subject": f"number {n}"}): n for n in range(30)}
            results = [host.answer_to(call) for call in calls]
            self.assertEqual({"accepted"}, {result.get("outcome") for result in results}, results)
            self.assertEqual(30, len({result["document"]["message_id"] for result in results}))
            subjects = {line for message in inbox.messages() for line in message.splitlines() if line.startswith(b"Subject")}
            self.assertEqual({f"Subject: number {n}".encode() for n in range(30)}, subjects)


class Calls(Serve):
    def tally(self, of, **more):
        host = self.host(**more)
        host.load("t", of)
        self.file = os.path.join(host.folder.name, "tally")
        host.configure("t", {"file": self.file})
        return host

    def entries(self):
        with open(self.file, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def until_begun(self, host, call):
        end = time.monotonic() + host.seconds
        while not (os.path.exists(self.file) and call in [entry.get("begins") for entry in self.entries()]):
            self.assertLess(time.monotonic(), end, "the call did not begin")
            time.sleep(0.02)

    def test_a_serial_component_takes_one_call_after_the_other_in_order(self):
        host = self.tally("tally-serial")
        calls = [host.start("t", "note", {"wait_ms": 20}, call=f"n{n}") for n in range(6)]
        for call in calls:
            self.assertEqual("ok", host.answer_to(call)["status"])
        order = [(kind, entry[kind]) for entry in self.entries() for kind in ("begins", "ends") if kind in entry]
        self.assertEqual([(kind, f"n{n}") for n in range(6) for kind in ("begins", "ends")], order)

    def test_more_calls_than_the_limit_are_refused_at_once(self):
        host = self.host("--calls", "2")
        host.load("t", "tally")
        host.configure("t", {"file": os.path.join(host.folder.name, "tally")})
        calls = [host.start("t", "note", {"wait_ms": 60000}) for _ in range(2)]
        self.assert_error(host.ask("invoke", component="t", operation="note", input={}), "busy", "2 calls")
        for call in calls:
            host.ask("cancel", of=call)
            self.assertEqual("cancelled", host.answer_to(call)["status"])
        self.assertEqual("ok", host.invoke("t", "note", {})["status"])

    def test_cancels_a_call_that_runs_and_one_that_waits(self):
        host = self.tally("tally-serial")
        runs = host.start("t", "note", {"wait_ms": 60000}, call="runs")
        waits = host.start("t", "note", {}, call="waits")
        self.until_begun(host, "runs")
        self.assertEqual({"known": True}, {"known": host.ask("cancel", of=waits)["known"]})
        result = host.answer_to(waits)
        self.assertEqual(("cancelled", "cancelled", "host.cancelled"),
                         (result["status"], result["outcome"], result["document"]["error"]["id"]))
        self.assertTrue(host.ask("cancel", of=runs)["known"])
        self.assertEqual("cancelled", host.answer_to(runs)["status"])
        self.assertFalse(host.ask("cancel", of=runs)["known"])
        self.assertNotIn("waits", [entry.get("begins") for entry in self.entries()])

    def test_a_call_that_waits_longer_than_its_time_is_not_begun(self):
        host = self.tally("tally-serial")
        runs = host.start("t", "note", {"wait_ms": 60000}, call="runs")
        result = host.invoke("t", "note", {}, timeout_ms=100, call="late")
        self.assertEqual(("failed", "host.no_time_left"), (result["status"], result["document"]["error"]["id"]))
        host.ask("cancel", of=runs)
        host.answer_to(runs)
        self.assertNotIn("late", [entry.get("begins") for entry in self.entries()])

    def test_new_settings_wait_for_the_calls_before_and_the_calls_after_for_them(self):
        host = self.tally("tally")
        other = os.path.join(host.folder.name, "other")
        before = host.start("t", "note", {"wait_ms": 500}, call="before")
        changed = host.say("configure", component="t", settings={"file": other})
        after = host.start("t", "note", {}, call="after")
        for identifier in (after, changed, before):
            host.answer_to(identifier)
        with open(other, encoding="utf-8") as file:
            self.assertIn("after", [json.loads(line).get("begins") for line in file])
        self.assertEqual({"begins": "before"}, {"begins": self.entries()[0]["begins"]})
        order = [line["id"] for line in host.lines if line.get("id") in (before, changed, after)]
        self.assertEqual([before, changed, after], order)

    def test_a_call_that_does_not_end_is_given_up_and_keeps_its_place(self):
        host = self.host("--calls", "3")
        for name in "cd":
            host.load(name, "chatter")
        cancelled, late = host.start("c", "stubborn", {}), host.start("d", "stubborn", {}, timeout_ms=100)
        waits = host.say("configure", component="c", settings={})
        self.assertTrue(host.ask("cancel", of=cancelled)["known"])
        for call in (cancelled, late):
            result = host.answer_to(call)
            self.assertEqual(("internal", "unknown", "host.stuck"),
                             (result["status"], result["outcome"], result["document"]["error"]["id"]))
        self.assert_error(host.answer_to(waits), "stuck", "does not end")
        self.assert_error(host.ask("configure", component="d", settings={}), "stuck")
        self.assertFalse(host.ask("cancel", of=cancelled)["known"])
        self.assertEqual("ok", host.invoke("c", "print", {})["status"], "it takes calls side by side")
        third = host.start("c", "stubborn", {})
        self.assert_error(host.ask("invoke", component="d", operation="print", input={}), "busy", "3 calls")
        self.assert_error(host.ask("unload", component="c"), "stuck")
        host.load("c", "greet")
        self.assertEqual(0, host.end(30))
        self.assertEqual("host.ended", host.answer_to(third)["document"]["error"]["id"])
        self.assertEqual(1, len([line for line in host.lines if line.get("id") == cancelled]))

    def test_unloads_once_its_calls_are_over(self):
        host = self.tally("tally")
        call = host.start("t", "note", {"wait_ms": 300})
        host.ask("unload", component="t")
        self.assertEqual([call, host.last_id], [line["id"] for line in host.lines if line.get("id", 0) >= call])

    def test_quiesces_what_rests(self):
        host = self.chatter()
        host.invoke("c", "print", {})
        host.until(lambda line: line.get("event") == "chatter.quiesced", "the end of the rest")


if __name__ == "__main__":
    main()
