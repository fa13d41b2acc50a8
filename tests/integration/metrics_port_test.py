"""The port of `wfc run --metrics`: who gets what there, and that nobody who misuses it keeps anybody waiting."""

import argparse
import json
import os
import socket
import sys
import threading
import time
import unittest
import urllib.request

import exposition
import flows
from metrics_rig import Case, page


class Port(Case):
    def answer(self, request, family=socket.AF_INET, address="127.0.0.1"):
        """All that comes back until the connection ends."""
        with socket.socket(family) as connection:
            connection.settimeout(60)
            connection.connect((address, self.port))
            connection.sendall(request)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts).decode()

    def status(self, line="GET /metrics HTTP/1.1", host="127.0.0.1", fields=""):
        answer = self.answer(f"{line}\r\nHost: {host}\r\n{fields}\r\n".encode())
        return int(answer.split(" ", 2)[1]), answer

    def test_gives_the_metrics_to_who_asks_this_machine_for_them_and_to_nobody_else(self):
        self.start(self.folder.flow())
        for host in ("127.0.0.1", f"127.0.0.1:{self.port}", "localhost", "LOCALHOST:9999", f"[::1]:{self.port}"):
            self.assertEqual(200, self.status(host=host)[0], host)
        for host in ("evil.example", f"evil.example:{self.port}", "127.0.0.1.evil.example", "localhost.", "::1", "",
                     "127.0.0.1@evil.example", "127.0.0.1:x", "10.0.0.1", "[::1]evil"):
            code, answer = self.status(host=host)
            self.assertEqual(403, code, host)
            self.assertNotIn("wfc_", answer)
        for line, code in (("GET / HTTP/1.1", 404), ("GET /metrics/ HTTP/1.1", 404), ("GET /%6detrics HTTP/1.1", 404),
                           ("POST /metrics HTTP/1.1", 405), ("HEAD /metrics HTTP/1.1", 405), ("GET /metrics HTTP/2.0", 505),
                           ("GET http://127.0.0.1/metrics HTTP/1.1", 400), ("nonsense", 400), ("GET /metrics?a=b HTTP/1.0", 200)):
            self.assertEqual(code, self.status(line)[0], line)
        self.assertTrue(self.status("HEAD /metrics HTTP/1.1")[1].endswith("\r\n\r\n"), "no body")
        self.assertEqual(400, self.status(fields="Host: localhost\r\n")[0], "two hosts")
        self.assertEqual(411, self.status(fields="Transfer-Encoding: chunked\r\n")[0])
        self.assertEqual(413, self.status(fields="Content-Length: 99999999999\r\n")[0])

    def test_answers_one_request_and_bounds_it(self):
        self.start(self.folder.flow())
        one = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
        self.assertEqual(1, self.answer(one + one).count("HTTP/1.1 200"))
        long = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40_000
        self.assertIn(" 431 ", self.answer(long))
        self.assertIn(" 400 ", self.answer(b"\0\xff\r\n\r\n" + os.urandom(100)))
        self.assertIsNotNone(self.value("wfc_build_info", version=self.version()))

    def version(self):
        with open(os.path.join(self.build, "components", "mail-send", "component.json"), encoding="utf-8") as file:
            return json.load(file)["version"]

    def test_slow_readers_and_a_hundred_connections_keep_neither_prometheus_nor_the_runs_waiting(self):
        run = self.start(self.folder.flow(every="1s"))
        held = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(100)]
        try:
            held[-1].sendall(b"GET /met")
            done = len(run.events("finished"))
            begun = time.monotonic()
            self.assertGreater(self.value("process_open_fds"), 0)
            self.assertLess(time.monotonic() - begun, 9, "less than the patience with those that say nothing")
            run.until("finished", done + 2)
            fds = self.value("process_open_fds")
            self.assertLess(fds, 60, "few are kept")
            held[-1].settimeout(60)
            self.assertEqual(b"", held[-1].recv(100), "and not for long")
        finally:
            for connection in held:
                connection.close()
        self.assertIsNone(run.process.poll())

    def test_takes_many_readers_at_once(self):
        self.start(self.folder.flow(every="1s"))
        texts = []
        readers = [threading.Thread(target=lambda: texts.append(self.text())) for _ in range(10)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        self.assertEqual(10, len([exposition.parse(text) for text in texts]))

    def test_ends_with_the_process_though_somebody_reads_slowly(self):
        run = self.start(self.folder.flow())
        with socket.create_connection(("127.0.0.1", self.port)) as slow:
            slow.sendall(b"GET")
            run.until("next")
            begun = time.monotonic()
            run.terminate()
            self.assertEqual(0, run.wait(), run.log())
            self.assertLess(time.monotonic() - begun, 8)
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()


class Addresses(Case):
    def refused(self, address, *more):
        run = self.folder.start(self.folder.flow(), "--metrics", address, *more)
        return run.wait(), run.log()

    def test_one_that_is_taken_is_said(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            code, log = self.refused(f"127.0.0.1:{taken.getsockname()[1]}")
        self.assertEqual(66, code, log)
        self.assertIn("another program listens there", log)
        self.assertEqual([], self.folder.begun())

    def test_one_that_is_not_this_machines_is_said(self):
        code, log = self.refused("192.0.2.1:0")
        self.assertEqual(66, code, log)
        self.assertIn("this machine has no such address", log)

    def test_is_a_literal_and_a_port(self):
        for address in ("localhost:9464", "9464", ":9464", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:",
                        "::1:9464", "[::1]", "[127.0.0.1]:1", "0x7f.1:1", "127.1:1", "127.0.0.1:1x", ""):
            code, log = self.refused(address)
            self.assertEqual(64, code, address)
            self.assertIn("literal address and a port", log, address)

    def test_goes_with_a_schedule(self):
        code, log = self.refused("127.0.0.1:0", "--once")
        self.assertEqual(64, code, log)

    def test_one_that_others_reach_is_warned_of_and_answers_any_name(self):
        run = self.start(self.folder.flow(), address="0.0.0.0:0")
        request = urllib.request.Request(self.url.replace("0.0.0.0", "127.0.0.1"), headers={"Host": "metrics.example"})
        self.assertIn("wfc_build_info", page(request)[1])
        self.assertIn(f"everyone who reaches 0.0.0.0:{self.port} can read the metrics", run.log())

    def test_may_be_that_of_ipv6(self):
        try:
            with socket.socket(socket.AF_INET6) as six:
                six.bind(("::1", 0))
        except OSError:
            address, expected = "127.0.0.2:0", "http://127.0.0.2:"  # a machine without it
        else:
            address, expected = "[::1]:0", "http://[::1]:"
        run = self.start(self.folder.flow(), address=address)
        self.assertTrue(self.url.startswith(expected), self.url)
        self.assertNotIn("warning", run.log())

    def test_is_told_to_people_too(self):
        run = flows.Run(self.folder, (self.folder.flow(), "--metrics", "127.0.0.1:0"), {}, json_lines=False)
        with run:
            for _ in range(600):
                if run.lines:
                    break
                time.sleep(0.1)
            self.assertRegex(run.lines[0], r"^wfc: metrics at http://127\.0\.0\.1:\d+/metrics$")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    arguments, rest = parser.parse_known_args()
    Case.build = arguments.build
    unittest.main(argv=[sys.argv[0], *rest])
