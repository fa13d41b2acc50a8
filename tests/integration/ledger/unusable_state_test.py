"""A state file that cannot be used, in each of the hosts: the reason is said with the file and the call, nothing is sent that
might have been sent before, and what does not ask the store goes on.
"""

import json
import os
import subprocess
import tempfile
import time

from fault_proxy import FaultProxy, Plan
from ledger_rig import Host, main, message
from state_rig import State

END = 5  # the reply to the end of data; 4 is the one to DATA


class Unusable(State):
    def damage(self):
        with open(self.state_file, "r+b") as file:
            file.write(os.urandom(100))

    def call(self, identifier, subject="k", wfc=None):
        return self.send(self.account, message(subject), "--call-id", identifier, wfc=wfc)


class CallId(Unusable):
    def test_the_same_call_is_not_sent_again_when_the_file_is_damaged(self):
        self.assert_outcome("accepted", self.call("order 7"))
        self.assertTrue(self.assert_outcome("accepted", self.call("order 7"))["duplicate"])
        self.damage()
        for identifier in ("order 7", "order 7", "order 8"):
            self.assert_no_state(self.call(identifier))
        self.assert_no_state(self.send(self.account, message("k")))  # an id of its own, and still nobody knows
        self.assertEqual(1, self.count("k"))

    def test_is_refused_where_there_is_no_place_to_remember_it(self):
        wfc = self.behind("env", "-u", "HOME", "WFC_HOME=/proc/nowhere")
        result = self.call("order 7", wfc=wfc)
        self.assertEqual((66, None), (result.code, result.document), result)
        self.assertIn("--call-id", result.log)
        self.assertIn("/proc/nowhere", result.log)
        self.assertEqual(0, self.count("k"))

    def test_without_one_a_host_without_a_home_sends_and_says_what_it_does_not_do(self):
        wfc = self.behind("env", "-u", "HOME", "WFC_HOME=/proc/nowhere")
        result = self.send(self.account, message("k"), wfc=wfc)
        self.assert_outcome("accepted", result)
        self.assertIn("nothing is remembered between calls", result.log)

    def test_is_no_reason_to_refuse_what_changes_nothing(self):
        wfc = self.behind("env", "-u", "HOME", "WFC_HOME=/proc/nowhere")
        result = wfc.invoke("preview", self.account, message("k"), options=("--call-id", "look 1"))
        self.assert_outcome("succeeded", result)


class Others(Unusable):
    def test_what_does_not_ask_the_store_goes_on_with_a_note(self):
        self.sent("before")
        self.damage()
        for operation, document in (("preview", message("k")), ("validate", {}), ("explain", {"reply": "550 5.1.1 no such user"})):
            with self.subTest(operation):
                result = self.wfc.invoke(operation, self.account, document)
                self.assertEqual((0, "succeeded"), (result.code, result.document["outcome"]), result)
                self.assertIn(self.state_file, result.log)

    def test_without_the_ledger_the_message_goes_as_it_was_asked_for(self):
        self.sent("before")
        self.damage()
        self.account["delivery"] = {"ledger": "off"}
        self.assert_outcome("accepted", self.send(self.account, message("k")))
        self.assertEqual(1, self.count("k"))


class Serve(Unusable):
    def said(self, host, call):
        return host.until(lambda line: line["type"] == "log" and line.get("call") == call and self.state_file in json.dumps(line),
                          "why the state file failed")

    def prepared(self):
        host = self.enterContext(Host(self.build, home=self.home))
        host.load("m", "mail-send")
        host.configure("m", self.account)
        return host

    def test_says_which_file_and_which_call_when_it_is_locked_and_goes_on_afterwards(self):
        self.sent("before")
        host, lock = self.prepared(), self.locked()
        line = host.invoke("m", "send", message("k"), call="order 7")
        self.assertEqual("host.state", line["document"]["error"]["id"], line)
        said = self.said(host, "order 7")
        self.assertEqual(("warning", "m"), (said["level"], said["component"]), said)
        self.assertIn("locked by another process", json.dumps(said))
        lock.close()
        self.assertEqual("accepted", host.invoke("m", "send", message("k"), call="order 7", timeout_ms=50_000)["document"]["outcome"])
        self.assertEqual(1, self.count("k"))

    def test_a_damaged_file_sends_nothing_and_a_repaired_one_is_used_without_a_restart(self):
        self.sent("key")
        with open(self.state_file, "rb") as file:
            sound = file.read()
        self.damage()
        host = self.prepared()
        for call in ("order 7", "order 8"):
            line = host.invoke("m", "send", self.key("key"), call=call)
            self.assertEqual("host.state", line["document"]["error"]["id"], line)
        self.assertIn(self.state_file, host.log())
        with open(self.state_file, "wb") as file:
            file.write(sound)
        end = time.monotonic() + 60
        while True:
            document = host.invoke("m", "send", self.key("key"), call="order 9")["document"]
            if document["outcome"] == "accepted":
                break
            self.assertEqual("host.state", document["error"]["id"], document)
            self.assertLess(time.monotonic(), end)
            time.sleep(0.2)
        self.assertTrue(document["duplicate"], document)
        self.assertEqual(1, self.count("key"))

    def test_without_a_home_it_does_not_start_and_says_why(self):
        done = subprocess.run([self.wfc.tool, "serve"], env={"PATH": "/usr/bin:/bin", "WFC_HOME": "/proc/nowhere"}, input=b"",
                              capture_output=True, check=False, timeout=60)
        self.assertEqual(66, done.returncode, done)
        self.assertIn(b"/proc/nowhere", done.stderr)


class Run(Unusable):
    def started(self, *options):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        with open(os.path.join(folder, "account.json"), "w", encoding="utf-8") as file:
            json.dump(self.account, file)
        flow = {"id": "f", "timezone": "UTC", "every": "1h", "steps": [
            {"id": "one", "component": "mail-send", "operation": "send", "settings": "account.json", "input": message("k")}]}
        with open(os.path.join(folder, "f.json"), "w", encoding="utf-8") as file:
            json.dump(flow, file)
        process = subprocess.Popen(
            [self.wfc.tool, "run", os.path.join(folder, "f.json"), "--once", "--json", *options],
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "WFC_HOME": self.home, "WFC_COMPONENTS": self.wfc.components},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def test_says_which_file_and_which_call_when_it_is_locked_during_a_step(self):
        self.sent("before")
        proxy = self.enterContext(FaultProxy(self.store.port, [Plan(late={END - 1: 1.0})]))
        self.account["server"]["port"] = proxy.port
        process = self.started()
        end = time.monotonic() + 60
        while not (proxy.records and proxy.records[0].down_received > proxy.records[0].down_forwarded > 100):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.002)
        lock = self.locked()
        time.sleep(5)  # longer than a component may wait, less than the journal does
        lock.close()
        output, log = process.communicate(timeout=60)
        self.assertNotEqual(0, process.returncode, output + log)
        said = [json.loads(line) for line in log.splitlines() if line.startswith("{") and self.state_file in line]
        self.assertGreaterEqual(len(said), 1, log)
        self.assertEqual(("warning", "wfc.notice", "f", "one"), tuple(said[0].get(each) for each in ("level", "event", "flow", "step")))
        self.assertTrue(said[0]["call_id"].startswith("f/"), said[0])
        self.assertEqual(0, self.count("k"))

    def test_does_not_start_with_a_damaged_file(self):
        self.sent("before")
        self.damage()
        process = self.started()
        output, log = process.communicate(timeout=60)
        self.assertEqual(66, process.returncode, output + log)
        self.assertIn(self.state_file, log)
        self.assertEqual(0, self.count("k"))


if __name__ == "__main__":
    main()
