"""Node-RED whose editor asks who one is.

    with Guarded(build) as red:                     # deploys as "admin"
        Editor(red, red.token_of("operator"))

Guarantees: the people of PEOPLE can sign in, with the password PASSWORD; what they may do is what stands there.
"""

import os
import subprocess

from node_red.editor import Editor
from node_red.rig import NODE_RED, NodeRed, node

PASSWORD = "a password for the editor"
PEOPLE = {"admin": "*", "reader": "read", "operator": "mail-send.action", "assistant": ["read", "mail-send.action"],
          "writer": ["flows.read", "flows.write"], "neighbour": "greet.action", "nobody": []}


def _hash():
    code = f"process.stdout.write(require('bcryptjs').hashSync({PASSWORD!r}, 4))"
    return subprocess.run([node(), "-e", code], cwd=os.path.join(NODE_RED, "node_modules"), check=True, text=True,
                          capture_output=True).stdout


class Guarded(NodeRed):
    """`settings`: as NodeRed's. Requests of the rig itself are those of `admin`."""

    def __init__(self, build, settings=None, **more):
        hashed = _hash()
        users = [{"username": name, "password": hashed, "permissions": allowed} for name, allowed in PEOPLE.items()]
        super().__init__(build, settings={"adminAuth": {"type": "credentials", "users": users}, **(settings or {})}, **more)
        self._tokens = {}

    def token_of(self, name):
        """One token for each person and start of Node-RED: it keeps at most few attempts a minute."""
        if name not in self._tokens:
            self._tokens[name] = Editor.signed_in(self, name, PASSWORD)
        return self._tokens[name]

    def request(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if path != "/auth/token" and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.token_of('admin')}"
        return super().request(method, path, body, headers)
