"""A person's editor as the runtime sees it: actions of an account's panel, asked over HTTP.

    editor = Editor(red)
    lines = editor.act("test-connection", editor.account("account", server_host="127.0.0.1", …))
    with editor.start("sign-in", account) as run:       # lines as they come; leaving it closes the connection
        url = run.until("prompt")["question"]["url"]

Guarantees: requests look like those of a browser on the same page (Origin) and no proxy is used; every byte of every
answer is kept in `editor.heard`, so that a test can look for what must not be there.
"""

import http.client
import json
import time
import urllib.parse

SECONDS = 60


class Answer:
    """Status, headers and the whole body of a request; `document` is its JSON."""

    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    @property
    def document(self):
        return json.loads(self.body)

    @property
    def error(self):
        """The id of the error that was answered, or None."""
        return self.document.get("error", {}).get("id") if self.body[:1] == b"{" else None


class Running:
    """An action at work. `lines`: what came until now; `times`: when, by the monotonic clock."""

    def __init__(self, editor, connection, response):
        self.editor, self.connection, self.response = editor, connection, response
        self.lines, self.times = [], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.response.close()
        self.connection.close()

    def next(self):
        """The next line, without signs of life; None at the end."""
        while True:
            text = self.response.readline()
            self.editor.heard.append(text)
            if not text:
                return None
            line = json.loads(text)
            if line["type"] != "alive":
                if line["type"] == "started":
                    self.editor.runs.append(line["run"])
                self.lines.append(line)
                self.times.append(time.monotonic())
                return line

    def until(self, kind):
        while (line := self.next()) is not None:
            if line["type"] == kind:
                return line
        raise AssertionError(f"no {kind} came: {self.lines}")

    def rest(self):
        while self.next() is not None:
            pass
        return self.lines

    @property
    def run(self):
        return next(line["run"] for line in self.lines if line["type"] == "started")


class Editor:
    """`token`: of Editor.signed_in(); `component`: the type whose endpoints are asked."""

    def __init__(self, red, token=None, component="mail-send", language="en"):
        self.red, self.token, self.component, self.language = red, token, component, language
        self.heard = []
        self.runs = []

    @staticmethod
    def signed_in(red, user, password):
        """The access token that Node-RED gives this person, as its login page gets it."""
        status, body = red.request("POST", "/auth/token", {
            "client_id": "node-red-editor", "grant_type": "password", "scope": "", "username": user,
            "password": password})
        if status != 200:
            raise AssertionError(f"{user} cannot sign in: {status} {body!r}")
        return json.loads(body)["access_token"]

    def headers(self, **more):
        own = {"Content-Type": "application/json", "Origin": self.red.url}
        if self.token:
            own["Authorization"] = f"Bearer {self.token}"
        return {name: value for name, value in {**own, **more}.items() if value is not None}

    def _asked(self, path, body, headers):
        place = urllib.parse.urlsplit(self.red.url)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=SECONDS)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            connection.request("POST", f"/{self.component}/{path}", data, self.headers(**headers))
            return connection, connection.getresponse()
        except BaseException:
            connection.close()
            raise

    def post(self, path, body, headers=None):
        """A whole answer. A header that is None is left out."""
        connection, response = self._asked(path, body, headers or {})
        try:
            answer = Answer(response, response.read())
        finally:
            connection.close()
        self.heard.append(answer.body)
        return answer

    @staticmethod
    def account(node, credentials=None):
        """What the panel says of an account: `node` as it stands in a flow; `credentials`: {field: text or STORED}."""
        own = ("id", "type", "name", "credentials")
        values = {name: value for name, value in node.items() if name not in own}
        return {"id": node["id"], "values": values, "credentials": credentials or {}}

    def request(self, action, account=None, given=None):
        return {"action": action, "language": self.language, **({"input": given} if given else {}),
                **({"account": account} if account else {})}

    def start(self, action, account=None, given=None):
        """The action while it runs: a Running."""
        connection, response = self._asked("action", self.request(action, account, given), {})
        if response.status != 200:
            raise AssertionError(f"{action}: {response.status} {response.read()!r}")
        return Running(self, connection, response)

    def act(self, action, account=None, given=None):
        """The lines of an action that is over."""
        with self.start(action, account, given) as running:
            return running.rest()

    def idle(self):
        """Waits until everything that was begun here is over: what a closed page left takes a moment."""
        for run in self.runs:
            self.red.until(lambda: not self.post("cancel", {"run": run}).document["known"], "an action does not end")

    def result(self, action, account=None, given=None):
        """Its last line: a result or an error."""
        return self.act(action, account, given)[-1]


STORED = {"stored": True}
