"""A real authorization server for tests, and a person who consents without a browser.

    with AuthorizationServer(redirect="http://127.0.0.1:45678/callback") as server:
        server.endpoints()                       # for `auth.endpoints` of the settings
        server.requests()                        # what its token endpoint answered so far

Guarantees: the server is a child of this process on a loopback port, and is stopped by pid; it keeps everything in
memory. It needs Node 20 and the packages of package.json, which tests/run.sh puts into build/npm; `missing()` says in
one sentence what is not there.
"""

import html.parser
import http.cookiejar
import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.realpath(__file__))
NPM = os.environ.get("MAILSEND_NPM", os.path.join(HERE, "..", "..", "..", "build", "npm"))
MODULES = os.path.join(os.path.realpath(NPM), "node_modules")

WEB = {"client_id": "web", "secret": "web-client-s3cret"}
DAEMON = {"client_id": "daemon", "secret": "daemon-s3cret"}


def node():
    """The Node to use: the one that npm put there where the machine's is too old."""
    own = os.path.join(MODULES, "node", "bin", "node")
    return own if os.path.exists(own) else "node"


def missing():
    """Why the server cannot run here, as a sentence, or None."""
    if not os.path.isdir(os.path.join(MODULES, "oidc-provider")):
        return "npm's packages for the tests of signing in are not installed (tests/run.sh does that)"
    try:
        version = subprocess.run([node(), "--version"], capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "Node is not installed"
    return None if int(version.lstrip("v").split(".")[0]) >= 20 else f"Node {version.strip()} is older than 20"


class AuthorizationServer:
    """oidc-provider. `options`: see authorization_server.mjs."""

    def __init__(self, **options):
        self.options = options

    def __enter__(self):
        self.process = subprocess.Popen(
            [node(), os.path.join(HERE, "authorization_server.mjs"), json.dumps(self.options)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={**os.environ, "NODE_MODULES": MODULES})
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise RuntimeError("the authorization server did not start")
        self.issuer = json.loads(line)["issuer"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()

    @property
    def introspection_url(self):
        return self.issuer + "/introspect"

    def endpoints(self):
        return {"authorize": self.issuer + "/auth", "token": self.issuer + "/token",
                "device": self.issuer + "/device/auth", "revoke": self.issuer + "/token/revocation",
                "issuer": self.issuer}

    def requests(self, grant=None):
        with urllib.request.urlopen(self.issuer + "/test/requests") as answer:
            found = json.load(answer)
        return [each for each in found if grant in (None, each["grant"])]

    def _order(self, what):
        urllib.request.urlopen(urllib.request.Request(f"{self.issuer}/test/{what}", method="POST")).close()

    def delay_refreshes(self, milliseconds):
        self._order(f"delay?ms={milliseconds}")

    def end_access_tokens(self):
        """As an administrator does: what was handed out is worth nothing from now on; refresh tokens live on."""
        self._order("end")

    def token(self, **form):
        """Asks the token endpoint, as another program would."""
        request = urllib.request.Request(self.issuer + "/token", urllib.parse.urlencode(form).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def revoke(self, token):
        form = urllib.parse.urlencode({"token": token, "client_id": WEB["client_id"], "client_secret": WEB["secret"]})
        urllib.request.urlopen(urllib.request.Request(self.issuer + "/token/revocation", form.encode())).close()


class _Form(html.parser.HTMLParser):
    """The action and the hidden fields of a page's first form."""

    def __init__(self):
        super().__init__()
        self.action = None
        self.fields = {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = attributes.get("action")
        if tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes["name"]] = attributes.get("value", "")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Person:
    """Somebody with cookies who signs in and consents where the pages of the server ask for it."""

    def __init__(self, user, languages="en"):
        self.user = user
        self.languages = languages
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), _NoRedirects)

    def _open(self, url, form=None):
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            return self.opener.open(urllib.request.Request(url, data, {"Accept-Language": self.languages}), timeout=20)
        except urllib.error.HTTPError as answer:  # redirects are answers here
            return answer

    def _walk(self, url, arrived, deny=False, **typed):
        """Follows redirects and fills in forms until `arrived` says so of an address, or a page without a form."""
        answer = self._open(url)
        for _ in range(30):
            location = answer.headers.get("Location")
            if location:
                location = urllib.parse.urljoin(answer.url, location)
                if arrived(location):
                    return location
                answer = self._open(location)
                continue
            page = answer.read().decode()
            form = _Form()
            form.feed(page)
            if form.action is None:
                return page
            action = urllib.parse.urljoin(answer.url, form.action)
            if deny:
                answer = self._open(action.rstrip("/") + "/abort")
            else:
                answer = self._open(action, {**typed, "login": self.user, "password": "any", **form.fields})
        raise RuntimeError("the sign-in does not come to an end")

    def consent(self, url, redirect_uri, deny=False):
        """From the authorization URL to the address that the browser is sent back to."""
        end = self._walk(url, lambda location: location.startswith(redirect_uri), deny)
        if not end.startswith(redirect_uri):
            raise RuntimeError(f"the server shows a page instead of coming back:\n{end[:2000]}")
        return end

    def approve(self, url, user_code):
        """Types a device's code in, confirms it, signs in and consents. The last page."""
        return self._walk(url, lambda _: False, user_code=user_code)

    def visit(self, url):
        """The page at `url` and its headers."""
        answer = self._open(url)
        return answer.status, dict(answer.headers), answer.read().decode()
