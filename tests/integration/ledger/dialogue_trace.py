"""Follows an SMTP dialogue in clear text, byte by byte, and says when the end of data began and whether it was answered.

It sees what the client has sent and what of the server's replies the client was given, in the order in which a proxy sees them.
It knows DATA with dot-stuffing (RFC 5321 section 4.5.2) and pipelining; no BDAT, no TLS.
"""

import time


class Ending:
    """One end of data: where in the client's bytes it begins, and what became of it."""

    def __init__(self, begin):
        self.begin = begin  # offset of the dot
        self.end = None  # offset behind its last byte, once that was there
        self.begun_at = time.monotonic()
        self.answered_at = None
        self.reply = None  # the whole reply, once the client was given its last byte


class Trace:
    """`client` and `server` are fed with every byte; `endings` are those that were begun."""

    def __init__(self):
        self.sent = 0  # bytes of the client
        self.replies = []  # complete ones that the client was given
        self.endings = []
        self.in_body = False
        self.body_is_whole = False  # so far: the last byte of the body ended a line
        self._waiting = ["greeting"]  # what the next replies are for
        self._held = b""  # client's bytes behind DATA, until it was answered
        self._line = b""
        self._reply = b""
        self._dot = None  # in a line of the body: "start", "dot", "cr", or None within it

    @property
    def begun(self):
        """The end of data that was begun and not answered, or None."""
        return self.endings[-1] if self.endings and self.endings[-1].reply is None else None

    def client(self, data):
        data, self._held = self._held + data, b""
        for place, byte in enumerate(data):
            if "data" in self._waiting and not self.in_body:
                self._held = data[place:]
                return
            self.sent += 1
            if self.in_body:
                self._body(byte)
            else:
                self._command(byte)

    def server(self, data):
        """Bytes of replies that were given to the client."""
        for byte in data:
            self._reply += bytes((byte,))
            if byte == 0x0A:
                lines = self._reply.split(b"\r\n")
                if len(lines) > 1 and lines[-2][3:4] != b"-":
                    reply, self._reply = self._reply, b""
                    self._answered(reply)

    def _command(self, byte):
        self._line += bytes((byte,))
        if byte == 0x0A:
            self._waiting.append("data" if self._line.strip().upper() == b"DATA" else "command")
            self._line = b""

    def _body(self, byte):
        if self._dot == "start" and byte == 0x2E:
            self._dot = "dot"
            self.endings.append(Ending(self.sent - 1))
            return
        if self._dot == "dot":
            if byte == 0x0D:
                self._dot = "cr"
                return
            self.endings.pop()  # a stuffed dot
        elif self._dot == "cr":
            if byte == 0x0A:
                self.endings[-1].end = self.sent
                self.in_body = False
                self._waiting.append("end")
                return
            self.endings.pop()
        line_ends = byte == 0x0A
        self._dot = "start" if line_ends else None
        self.body_is_whole = line_ends

    def _answered(self, reply):
        self.replies.append(reply)
        kind = self._waiting.pop(0) if self._waiting else "command"
        if kind == "end":
            self.endings[-1].reply = reply.decode("utf-8", "replace")
            self.endings[-1].answered_at = time.monotonic()
        elif kind == "data" and reply.startswith(b"354"):
            self.in_body, self.body_is_whole, self._dot = True, False, "start"
        if kind == "data" and self._held:
            self.client(b"")
