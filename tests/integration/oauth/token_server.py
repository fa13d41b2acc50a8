"""A token endpoint that says what a test tells it to, and writes down what it was asked.

    with TokenServer(refusal("invalid_client", 401), tokens("a token")) as server:
        server.url                     # the endpoint, on a free port of loopback
        server.requests[0].form        # {"grant_type": "client_credentials", …}

An answer is (status, headers, body), a function that makes one of the request, or CLOSED. The last one is given again
and again. `stop()` and `start()` take the server away and bring it back on the same port.
"""

import base64
import http.server
import json
import socket
import threading
import time
import urllib.parse

JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}
CLOSED = object()  # the connection ends without an answer


def answer(document, status=200, **headers):
    return status, {**JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}, json.dumps(document)


def tokens(access_token, **more):
    """RFC 6749 section 5.1; good for an hour."""
    return answer({"access_token": access_token, "token_type": "Bearer", "expires_in": 3600, **more})


def refusal(error, status=400, **more):
    """RFC 6749 section 5.2."""
    return answer({"error": error, **more}, status)


def microsoft_refusal(error, code, sentence, status=400):
    """As Entra writes it."""
    trace = {"trace_id": "255d1aef-8c98-452f-ac51-23d051240864", "correlation_id": "fb3d2015-bc17-4bb9-bb85-30c5cf1aaaa7",
             "timestamp": "2026-11-22 09:00:00Z"}
    text = (f"AADSTS{code}: {sentence} Trace ID: {trace['trace_id']} Correlation ID: {trace['correlation_id']} "
            f"Timestamp: {trace['timestamp']}")
    return answer({"error": error, "error_description": text, "error_codes": [code], **trace,
                   "error_uri": f"https://login.microsoftonline.com/error?code={code}"}, status)


def jwt(**claims):
    """What looks like a signed token; nothing here verifies it."""
    parts = [json.dumps({"alg": "RS256", "typ": "JWT"}), json.dumps(claims), "signature-of-nobody"]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


class Request:
    """What came, and when by the monotonic clock."""

    def __init__(self, path, headers, body):
        self.time = time.monotonic()
        self.path = path
        self.headers = headers
        self.form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))

    def claims(self, member):
        """Of a JWT in the form."""
        part = self.form[member].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class TokenServer:
    """See above. `answers` may be changed while it runs."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self.port = 0
        self.lock = threading.Lock()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/token"

    def endpoints(self):
        """For `auth.endpoints` of the settings."""
        return {"token": self.url, "device": f"http://127.0.0.1:{self.port}/device"}

    def grants(self):
        return [request.form.get("grant_type") for request in self.requests]

    def start(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def stop(self):
        if self.thread is None:
            return
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.thread = None

    def _next(self, request):
        with self.lock:
            self.requests.append(request)
            said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return said(request) if callable(said) else said

    def _handler(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                said = server._next(Request(self.path, dict(self.headers), body))
                if said is CLOSED:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                status, headers, text = said
                content = text if isinstance(text, bytes) else text.encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(content)
                except ConnectionError:  # a client may have heard enough
                    self.close_connection = True

            do_GET = do_POST

            def log_message(self, *_):
                pass

        return Handler
