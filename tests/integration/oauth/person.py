"""An account of a test: its folder, its secrets, and `wfc` used as a person would."""

import json
import os
import shutil
import subprocess
import tempfile

from invoke import sanitizer_options
from oauth.rig import WEB
from ports import free_port

HERE = os.path.dirname(os.path.realpath(__file__))
SCOPES = ["openid", "offline_access", "smtp"]


def free_redirect(host="127.0.0.1"):
    """A redirect URI on a port of loopback that nobody listens on now."""
    return f"http://{host}:{free_port()}/callback"


class Account:
    """An account.json with its WFC_HOME in a temporary folder; `with` removes both."""

    def __init__(self, wfc, user="alice@example.test"):
        self.wfc = wfc
        self.user = user

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="account-")
        self.page = os.path.join(self.folder, "page.html")
        self.file = os.path.join(self.folder, "account.json")
        self.secrets = {"CLIENT": WEB["secret"]}
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def write(self, mail, ca_file, server, redirect, **auth):
        """Settings for the mail server {host, port, security} and an authorization server."""
        shutil.copy(ca_file, os.path.join(self.folder, "ca.pem"))
        self.settings = {
            "server": {"kind": "custom", **mail}, "from": self.user, "tls": {"ca_file": "ca.pem"},
            "auth": {"method": "oauth2", "provider": "custom", "grant": "authorization-code", "username": self.user,
                     "client_id": WEB["client_id"], "client_secret": {"$secret": "client"},
                     "redirect_uri": redirect, "scopes": SCOPES, "tokens": {"$secret": "tokens"},
                     "endpoints": server.endpoints(), **auth}}
        self.settings["auth"] = {name: value for name, value in self.settings["auth"].items() if value is not None}
        self.save()

    def save(self):
        with open(self.file, "w", encoding="utf-8") as file:
            json.dump(self.settings, file)

    def environment(self, **more):
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "HOME": self.folder,
                       "WFC_HOME": os.path.join(self.folder, "home"), "TZ": "UTC",
                       "BROWSER": os.path.join(HERE, "browser.py"), "OAUTH_PAGE": self.page,
                       "OAUTH_USER": self.user,
                       **{f"WFC_SECRET_{name}": value for name, value in self.secrets.items()}}
        environment.update(sanitizer_options())
        environment.update(more)
        return {name: value for name, value in environment.items() if value is not None}

    def command(self, *words):
        return [self.wfc.tool, *words, "--components", self.wfc.components]

    def started(self, *words, **environment):
        return subprocess.Popen(self.command(*words), cwd=self.folder, env=self.environment(**environment),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *words, seconds=60, **environment):
        """Exit code, what stood on standard output, what on standard error."""
        with self.started(*words, **environment) as process:
            output, log = process.communicate(timeout=seconds)
        return process.returncode, output, log

    def account(self, action, **environment):
        """`wfc account ACTION`: exit code, document, log."""
        code, output, log = self.run("account", action, self.file, "--json", **environment)
        return code, json.loads(output) if output.strip() else None, log

    def send(self, to="alice@example.test", **environment):
        """`wfc invoke mail-send send`: exit code, document, log."""
        message = os.path.join(self.folder, "message.json")
        with open(message, "w", encoding="utf-8") as file:
            json.dump({"to": to, "subject": "signed in", "text": "with a token"}, file)
        code, output, log = self.run("invoke", "mail-send", "send", "--settings", self.file, "--input", message,
                                     "--json", **environment)
        return code, json.loads(output) if output.strip() else None, log

    def visit_page(self, seconds=15):
        """The page at which the browser ended, and its headers, once it is there."""
        import time
        end = time.monotonic() + seconds
        while not (os.path.exists(self.page) and os.path.getsize(self.page)):
            if time.monotonic() > end:
                raise TimeoutError("the browser has not come back")
            time.sleep(0.05)
        with open(self.page, encoding="utf-8") as file:
            headers, _, page = file.read().partition("\n\n")
        os.remove(self.page)
        return headers, page
