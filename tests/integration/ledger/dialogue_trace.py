"""Follows an SMTP dialogue in clear text, byte by byte, and says when the end of data began and whether it was answered.

It sees what the client has sent and what of the server's replies the client was given, in the order in which a proxy sees them.
It knows DATA with dot-stuffing (RFC 5321 section 4.5.2), BDAT (RFC 3030) and pipelining; no TLS. The end of data by BDAT is the
command that says LAST, with the octets behind it: a client that notes beforehand that it ends sends it alone, as `BDAT 0 LAST`.
"""

import time


class Ending:
    """One end of data: where in the client's bytes it begins, and what became of it."""

    def __init__(self, begin):
        self.begin = begin  # offset of the dot, or of the command that says LAST
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
        self.in_body = False  # between its first byte and its end
        self.body_is_whole = False  # so far: the last byte of the body ended a line
        self._waiting = ["greeting"]  # what the next replies are for
        self._held = b""  # client's bytes behind DATA, until it was answered
        self._line = b""
        self._reply = b""
        self._dot = None  # in a line of the body: "start", "dot", "cr", or None within it
        self._chunk = 0  # octets to come of a chunk
        self._chunks = False  # the body comes by BDAT
        self._last = False  # in the last chunk, or perhaps in the command before it

    @property
    def begun(self):
        """The end of data that was begun and not answered, or None."""
        return next((each for each in self.endings if each.reply is None), None)

    def client(self, data):
        data, self._held = self._held + data, b""
        for place, byte in enumerate(data):
            if "data" in self._waiting and not self.in_body:
                self._held = data[place:]
                return
            self.sent += 1
            if self._chunk:
                self._octet()
            elif self.in_body and not self._chunks:
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
        if self.in_body and len(self._line) == 1:
            self.endings.append(Ending(self.sent - 1))  # nobody can tell from that byte alone
            self._last = True
        if byte != 0x0A:
            return
        words = self._line.upper().split()
        if words[:1] == [b"BDAT"]:
            self._begin_chunk(self.sent - len(self._line), int(words[1]), words[-1] == b"LAST")
        else:
            if self._last:
                self.endings.pop()
                self.in_body = self._chunks = self._last = False  # given up
            self._waiting.append("data" if self._line.strip().upper() == b"DATA" else "command")
        self._line = b""

    def _begin_chunk(self, begin, size, last):
        if self._last and not last:
            self.endings.pop()
        elif last and not self._last:
            self.endings.append(Ending(begin))
        self.in_body = self._chunks = True
        self._chunk, self._last = size, last
        self._waiting.append("end" if last else "chunk")
        if not size:
            self._end_of_chunk()

    def _octet(self):
        self._chunk -= 1
        if not self._chunk:
            self._end_of_chunk()

    def _end_of_chunk(self):
        if self._last:
            self.endings[-1].end = self.sent
            self.in_body = self._chunks = self._last = False

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
            ending = next(each for each in self.endings if each.reply is None)
            ending.reply = reply.decode("utf-8", "replace")
            ending.answered_at = time.monotonic()
        elif kind == "data" and reply.startswith(b"354"):
            self.in_body, self.body_is_whole, self._dot = True, False, "start"
        if kind == "data" and self._held:
            self.client(b"")
