"""How `wfc serve` ends: with its input, a signal, its reader. Arguments: --build DIR."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import time

from serve_rig import Serve, main

GONE = 30  # s; five on a machine that has nothing else to do


class End(Serve):
    def tally(self, **more):
        host = self.host(**more)
        host.load("t", "tally")
        self.file = os.path.join(host.folder.name, "tally")
        host.configure("t", {"file": self.file})
        return host

    def begun(self, host, wait_ms, call="runs"):
        """A call that runs."""
        identifier = host.start("t", "note", {"wait_ms": wait_ms}, call=call)
        end = time.monotonic() + host.seconds
        while not (os.path.exists(self.file) and call in self.read()):
            self.assertLess(time.monotonic(), end, "the call did not begin")
            time.sleep(0.01)
        return identifier

    def read(self):
        with open(self.file, encoding="utf-8") as file:
            return file.read()

    def test_at_the_end_of_its_input_a_call_may_finish(self):
        host = self.tally()
        call = self.begun(host, 700)
        self.assertEqual(0, host.end(GONE))
        self.assertEqual("ok", host.answer_to(call)["status"])
        self.assertIn("quiesced", self.read())

    def test_a_call_that_takes_longer_is_cancelled(self):
        host = self.tally()
        call = self.begun(host, 60000)
        began = time.monotonic()
        self.assertEqual(0, host.end(GONE))
        self.assertGreater(time.monotonic() - began, 2.5, "it had three seconds")
        self.assertEqual("cancelled", host.answer_to(call)["status"])

    def test_a_call_that_does_not_end_is_unknown(self):
        host = self.chatter()
        call = host.start("c", "stubborn", {})
        time.sleep(0.2)
        self.assertEqual(0, host.end(GONE))
        result = host.answer_to(call)
        self.assertEqual(("internal", "unknown", "host.ended"),
                         (result["status"], result["outcome"], result["document"]["error"]["id"]))

    def test_after_sigterm_nothing_is_taken_any_more(self):
        host = self.tally()
        call = self.begun(host, 1500)
        host.terminate()
        end = time.monotonic() + GONE
        while "error" not in (line := host.ask("release", of=1))["type"] and time.monotonic() < end:
            time.sleep(0.02)
        self.assert_error(line, "closing")
        self.assertEqual(0, host.wait(GONE))
        self.assertEqual("ok", host.answer_to(call)["status"])

    def test_sigterm_ends_it_where_nothing_runs_and_nobody_closes_its_input(self):
        host = self.tally()
        host.terminate()
        self.assertEqual(0, host.wait(GONE))
        self.assertEqual([], os.listdir(os.path.join(host.home, "blobs")))

    def test_it_ends_before_the_first_line(self):
        host = self.host(hello=False)
        self.assertEqual(0, host.end(GONE))
        self.assertEqual(b"", host.output)

    def unheard(self, output, *requests):
        """A process to which these were said, and whose answers nobody has read yet."""
        host = self.host()  # its command and environment
        process = self.enterContext(subprocess.Popen(host.command, cwd=host.folder.name, env=host.environment,
                                                     stdin=subprocess.PIPE, stdout=output, stderr=subprocess.DEVNULL))
        self.addCleanup(lambda: process.poll() is None and process.kill())
        for identifier, request in enumerate(({"type": "hello", "protocol": 1}, *requests), 1):
            process.stdin.write(json.dumps({"id": identifier, **request}).encode() + b"\n")
        process.stdin.flush()
        return process

    def test_without_a_reader_calls_are_cancelled_at_once(self):
        for name in ("pipe", "socket"):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                self.file = os.path.join(folder, "tally")
                ours, theirs = os.pipe() if name == "pipe" else (each.detach() for each in socket.socketpair())
                process = self.unheard(theirs, {"type": "load", "component": "t", "of": "tally"},
                                       {"type": "configure", "component": "t", "settings": {"file": self.file}},
                                       {"type": "invoke", "component": "t", "operation": "note", "input": {"wait_ms": 60000}})
                os.close(theirs)
                end = time.monotonic() + GONE
                while not (os.path.exists(self.file) and "begins" in self.read()):
                    self.assertLess(time.monotonic(), end, "the call did not begin")
                    time.sleep(0.02)
                os.close(ours)
                self.assertEqual(0, process.wait(GONE))
                self.assertNotIn('"ends"', self.read())

    def test_sigterm_ends_it_where_nobody_reads_what_it_says(self):
        process = self.unheard(subprocess.PIPE, {"type": "load", "component": "c", "of": "chatter"},
                               {"type": "invoke", "component": "c", "operation": "result", "input": {"bytes": 4 << 20}})
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(0, process.wait(GONE))


if __name__ == "__main__":
    main()
