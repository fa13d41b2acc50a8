"""Runs `wfc run` with the tally component, which writes down every call, and reads what both say."""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time


def quick_disk():
    """A folder in memory where there is one: flows that run every second must not wait for a disk that others keep busy."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None


class Folder:
    """Flow files, settings, tallies and a WFC_HOME, gone at the end."""

    def __init__(self, build):
        self.build = build
        self.tally_components = os.path.join(build, "tests", "integration", "components")

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(dir=quick_disk())
        self.path = os.path.realpath(self._directory.name)
        self.settings("account.json", file=self.name("tally"))
        return self

    def __exit__(self, *_):
        self._directory.cleanup()

    def name(self, name):
        return os.path.join(self.path, name)

    def write(self, name, content):
        """Puts a file in its place at once, so that nobody reads half of it."""
        with open(self.name(name + ".new"), "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        os.replace(self.name(name + ".new"), self.name(name))
        return self.name(name)

    def settings(self, name, **members):
        return self.write(name, members)

    def flow(self, name="f", steps=None, component="tally", step=None, **members):
        """A flow file with one step, or those given; `step`: its input."""
        if steps is None:
            steps = [{"id": "note", "component": component, "operation": "note", "settings": "account.json",
                      "input": step or {}}]
        if "schedule" not in members and "every" not in members:
            members["every"] = "1h"
        return self.write(f"{name}.json", {"id": name, "timezone": "UTC", **members, "steps": steps})

    def start(self, *arguments, secrets=None, stdout=None):
        """`stdout`: a descriptor that takes the lines instead."""
        return Run(self, arguments, secrets or {}, stdout=stdout)

    def once(self, flow, *arguments):
        run = self.start(flow, "--once", *arguments)
        run.code = run.wait()
        return run

    def tally(self, name="tally"):
        """What the component wrote down, in order."""
        try:
            with open(self.name(name), encoding="utf-8") as file:
                return [json.loads(line) for line in file.read().splitlines()]
        except FileNotFoundError:
            return []

    def begun(self, name="tally"):
        return [entry["begins"] for entry in self.tally(name) if "begins" in entry]

    def until_begun(self, count=1, name="tally", seconds=60):
        """Waits until so many calls have begun."""
        end = time.monotonic() + seconds
        while len(self.begun(name)) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{count} calls did not begin in {seconds} s")
            time.sleep(0.02)


class Run:
    """A running `wfc run --json`; its events are read as they come."""

    def __init__(self, folder, arguments, secrets, json_lines=True, stdout=None):
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "WFC_HOME": folder.name("home"),
                       "WFC_COMPONENTS": folder.tally_components,
                       **{f"WFC_SECRET_{name.upper()}": value for name, value in secrets.items()},
                       **{key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}}
        self.log_name = folder.name(f"log-{time.monotonic_ns()}")
        with open(self.log_name, "wb") as log:
            self.process = subprocess.Popen(
                [os.path.join(folder.build, "wfc"), "run", *arguments, *(["--json"] if json_lines else [])],
                cwd="/", env=environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if stdout is None else stdout, stderr=log)
        self.lines = []
        self._came = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.wait()

    def _read(self):
        for line in self.process.stdout or ():
            with self._came:
                self.lines.append(line.decode("utf-8"))
                self._came.notify_all()

    def events(self, kind=None):
        with self._came:
            found = [json.loads(line) for line in self.lines if line.endswith("\n")]
        return [event for event in found if kind in (None, event["event"])]

    def until(self, kind, count=1, seconds=60):
        """The events of that kind, when there are so many."""
        end = time.monotonic() + seconds
        while True:
            found = self.events(kind)
            if len(found) >= count:
                return found
            left = end - time.monotonic()
            if left <= 0 or (self.process.poll() is not None and not self._reader.is_alive()):
                raise AssertionError(f"{count} × {kind} did not come:\n{''.join(self.lines)}\n{self.log()}")
            with self._came:
                self._came.wait(min(left, 0.1))

    def log(self):
        with open(self.log_name, encoding="utf-8") as file:
            return file.read()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        self.process.kill()
        self.wait()

    def wait(self, seconds=60):
        """The exit code; everything it said is there then."""
        code = self.process.wait(timeout=seconds)
        self._reader.join(timeout=seconds)
        if self.process.stdout:
            self.process.stdout.close()
        return code
