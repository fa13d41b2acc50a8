"""A TCP proxy on loopback that cuts, delays and holds back as a plan for each connection says, and records what went through.

    with FaultProxy(port, [Plan(cut_up=700, how="rst")]) as proxy:
        ...                                 # a client on proxy.port; connections beyond the list have no faults
    proxy.records[0].trace.begun            # the end of data that the client sent and got no reply to

"Up" is from the client to the server. After a cut nothing is forwarded any more, and what the client sends all the same is
still read and recorded: with a FIN until the client closes, with an RST what was there before it. A proxy that is `opaque` is
for encrypted connections: it counts and cuts, but follows nothing, and its plans can have nothing late or held.
"""

import array
import collections
import contextlib
import dataclasses
import fcntl
import select
import socket
import struct
import termios
import threading
import time

from dialogue_trace import Trace

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST


@dataclasses.dataclass
class Plan:
    """What goes wrong in one connection. `late`: seconds for a reply's number (0 is the greeting)."""

    cut_up: int | None = None  # after so many forwarded bytes
    cut_down: int | None = None
    how: str = "fin"  # or "rst"; to both sides
    late: dict = dataclasses.field(default_factory=dict)
    hold_from: int | None = None  # this reply and all after it are never given to the client


class Record:
    """What went through one connection."""

    def __init__(self, plan, opaque=False):
        self.plan = plan
        self.opaque = opaque
        self.trace = Trace()  # the client's side; nothing where it is opaque
        self.up_received = self.up_forwarded = self.down_received = self.down_forwarded = 0
        self.cut = None  # which limit of the plan ended it
        self.cut_at = None  # monotonic, once the client could see it
        self.there_at_cut = None  # bytes of the client that had come by then, read or not
        self.closed = False

    def heard(self, data):
        """Bytes of the client, whatever becomes of them."""
        self.up_received += len(data)
        if not self.opaque:
            self.trace.client(data)

    def told(self, data):
        """Bytes that the client is given now."""
        if not self.opaque:
            self.trace.server(data)

    def server_has_the_end(self):
        """Whether the whole end of data was forwarded."""
        return any(each.end is not None and each.end <= self.up_forwarded for each in self.trace.endings)

    def __str__(self):
        endings = [(each.begin, each.end, each.reply) for each in self.trace.endings]
        return (f"{self.plan}: up {self.up_forwarded}/{self.up_received}, down {self.down_forwarded}/{self.down_received}, "
                f"cut {self.cut}, endings {endings}")


class _Cut(Exception):
    pass


class _Connection:
    def __init__(self, client, upstream, record, stopped):
        self.client, self.upstream, self.record, self.stopped = client, upstream, record, stopped
        self.replies = collections.deque()  # (due, bytes) not yet forwarded
        self.number = 0  # of the reply that the next byte of the server belongs to
        self.line = b""

    def run(self):
        record = self.record
        try:
            open_up = open_down = True
            while (open_up or open_down or self.replies) and not self.stopped.is_set():
                self._forward_replies()
                if not open_down and not self.replies:
                    self._hang_up()  # a server that has closed reads no more
                    break
                readable = self._wait([self.client] * open_up + [self.upstream] * open_down)
                if self.client in readable:
                    data = self._read(self.client)
                    if not data:
                        break  # an SMTP client that closes wants no more replies
                    record.heard(data)
                    self._forward_up(data)
                if self.upstream in readable:
                    data = self._read(self.upstream)
                    open_down = bool(data)
                    record.down_received += len(data)
                    self._queue(data)
        except _Cut:
            with contextlib.suppress(OSError):
                self._cut()
        except OSError:
            pass  # the other side of a fault
        finally:
            self.client.close()
            self.upstream.close()
            record.closed = True

    def is_open(self):
        """Whether the client has not closed yet, known before its bytes are read."""
        try:
            poll = select.poll()
            poll.register(self.client, select.POLLRDHUP)
            return not self.record.closed and not poll.poll(0)
        except (OSError, ValueError):  # closed a moment ago
            return False

    def _wait(self, sockets):
        due = self.replies[0][0] - time.monotonic() if self.replies else 1
        return select.select(sockets, [], [], min(max(due, 0), 0.2))[0]

    @staticmethod
    def _read(connection):
        try:
            return connection.recv(65536)
        except ConnectionError:
            return b""

    def _forward_up(self, data):
        limit = self.record.plan.cut_up
        piece = data if limit is None else data[:limit - self.record.up_forwarded]
        try:
            self.upstream.sendall(piece)
        except ConnectionError:
            return  # the server has gone; its last words may still be on their way
        self.record.up_forwarded += len(piece)
        if self.record.up_forwarded == limit:
            self.record.cut = "up"
            raise _Cut

    def _queue(self, data):
        """Cuts what the server said into pieces of one reply each."""
        start, plan = 0, self.record.plan
        for place, byte in enumerate(data):
            self.line += bytes((byte,))
            if byte != 0x0A and place + 1 < len(data):
                continue
            held = plan.hold_from is not None and self.number >= plan.hold_from
            due = float("inf") if held else time.monotonic() + plan.late.get(self.number, 0)
            due = max(due, self.replies[-1][0]) if self.replies else due
            self.replies.append((due, data[start:place + 1]))
            start = place + 1
            if byte == 0x0A:
                self.number += self.line[3:4] != b"-"
                self.line = b""

    def _forward_replies(self):
        record = self.record
        while self.replies and self.replies[0][0] <= time.monotonic():
            data = self.replies.popleft()[1]
            limit = record.plan.cut_down
            piece = data if limit is None else data[:limit - record.down_forwarded]
            record.told(piece)  # before the client can act on it
            self.client.sendall(piece)
            record.down_forwarded += len(piece)
            if record.down_forwarded == limit:
                record.cut = "down"
                raise _Cut

    def _cut(self):
        if self.record.plan.how != "rst":
            self._hang_up()
            return
        self.client.setblocking(False)
        self._drain()
        for each in (self.client, self.upstream):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._note_what_is_there()
        self.client.close()
        self.record.cut_at = time.monotonic()
        self.upstream.close()

    def _hang_up(self):
        """A FIN to both, and what the client has to say until it sees it."""
        for each in (self.upstream, self.client):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_WR)
        self._note_what_is_there()
        self.record.cut_at = time.monotonic()
        self.client.settimeout(0.2)
        self._drain()

    def _note_what_is_there(self):
        waiting = array.array("i", [0])
        fcntl.ioctl(self.client, termios.FIONREAD, waiting)
        self.record.there_at_cut = self.record.up_received + waiting[0]

    def _drain(self):
        while not self.stopped.is_set():
            try:
                data = self.client.recv(65536)
            except TimeoutError:
                continue
            except (BlockingIOError, ConnectionError):
                return
            if not data:
                return
            self.record.heard(data)


class FaultProxy:
    """Forwards to a port of 127.0.0.1 until `with` ends. `plans`: one for each connection in order, then none."""

    def __init__(self, port, plans=(), opaque=False):
        self.upstream = port
        self.opaque = opaque
        self.plans = collections.deque(plans)
        self.records = []
        self.most_at_once = 0  # connections that their clients had not closed
        self._connections = []
        self._closing = threading.Event()
        self._stopped = threading.Event()
        self._threads = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.settimeout(0.1)
        self.port = self._listener.getsockname()[1]
        self._threads.append(threading.Thread(target=self._accept, daemon=True))
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        """Reads to the end what clients have sent that are gone; those that are still there have ten seconds."""
        self._closing.set()
        self._threads.pop(0).join(30)
        end = time.monotonic() + 10
        for each in self._threads:
            each.join(max(0, end - time.monotonic()))
        self._stopped.set()
        for each in self._threads:
            each.join(30)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client = self._listener.accept()[0]
            except TimeoutError:
                if self._closing.is_set():
                    return
                continue
            record = Record(self.plans.popleft() if self.plans else Plan(), self.opaque)
            self.records.append(record)
            client.settimeout(30)
            try:
                upstream = socket.create_connection(("127.0.0.1", self.upstream), timeout=30)
            except OSError:
                client.close()
                record.closed = True
                continue
            for each in (client, upstream):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = _Connection(client, upstream, record, self._stopped)
            self._connections = [each for each in self._connections if each.is_open()] + [connection]
            self.most_at_once = max(self.most_at_once, len(self._connections))
            self._threads.append(threading.Thread(target=connection.run, daemon=True))
            self._threads[-1].start()
