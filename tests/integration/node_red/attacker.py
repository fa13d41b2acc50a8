"""Somebody who wants to be sent a secret: a mail server and an HTTP server that take everything and write it all down.

    with Attacker() as attacker:
        attacker.smtp, attacker.http            # ports of loopback
        attacker.heard()                        # every byte that came, of all connections; b"" while none came
"""

import contextlib
import json
import socketserver
import threading


def _lines(handler):
    """What the other side says, line by line, written down first."""
    with contextlib.suppress(OSError):
        while line := handler.rfile.readline(65536):
            handler.server.note(line)
            yield line


class _Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.note(b"")
        self.say("220 attacker.example ESMTP")
        content = False
        for line in _lines(self):
            word = line.strip().upper().split(b" ")[0]
            if content:
                content = line != b".\r\n"
                if not content:
                    self.say("250 2.0.0 thank you")
            elif word == b"EHLO":
                self.say("250-attacker.example\r\n250 AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER")
            elif word == b"AUTH":
                self.say("235 2.7.0 thank you")
            elif word == b"DATA":
                content = True
                self.say("354 go on")
            elif word == b"QUIT":
                self.say("221 2.0.0 until next time")
                return
            else:
                self.say("250 2.0.0 thank you")

    def say(self, text):
        with contextlib.suppress(OSError):
            self.wfile.write(f"{text}\r\n".encode())


class _Web(socketserver.StreamRequestHandler):
    """Token endpoint, revocation and proxy in one."""

    def handle(self):
        self.server.note(b"")
        length = 0
        for line in _lines(self):
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "content-length":
                length = int(value)
            if not line.strip():
                self.server.note(self.rfile.read(length))
                body = json.dumps({"access_token": "of-the-attacker", "token_type": "Bearer", "expires_in": 3600}).encode()
                with contextlib.suppress(OSError):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                                     b"%d\r\n\r\n%s" % (len(body), body))
                length = 0


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Attacker:
    def __enter__(self):
        self.lock = threading.Lock()
        self.noted = []
        self.connections = 0
        self.servers = [_Server(("127.0.0.1", 0), handler) for handler in (_Mail, _Web)]
        for server in self.servers:
            server.note = self._note
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.smtp, self.http = (server.server_address[1] for server in self.servers)
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def _note(self, text):
        with self.lock:
            self.noted.append(text)
            self.connections += not text

    def heard(self):
        with self.lock:
            return b"".join(self.noted)
