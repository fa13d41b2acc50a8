"""What a newcomer sees on the canvas: examples/node-red/start.sh. Arguments: --build DIR, used in place of a release build."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from node_red.program import main, options  # noqa: E402
from node_red.rig import EXAMPLE, alive, children  # noqa: E402
from ports import free_port  # noqa: E402

SCRIPT = os.path.join(EXAMPLE, "start.sh")


def as_in_a_terminal():
    """In the child: SIGINT works, even where the tests run in the background and it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Running:
    """start.sh at work, in a process group of its own; `with` stops it as Ctrl-C does."""

    def __init__(self, user_dir, scratch, *arguments):
        self.process = subprocess.Popen(
            [SCRIPT, "--user-dir", user_dir, *(arguments or ("--port", "0"))], cwd=scratch, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=as_in_a_terminal,
            env={**os.environ, "NODE_RED_BUILD_DIR": options.build, "TMPDIR": scratch})
        self.output = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.output += line.decode("utf-8", "replace")

    def until(self, pattern, seconds=90):
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.output)):
            if time.monotonic() > end or (self.process.poll() is not None and not self._reader.is_alive()):
                raise AssertionError(f"'{pattern}' was not said:\n{self.output}")
            time.sleep(0.05)
        return found

    def url(self):
        url = self.until(r"http://127\.0\.0\.1:\d+/").group()
        self.until("What arrives:")
        return url

    def interrupt(self):
        """Ctrl-C. The pids that were below it."""
        pids = [pid for pid, _ in children(self.process.pid)]
        os.killpg(self.process.pid, signal.SIGINT)
        self.code = self.process.wait(timeout=60)
        self._reader.join(timeout=30)
        return pids

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.interrupt()
        self.process.stdout.close()


def ask(url, body=None):
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(),
                                     {"Content-Type": "application/json", "Node-RED-API-Version": "v2"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        data = answer.read()
    return json.loads(data) if data[:1] in (b"{", b"[") else data


class Start(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.scratch = os.path.join(directory.name, "scratch")
        self.user_dir = os.path.join(directory.name, "user dir")
        os.mkdir(self.scratch)

    def start(self, *arguments):
        return Running(self.user_dir, self.scratch, *arguments)

    def mails(self):
        return [name for name in os.listdir(os.path.join(self.user_dir, "inbox")) if name.endswith(".eml")]

    def test_sends_the_example_mail_shows_that_it_arrived_and_leaves_nothing_running(self):
        with self.start() as running:
            url = running.url()
            ask(url + "inject/example-now", {})
            running.until(r"Alice <alice@example\.test> → bob@example\.test: Hello from Node-RED")
            pids = running.interrupt()
            self.assertEqual(130, running.code, running.output)
        self.assertGreaterEqual(len(pids), 3, running.output)  # the inbox, Node-RED, wfc
        self.assertEqual([], [pid for pid in pids if alive(pid)])
        self.assertEqual(([], 1), (os.listdir(self.scratch), len(self.mails())))
        with open(os.path.join(self.user_dir, "inbox", self.mails()[0][:-4] + ".json"), encoding="utf-8") as file:
            envelope = json.load(file)
        self.assertEqual(("alice@example.test", "TLSv1.3"), (envelope["auth"]["user"], envelope["tls"]["version"]))

    def test_a_second_run_finds_what_was_changed_and_the_inbox_that_has_moved(self):
        with self.start() as running:
            url = running.url()
            there = ask(url + "flows")
            for node in there["flows"]:
                if node["id"] == "example-mail":
                    node["subject"] = "Changed by hand"
            ask(url + "flows", there)
            running.interrupt()
        with self.start() as running:
            ask(running.url() + "inject/example-now", {})
            running.until("bob@example.test: Changed by hand")

    def test_the_password_of_the_example_is_not_kept_as_it_was_typed(self):
        with self.start() as running:
            running.url()
            running.interrupt()
        for name in ("flows.json", "flows_cred.json", "node-red.log"):
            with open(os.path.join(self.user_dir, name), encoding="utf-8") as file:
                self.assertNotIn("any-password", file.read(), name)

    def test_listens_on_loopback_only(self):
        with self.start() as running:
            port = int(running.url().rsplit(":", 1)[1].rstrip("/"))
            with socket.socket(socket.AF_INET) as probe, self.assertRaises(OSError):
                probe.bind(("127.0.0.1", port))
            with socket.socket(socket.AF_INET) as probe:
                probe.bind(("127.0.0.2", port))  # would be taken if it listened everywhere

    def test_says_so_when_the_port_is_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = str(other.getsockname()[1])
            with self.start("--port", port) as running:
                self.assertEqual(1, running.process.wait(timeout=60))
                running.until(f"port {port} is taken; --port names another one")

    def test_takes_the_port_that_is_asked_for(self):
        port = free_port()
        with self.start("--port", str(port)) as running:
            self.assertEqual(f"http://127.0.0.1:{port}/", running.url())

    def test_says_so_when_node_red_ends(self):
        with self.start() as running:
            running.url()
            red = next(pid for pid, words in children(running.process.pid) if any("node-red" in word for word in words[:1]))
            os.kill(red, signal.SIGKILL)
            self.assertEqual(1, running.process.wait(timeout=60))
            running.until("Node-RED or the inbox ended")

    def test_refuses_what_it_does_not_know(self):
        for arguments in (["--loud"], ["--port"], ["--port", "70000"], ["--port", "x"]):
            done = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((64, ""), (done.returncode, done.stdout), arguments)
            self.assertIn("--help", done.stderr)

    def test_help_names_every_option(self):
        done = subprocess.run([SCRIPT, "--help"], capture_output=True, text=True, timeout=60, check=True)
        for word in ("--port", "--user-dir", "NODE_RED_BUILD_DIR"):
            self.assertIn(word, done.stdout)


if __name__ == "__main__":
    main()
