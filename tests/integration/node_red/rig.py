"""Real Node-RED for tests, with a user directory of its own, and what happens on its canvas.

    with NodeRed(build) as red:
        red.deploy(flow)                            # nodes as in flows.json; account.credentials may stand in them
        red.emit("source", {"to": "bob@example.test"})
        red.until_messages("sink", 1)

Guarantees: Node-RED is a child of this process on a loopback port, with examples/node-red/settings.js, stopped by pid; its
user directory is private and gone at the end unless one was given. It needs Node 20 and npm's packages in build/node-red, which
tests/run.sh installs; `missing()` says in one sentence what is not there, and `require()` ends the test then.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from ports import free_port

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", "..", ".."))
EXAMPLE = os.path.join(ROOT, "examples", "node-red")
PACKAGE = os.path.join(EXAMPLE, "node-red-contrib-mail-send")
NODE_RED = os.path.realpath(os.environ.get("NODE_RED", os.path.join(ROOT, "build", "node-red")))
TESTS_ONLY = os.path.realpath(os.environ.get("NODE_RED_TESTS", os.path.join(ROOT, "build", "node-red-tests")))
NOT_RUN = 77  # what CMakeLists.txt names as SKIP_RETURN_CODE


def node():
    """The Node to use: MAILSEND_NODE, or the one that npm put there where the machine's is too old."""
    own = os.path.join(NODE_RED, "node_modules", "node", "bin", "node")
    return os.environ.get("MAILSEND_NODE") or (own if os.path.exists(own) else "node")


def missing(tests_only=False):
    """Why Node-RED cannot run here, as a sentence, or None. `tests_only`: what package.json of this folder names, too."""
    for folder, name in [(NODE_RED, "node-red")] + ([(TESTS_ONLY, "node-red-node-email")] if tests_only else []):
        if not os.path.isdir(os.path.join(folder, "node_modules", name)):
            return f"npm's package {name} is not installed (tests/run.sh does that)"
    try:
        version = subprocess.run([node(), "--version"], capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "Node is not installed"
    return None if int(version.lstrip("v").split(".")[0]) >= 20 else f"Node {version.strip()} is older than 20"


def require(reason):
    """Ends the test as not run when there is a reason to; in continuous integration (CI=true), where tests/run.sh has
    installed everything, that is a failure."""
    if not reason:
        return
    print(f"NOT RUN: {os.path.basename(sys.argv[0])}: {reason}")
    must = os.environ.get("CI") == "true" and os.environ.get("MAILSEND_REQUIRE_NODE_RED") == "1"
    sys.exit(1 if must else NOT_RUN)


def alive(pid):
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children(pid):
    """Processes below `pid`, at any depth: (pid, arguments)."""
    found = []
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return found
    for task in tasks:
        try:
            with open(f"/proc/{pid}/task/{task}/children", encoding="utf-8") as file:
                for child in file.read().split():
                    with open(f"/proc/{child}/cmdline", "rb") as arguments:
                        words = arguments.read().decode("utf-8", "replace").split("\0")[:-1]
                    found += [(int(child), words), *children(int(child))]
        except OSError:
            continue
    return found


class NodeRed:
    """`package`: a folder or several, linked into the user directory as `npm install FOLDER` does. `settings`: members
    over those of examples/node-red/settings.js. `nodes_dirs`: more folders for nodesDir. `language`: of the runtime.
    `node_options`: of Node itself."""

    def __init__(self, build, package=PACKAGE, settings=None, user_dir=None, language=None, environment=None,
                 nodes_dirs=(), node_options=(), seconds=60):
        self.build = os.path.realpath(build)
        self.packages = [package] if isinstance(package, str) else list(package)
        self.settings = {"nodesDir": [os.path.join(HERE, "nodes"), *nodes_dirs], **(settings or {})}
        if language:
            self.settings["lang"] = language
        self.given_user_dir = user_dir
        self.environment = environment or {}
        self.node_options = list(node_options)
        self.seconds = seconds
        self.process = None

    def __enter__(self):
        self._temporary = None if self.given_user_dir else tempfile.TemporaryDirectory()
        self.user_dir = os.path.realpath(self.given_user_dir or self._temporary.name)
        self.events_name = os.path.join(self.user_dir, "rig-events.jsonl")
        self.log_name = os.path.join(self.user_dir, "rig.log")
        modules = os.path.join(self.user_dir, "node_modules")
        os.makedirs(modules, exist_ok=True)
        for package in self.packages:
            with open(os.path.join(package, "package.json"), encoding="utf-8") as file:
                link = os.path.join(modules, json.load(file)["name"])
            if not os.path.lexists(link):
                os.symlink(package, link)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            if self._temporary:
                self._temporary.cleanup()

    def start(self):
        """Starts Node-RED and waits until its flows run."""
        with open(os.path.join(self.user_dir, "settings.js"), "w", encoding="utf-8") as file:
            file.write(f"module.exports = {{ ...require({json.dumps(os.path.join(EXAMPLE, 'settings.js'))}), "
                       f"...{json.dumps(self.settings)} }};\n")
        for _ in range(5):
            self.port = free_port()
            self.url = f"http://127.0.0.1:{self.port}"
            started = self._count("started")
            self._spawn()
            end = time.monotonic() + self.seconds
            while time.monotonic() < end and self.process.poll() is None:
                if self._count("started") > started:
                    return
                time.sleep(0.05)
            ended = self.process.poll() is not None
            self.stop()
            if not (ended and "EADDRINUSE" in self.log() or "port in use" in self.log()):
                break
        raise RuntimeError(f"Node-RED did not start:\n{self.log()}")

    def _spawn(self):
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "HOME": self.user_dir,
                       "PORT": str(self.port), "RIG_EVENTS": self.events_name, "WFC": os.path.join(self.build, "wfc"),
                       **self.environment}
        with open(self.log_name, "ab") as log:
            self.process = subprocess.Popen(
                [node(), *self.node_options, os.path.join(NODE_RED, "node_modules", "node-red", "red.js"),
                 "--settings", os.path.join(self.user_dir, "settings.js"), "--userDir", self.user_dir],
                cwd=self.user_dir, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self, seconds=30):
        """Ends Node-RED as a service manager does, and everything that it left, hard."""
        if self.process is None:
            return None
        left = children(self.process.pid)
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        for pid, words in left:
            if alive(pid) and words and words[0].startswith(self.build):
                os.kill(pid, 9)
        self.process = None
        return code

    def restart(self):
        self.stop()
        self.start()

    def hosts(self):
        """The pids of `wfc serve` below it."""
        return [pid for pid, words in children(self.process.pid) if "serve" in words]

    def request(self, method, path, body=None, headers=None):
        """(status, bytes) of a request to its admin API; errors are answers, too."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method, headers={
            "Content-Type": "application/json", "Accept": "application/json", "Node-RED-API-Version": "v2", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=self.seconds) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def get(self, path, **headers):
        status, body = self.request("GET", path, headers=headers)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {body[:1000]!r}")
        return json.loads(body)

    def deploy(self, flow, credentials=None, kind="full"):
        """`credentials`: {node: {name: value}}. `kind`: full, nodes or flows. Waits until the flows run."""
        flow = [{**each, "credentials": credentials[each["id"]]} if each["id"] in (credentials or {}) else each
                for each in flow]
        started = self._count("started")
        status, body = self.request("POST", "/flows", {"flows": flow}, {"Node-RED-Deployment-Type": kind})
        if status != 200:
            raise AssertionError(f"the flow was refused: {status} {body.decode()}")
        self.until(lambda: self._count("started") > started, "the flows did not start")
        return json.loads(body)["rev"]

    def inject(self, node_id):
        """Presses the button of an inject node."""
        status, body = self.request("POST", f"/inject/{node_id}", {})
        if status != 200:
            raise AssertionError(f"{node_id} was not injected: {status} {body!r}")

    def emit(self, source, *messages):
        """Sends messages from a rig-source. {"$base64": …} arrives as a Buffer."""
        status, body = self.request("POST", f"/rig/{source}", list(messages))
        if status != 200:
            raise AssertionError(f"{source} sent nothing: {status} {body!r}")

    def events(self, kind=None, node_id=None):
        try:
            with open(self.events_name, encoding="utf-8") as file:
                found = [json.loads(line) for line in file.read().split("\n")[:-1]]
        except FileNotFoundError:
            return []
        return [each for each in found if kind in (None, each["kind"]) and node_id in (None, each.get("node"))]

    def _count(self, kind):
        return len(self.events(kind))

    def until(self, met, complaint, seconds=None):
        """What `met` returns, once it is true of anything."""
        end = time.monotonic() + (seconds or self.seconds)
        while True:
            found = met()
            if found:
                return found
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"{complaint}\n{self.log()[-8000:]}")
            time.sleep(0.05)

    def messages(self, sink=None):
        """What came into a rig-sink, or into any."""
        return [each["msg"] for each in self.events("message", sink)]

    def until_messages(self, sink=None, count=1, seconds=None):
        self.until(lambda: len(self.messages(sink)) >= count,
                   f"{count} messages did not come into {sink or 'any sink'}", seconds)
        return self.messages(sink)

    def statuses(self, node_id):
        """The statuses that a node showed, in order; {} is none."""
        return [each["status"] for each in self.events("status", node_id)]

    def log(self):
        try:
            with open(self.log_name, encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""
