"""How `wfc serve` ends: with its input, a signal, its reader. Arguments: --build DIR."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import termios
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

    def test_changes_that_do_not_end_are_answered(self):
        host = self.chatter()
        changes = [host.say("configure", component="c", settings={"wait_ms": 60000}), host.say("unload", component="c")]
        time.sleep(0.2)
        self.assertEqual(0, host.end(GONE))
        for change in changes:
            self.assert_error(host.answer_to(change), "ended", "not known")

    def test_a_component_that_does_not_come_up_holds_nobody_up(self):
        for end in ("input", "signal"):
            with self.subTest(end):
                host = self.host(environment={"CHATTER_CREATE_MS": "60000"})
                hangs = host.say("load", component="c", of="chatter")
                waits = host.say("configure", component="c", settings={})
                host.load("g", "greet")
                self.assert_error(host.ask("load", component="c", of="greet"), "exists")
                host.configure("g", {"greeting": "Good day"})
                self.assertEqual("ok", host.invoke("g", "hello", {"name": "Ada"})["status"])
                if end == "signal":
                    host.terminate()
                self.assertEqual(0, host.wait(GONE) if end == "signal" else host.end(GONE))
                for change in (hangs, waits):
                    self.assert_error(host.answer_to(change), "ended")

    def test_a_second_signal_says_what_is_missing_and_leaves_nothing(self):
        host = self.chatter()
        host.load("d", "chatter")
        host.write_blob("in", b"content")
        call = host.start("c", "stubborn", {}, blobs={"in": "in"})
        change = host.say("configure", component="d", settings={"wait_ms": 60000})
        host.ask("release", of=1)
        for _ in range(2):
            host.terminate()
            time.sleep(0.5)
        self.assertEqual(128 + signal.SIGTERM, host.wait(GONE))
        self.assertEqual("host.ended", host.answer_to(call)["document"]["error"]["id"])
        self.assert_error(host.answer_to(change), "ended")
        self.assertEqual([], os.listdir(os.path.join(host.home, "blobs")))

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

    def unheard(self, output, *requests, source=subprocess.PIPE):
        """A process to which these were said, and whose answers nobody has read yet."""
        host = self.host()  # its command and environment
        process = self.enterContext(subprocess.Popen(host.command, cwd=host.folder.name, env=host.environment,
                                                     stdin=source, stdout=output, stderr=subprocess.DEVNULL))
        self.addCleanup(lambda: process.poll() is None and process.kill())
        if source == subprocess.PIPE:
            process.stdin.write(self.lines(*requests))
            process.stdin.flush()
        return process

    @staticmethod
    def lines(*requests):
        return b"".join(json.dumps({"id": identifier, **request}).encode() + b"\n"
                        for identifier, request in enumerate(({"type": "hello", "protocol": 1}, *requests), 1))

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

    UNREAD = ({"type": "load", "component": "c", "of": "chatter"},
              {"type": "invoke", "component": "c", "operation": "result", "input": {"bytes": 4 << 20}})
    LATER = [{"type": "release", "of": 1}] * 1500

    def until_unread(self, process):
        """Until the long result stands in the pipe, as far as that holds it."""
        count, end = bytearray(4), time.monotonic() + 60
        while int.from_bytes(count, sys.byteorder) < 30_000:
            self.assertLess(time.monotonic(), end, "nothing was written")
            time.sleep(0.02)
            fcntl.ioctl(process.stdout, termios.FIONREAD, count)

    def test_sigterm_ends_it_where_nobody_reads_what_it_says(self):
        process = self.unheard(subprocess.PIPE, *self.UNREAD)
        self.until_unread(process)
        process.stdin.write(self.lines(*self.UNREAD, *self.LATER))
        process.stdin.flush()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(0, process.wait(GONE))

    def test_the_end_of_its_input_ends_it_where_nobody_reads_what_it_says(self):
        process = self.unheard(subprocess.PIPE, *self.UNREAD)
        self.until_unread(process)
        process.stdin.write(self.lines(*self.UNREAD, *self.LATER))
        process.stdin.close()
        self.assertEqual(0, process.wait(GONE))
        ours, theirs = socket.socketpair()
        with self.subTest("half a socket"), ours, theirs:
            process = self.unheard(subprocess.PIPE, source=theirs)
            ours.sendall(self.lines(*self.UNREAD))
            self.until_unread(process)
            ours.sendall(self.lines(*self.LATER))
            ours.shutdown(socket.SHUT_WR)
            self.assertEqual(0, process.wait(GONE))


if __name__ == "__main__":
    main()
