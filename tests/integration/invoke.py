"""Runs `wfc invoke mail-send …` for tests, and says "not run" where a test cannot run.

Each call has a directory of its own, which is also the only one that the component may read from.
"""

import json
import os
import subprocess
import sys
import tempfile

NOT_RUN = 77  # what CMakeLists.txt names as SKIP_RETURN_CODE


def require(reason):
    """Ends the test as not run when there is a reason to; in continuous integration (CI=true) that is a failure."""
    if not reason:
        return
    print(f"NOT RUN: {os.path.basename(sys.argv[0])}: {reason}")
    sys.exit(1 if os.environ.get("CI") == "true" else NOT_RUN)


class Result:
    """What one invocation left: exit code, result document (None if there was none), log."""

    def __init__(self, code, output, log):
        self.code = code
        self.log = log
        self.output = output
        self.document = json.loads(output) if output.strip() else None

    def __str__(self):
        return f"exit code {self.code}\n{self.output}\n{self.log}"


class Wfc:
    """The tool and the components of one build folder."""

    def __init__(self, build, seconds=60):
        self.tool = os.path.join(build, "wfc")
        self.components = os.path.join(build, "components")
        self.seconds = seconds
        for path in (self.tool, os.path.join(self.components, "mail-send", "libmailsend.so")):
            if not os.path.exists(path):
                raise FileNotFoundError(f"{path} is not built")

    def invoke(self, operation, settings, message, secrets=None, files=None, options=()):
        """Invokes an operation. `secrets` go into the environment, `files` (name: bytes) into the directory."""
        with tempfile.TemporaryDirectory() as directory:
            contents = {"settings.json": json.dumps(settings).encode(), "input.json": json.dumps(message).encode()}
            for name, content in {**contents, **(files or {})}.items():
                with open(os.path.join(directory, name), "wb") as file:
                    file.write(content)
            environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "HOME": directory}
            environment.update({key: value for key, value in os.environ.items()
                                if key.endswith("SAN_OPTIONS")})  # of a sanitizer's build
            environment.update({f"WFC_SECRET_{name.upper()}": value for name, value in (secrets or {}).items()})
            done = subprocess.run(
                [self.tool, "invoke", "mail-send", operation, "--components", self.components,
                 "--settings", "settings.json", "--input", "input.json", *options],
                cwd=directory, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=self.seconds)
            return Result(done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace"))
