"""The sink of the benchmarks: what it counts, whatever pieces a message comes in."""

import smtplib
import socket
import ssl
import struct
import sys
import tempfile
import unittest

sys.path[0] = sys.path[0] + "/.."

from compare.sink import Sink  # noqa: E402

PROGRAM = sys.argv.pop(1)


def text(size):
    return "From: a@example.test\r\n\r\n" + "A line of words.\r\n.dots.\r\n" * (size // 25)


class SinkTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def sink(self, *doors):
        sink = Sink(PROGRAM, doors, self.folder)
        self.addCleanup(sink.close)
        return sink

    def trust(self, sink):
        return ssl.create_default_context(cafile=sink.authority)

    def test_counts_messages_and_recipients_in_clear(self):
        sink = self.sink("plain")
        with smtplib.SMTP("127.0.0.1", sink.ports[0]) as client:
            for size in (0, 100, 10_000, 1_000_000):
                client.sendmail("a@example.test", ["b@example.test", "c@example.test"], text(size))
        counts = sink.counts()
        self.assertEqual((1, 4, 8), (counts["connections"], counts["messages"], counts["recipients"]))
        self.assertGreater(counts["octets"], 1_000_000)

    def test_finds_the_end_of_a_message_in_any_two_pieces(self):
        sink = self.sink("plain")
        message = b".\r\n..\r\n.x\r\n\r.\r\nlast\r\n.\r\n"
        with socket.create_connection(("127.0.0.1", sink.ports[0])) as raw, raw.makefile("rb") as replies:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            replies.readline()
            begin = b"MAIL FROM:<>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n"
            for cut in range(1, len(message)):
                raw.sendall(begin)
                self.assertEqual([b"250", b"250", b"354"], [replies.readline()[:3] for _ in range(3)])
                whole = b"x\r\n" + message[3:]  # the first line of it would be the end
                raw.sendall(whole[:cut])
                raw.sendall(whole[cut:])
                self.assertEqual(b"250", replies.readline()[:3], whole[:cut])
        self.assertEqual(len(message) - 1, sink.counts()["messages"])

    def test_an_empty_message_ends_at_once(self):
        sink = self.sink("plain")
        with socket.create_connection(("127.0.0.1", sink.ports[0])) as raw, raw.makefile("rb") as replies:
            raw.sendall(b"MAIL FROM:<>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n.\r\nQUIT\r\n")
            self.assertEqual([b"220", b"250", b"250", b"354", b"250", b"221"], [line[:3] for line in replies])

    def test_answers_a_group_in_order_and_takes_chunks(self):
        sink = self.sink("plain")
        with socket.create_connection(("127.0.0.1", sink.ports[0])) as raw, raw.makefile("rb") as replies:
            raw.sendall(b"EHLO me\r\nBDAT 2 LAST\r\nhiMAIL FROM:<>\r\nRCPT TO:<b@example.test>\r\nBDAT 3\r\nabcBDAT 0 LAST\r\nQUIT\r\n")
            said = [line[:4] for line in replies]
        self.assertEqual([b"503 ", b"250 ", b"250 ", b"250 ", b"250 ", b"221 "], said[-6:])
        self.assertEqual(1, sink.counts()["messages"])

    def test_offers_what_its_door_says(self):
        sink = self.sink("plain:SIZE,PIPELINING", "starttls", "plain:")
        offered = []
        for port in sink.ports:
            with smtplib.SMTP("127.0.0.1", port) as client:
                client.ehlo()
                offered.append({name for name in ("size", "pipelining", "chunking", "auth", "starttls") if client.has_extn(name)})
        self.assertEqual([{"size", "pipelining"}, {"size", "pipelining", "chunking", "auth", "starttls"}, set()], offered)

    def test_encrypts_from_the_start_or_on_demand_and_takes_any_password(self):
        sink = self.sink("starttls", "tls")
        with smtplib.SMTP("localhost", sink.ports[0], local_hostname="me") as client:
            client.starttls(context=self.trust(sink))
            client.login("alice", "wrong")
            client.sendmail("a@example.test", ["b@example.test"], text(300_000))
        with smtplib.SMTP_SSL("localhost", sink.ports[1], context=self.trust(sink)) as client:
            self.assertEqual("TLSv1.3", client.sock.version())
            client.sendmail("a@example.test", ["b@example.test"], text(300_000))
        counts = sink.counts()
        self.assertEqual((2, 2, 0), (counts["messages"], counts["handshakes"], counts["resumed"]))

    def test_a_client_that_is_gone_before_its_replies_does_no_harm(self):
        sink = self.sink("tls")
        trust = self.trust(sink)
        for _ in range(20):
            raw = socket.create_connection(("127.0.0.1", sink.ports[0]))
            with trust.wrap_socket(raw, server_hostname="localhost") as client:
                client.recv(100)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.sendall(b"NOOP\r\n" * 10_000 + b"QUIT\r\n")
        self.assertEqual(20, sink.counts()["handshakes"])

    def test_resumes_sessions_where_its_door_does(self):
        sink = self.sink("tls", "tls-full")
        for port in sink.ports:
            trust, session = self.trust(sink), None
            for _ in range(2):
                with socket.create_connection(("127.0.0.1", port)) as raw:
                    with trust.wrap_socket(raw, server_hostname="localhost", session=session) as client:
                        client.recv(100)  # the greeting, and with it the ticket
                        session = client.session if client.session.has_ticket else None
        self.assertEqual((4, 1), (sink.counts()["handshakes"], sink.counts()["resumed"]))


if __name__ == "__main__":
    unittest.main()
