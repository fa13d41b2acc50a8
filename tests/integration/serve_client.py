"""A small engine: starts `wfc serve`, says requests, hears lines.

    with Host(build) as host:
        host.load("a", "mail-send")
        host.configure("a", settings, {"name": "value"})
        result = host.invoke("a", "send", {"to": "bob@example.test"})

Every line in both directions is checked against protocol.schema.json; `raw` says what no engine should. A line that does not
come within `seconds` is an AssertionError that shows what came instead.
"""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time

import jsonschema

from invoke import ROOT, sanitizer_options

ANSWERS = {"hello", "loaded", "configured", "result", "cancelled", "answered", "released", "unloaded", "error"}


def _validators():
    with open(os.path.join(ROOT, "sdk", "serve", "protocol.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    return [jsonschema.Draft7Validator({**schema, "$ref": "#/definitions/" + name}) for name in ("request", "line")]


class Host:
    """One process with a WFC_HOME of its own, unless `home` is given; killed by `with` if it still runs then."""

    request_schema, line_schema = _validators()

    def __init__(self, build, options=(), components=(), home=None, environment=None, hello=True, seconds=60, **hello_members):
        self.build = build
        self.seconds = seconds
        self.hello_members = hello_members if hello else None
        self.folder = tempfile.TemporaryDirectory()
        self.home = home or os.path.join(self.folder.name, "home")
        self.command = [os.path.join(build, "wfc"), "serve", "--components", os.path.join(build, "components")]
        for each in components:
            self.command += ["--components", each]
        self.command += options
        self.environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "WFC_HOME": self.home, **sanitizer_options(),
                            **(environment or {})}
        self.lines = []  # as they came, parsed
        self.output = b""
        self.faults = []
        self.last_id = 0
        self.came = threading.Condition()

    def __enter__(self):
        self.errors = open(os.path.join(self.folder.name, "errors"), "w+b")
        self.process = subprocess.Popen(self.command, cwd=self.folder.name, env=self.environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.errors)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if self.hello_members is not None:
            self.greeting = self.answer_to(self.say("hello", protocol=1, **self.hello_members))
            self.blobs = self.greeting["blobs"]
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.close_input()
        self.reader.join(self.seconds)
        self.process.stdout.close()
        self.errors.close()
        self.folder.cleanup()
        if self.faults:
            raise AssertionError("lines that do not fit the protocol:\n" + "\n".join(self.faults))

    def _read(self):
        for line in self.process.stdout:
            with self.came:
                self.output += line
                try:
                    self.lines.append(json.loads(line))
                    self.line_schema.validate(self.lines[-1])
                except (ValueError, jsonschema.ValidationError) as fault:
                    self.faults.append(f"{line[:500]}: {str(fault)[:500]}")
                self.came.notify_all()

    # Saying.

    def raw(self, data):
        """Bytes as they are."""
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def say(self, kind, **members):
        """A request with the next id, which is returned."""
        self.last_id += 1
        request = {"id": self.last_id, "type": kind, **members}
        self.request_schema.validate(request)
        self.raw(json.dumps(request).encode() + b"\n")
        return self.last_id

    def close_input(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def end(self, seconds=None):
        """Closes the input and waits for the end; the exit code."""
        self.close_input()
        return self.wait(seconds)

    def wait(self, seconds=None):
        code = self.process.wait(seconds or self.seconds)
        self.reader.join(self.seconds)
        return code

    # Hearing.

    def until(self, wanted, what="the line", seconds=None):
        """The first line for which `wanted` is true, once it is there; also one that came before."""
        end = time.monotonic() + (seconds or self.seconds)
        with self.came:
            while True:
                for line in self.lines:
                    if wanted(line):
                        return line
                left = end - time.monotonic()
                if left <= 0 or (self.process.poll() is not None and not self.reader.is_alive()):
                    raise AssertionError(f"{what} did not come:\n" + "\n".join(map(json.dumps, self.lines[-20:])) + self.log())
                self.came.wait(min(left, 0.1))

    def answer_to(self, identifier, seconds=None):
        return self.until(lambda line: line.get("id") == identifier and line["type"] in ANSWERS,
                          f"the answer to {identifier}", seconds)

    def of(self, identifier, kind):
        """What has come for that request: `progress` or `prompt` lines."""
        with self.came:
            return [line for line in self.lines if line.get("id") == identifier and line["type"] == kind]

    def prompt(self, identifier, kind, count=1):
        """The question of that kind, once it was asked so often."""
        def asked(_):
            return len(found()) >= count

        def found():
            return [line for line in self.lines if line["type"] == "prompt" and line["id"] == identifier
                    and line["question"]["kind"] == kind]
        self.until(asked, f"{count} × {kind}")
        return found()[count - 1]["question"]

    def log(self):
        """What stands on standard error."""
        with open(self.errors.name, "rb") as file:
            return file.read().decode("utf-8", "replace")

    # Both.

    def ask(self, kind, **members):
        return self.answer_to(self.say(kind, **members))

    def load(self, component, of="mail-send"):
        return self._good(self.ask("load", component=component, of=of), "loaded")

    def configure(self, component, settings, secrets=None):
        more = {} if secrets is None else {"secrets": secrets}
        return self._good(self.ask("configure", component=component, settings=settings, **more), "configured")

    def start(self, component, operation, document, **more):
        return self.say("invoke", component=component, operation=operation, input=document, **more)

    def invoke(self, component, operation, document, **more):
        return self._good(self.answer_to(self.start(component, operation, document, **more)), "result")

    def write_blob(self, name, content):
        with open(os.path.join(self.blobs, name), "wb") as file:
            file.write(content)
        return name

    def blob(self, saved):
        """The content of one of `result["blobs"]`."""
        with open(os.path.join(self.blobs, saved["file"]), "rb") as file:
            return file.read()

    @staticmethod
    def _good(line, kind):
        if line["type"] != kind:
            raise AssertionError(f"{json.dumps(line)} is no {kind}")
        return line
