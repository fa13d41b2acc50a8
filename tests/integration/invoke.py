"""Runs `wfc invoke mail-send …` for tests, and says "not run" where a test cannot run.

Each call has a directory of its own, which is also the only one that the component may read from.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import jsonschema

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
NOT_RUN = 77  # what CMakeLists.txt names as SKIP_RETURN_CODE


def require(reason):
    """Ends the test as not run when there is a reason to.

    Where tests/run.sh has made sure that it can run (root, servers installed), continuous integration (CI=true) fails.
    """
    if not reason:
        return
    print(f"NOT RUN: {os.path.basename(sys.argv[0])}: {reason}")
    must = os.environ.get("CI") == "true" and os.environ.get("MAILSEND_REQUIRE_POSTFIX") == "1" and os.geteuid() == 0
    sys.exit(1 if must else NOT_RUN)


def sanitizer_options():
    """Variables for programs of a sanitizer's build. GCC 12's leak checker reads a stale list of thread-local storage and
    crashes when a library with some, as RE2's, was unloaded; wfc keeps nothing that can only be reached from there.
    """
    return {"LSAN_OPTIONS": "use_tls=0",
            **{key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}}


def _result_schema():
    with open(os.path.join(ROOT, "manifests", "result.schema.json"), encoding="utf-8") as file:
        return jsonschema.Draft7Validator(json.load(file))


class Result:
    """What one invocation left: exit code, result document (None if there was none), log.

    A document that does not fit the published schema is an error, whatever the test looks at.
    """

    schema = _result_schema()

    def __init__(self, code, output, log):
        self.code = code
        self.log = log
        self.output = output
        self.document = json.loads(output) if output.strip() else None
        if self.document is not None:
            self.schema.validate(self.document)

    def __str__(self):
        return f"exit code {self.code}\n{self.output}\n{self.log}"


class Wfc:
    """The tool and the components of one build folder. `environment`: more variables for each call."""

    def __init__(self, build, seconds=60, environment=None):
        self.tool = os.path.join(build, "wfc")
        self.components = os.path.join(build, "components")
        self.seconds = seconds
        self.environment = environment or {}
        for path in (self.tool, os.path.join(self.components, "mail-send", "libmailsend.so")):
            if not os.path.exists(path):
                raise FileNotFoundError(f"{path} is not built")

    def invoke(self, operation, settings, message, secrets=None, files=None, options=()):
        """Invokes an operation. `secrets` go into the environment, `files` (name: bytes) into the directory."""
        with self.started(operation, settings, message, secrets, files, options) as running:
            return running.result()

    @contextlib.contextmanager
    def started(self, operation, settings, message, secrets=None, files=None, options=()):
        """The same while it runs: a Running, stopped at the end if need be."""
        with tempfile.TemporaryDirectory() as directory:
            contents = {"settings.json": json.dumps(settings).encode(), "input.json": json.dumps(message).encode()}
            for name, content in {**contents, **(files or {})}.items():
                with open(os.path.join(directory, name), "wb") as file:
                    file.write(content)
            environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "HOME": directory}
            environment.update(sanitizer_options())
            environment.update({f"WFC_SECRET_{name.upper()}": value for name, value in (secrets or {}).items()})
            environment.update(self.environment)
            documents = [word for option, name in (("--settings", "settings.json"), ("--input", "input.json"))
                         if option not in options for word in (option, name)]
            with subprocess.Popen(
                    [self.tool, "invoke", "mail-send", operation, "--components", self.components, *documents, *options],
                    cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:
                try:
                    yield Running(process, directory, self.seconds)
                finally:
                    if process.poll() is None:
                        process.kill()


class Running:
    """A tool at work, and the directory it works in."""

    def __init__(self, process, directory, seconds):
        self.process = process
        self.directory = directory
        self.seconds = seconds

    def result(self):
        """Waits for the end."""
        output, log = self.process.communicate(timeout=self.seconds)
        return Result(self.process.returncode, output.decode(), log.decode("utf-8", "replace"))


class Inbox:
    """The inbox of a build folder in a directory of its own, with a script; stopped by `with`."""

    def __init__(self, build, script="", options=()):
        self.build = build
        self.script = script
        self.options = options

    def __enter__(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.store = os.path.join(self.scratch.name, "store")
        script, ready = (os.path.join(self.scratch.name, name) for name in ("script", "ready.json"))
        with open(script, "w", encoding="utf-8") as file:
            file.write(self.script)
        self.process = subprocess.Popen(
            [os.path.join(self.build, "inbox"), "--port", "0", "--store", self.store, "--script", script,
             "--ready-file", ready, *self.options], stdout=subprocess.DEVNULL)
        for _ in range(600):
            if os.path.exists(ready) and os.path.getsize(ready):
                with open(ready, encoding="utf-8") as file:
                    self.port = json.load(file)["port"]
                return self
            time.sleep(0.05)
        self.__exit__()
        raise RuntimeError("the inbox did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.scratch.cleanup()

    def settings(self, **more):
        """An account on this inbox, in clear and without a password."""
        return {"server": {"kind": "custom", "host": "127.0.0.1", "port": self.port, "security": "none"},
                "auth": {"method": "none"}, "from": "alice@example.test", **more}

    def messages(self):
        """What has arrived, as bytes."""
        found = []
        for name in sorted(os.listdir(self.store)):
            if name.endswith(".eml"):
                with open(os.path.join(self.store, name), "rb") as file:
                    found.append(file.read())
        return found
