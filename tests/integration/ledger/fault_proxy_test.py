"""The proxy does what its plan says, and its record says what went through."""

import socket
import threading
import time
import unittest

from dialogue_trace import Trace
from fault_proxy import FaultProxy, Plan

GREETING = b"220 test\r\n"
BODY = b"Subject: a\r\n\r\n..stuffed\r\n.. \r\nend\r\n"


class Server:
    """Says its replies, one for each line, and keeps what it was sent. DATA ends with a line that is a dot."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.got = b""
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self.listener.close()
        self.thread.join(10)

    def serve(self):
        connection = self.listener.accept()[0]
        with connection, connection.makefile("rb") as lines:
            body = False
            try:
                connection.sendall(GREETING)
                for line in lines:
                    self.got += line
                    if body and line != b".\r\n":
                        continue
                    body = line == b"DATA\r\n"
                    several = b"250-a\r\n" if line == b"EHLO\r\n" else b""
                    connection.sendall(b"354 go\r\n" if body else several + b"250 ok\r\n")
            except OSError:
                pass


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.lines = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.socket.close()

    def reply(self):
        """The last line of the next reply; empty when the connection is over."""
        line = self.lines.readline()
        return self.reply() if line[3:4] == b"-" else line

    def say(self, data):
        self.socket.sendall(data)
        return self.reply()

    def to_the_body(self):
        self.reply()
        self.say(b"EHLO\r\n")
        self.socket.sendall(b"MAIL\r\nRCPT\r\nDATA\r\n")
        return [self.reply() for _ in range(3)]


HEAD = len(b"EHLO\r\nMAIL\r\nRCPT\r\nDATA\r\n")


class Proxy(unittest.TestCase):
    def rig(self, *plans, opaque=False):
        self.server = self.enterContext(Server())
        self.proxy = self.enterContext(FaultProxy(self.server.port, plans, opaque))
        client = self.enterContext(Client(self.proxy.port))
        return client

    def record(self):
        end = time.monotonic() + 20
        while not self.proxy.records[0].closed:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        return self.proxy.records[0]

    def test_without_a_plan_everything_goes_through(self):
        client = self.rig()
        self.assertEqual([b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"], client.to_the_body())
        self.assertEqual(b"250 ok\r\n", client.say(BODY + b".\r\n"))
        client.__exit__()
        record = self.record()
        self.assertEqual(HEAD + len(BODY) + 3, record.up_forwarded)
        self.assertEqual(record.down_received, record.down_forwarded)
        (ending,) = record.trace.endings
        self.assertEqual((HEAD + len(BODY), HEAD + len(BODY) + 3, "250 ok\r\n"), (ending.begin, ending.end, ending.reply))
        self.assertIsNone(record.trace.begun)
        self.assertTrue(record.server_has_the_end())

    def test_a_cut_upwards_forwards_exactly_so_many_bytes(self):
        for how in ("fin", "rst"):
            with self.subTest(how):
                client = self.rig(Plan(cut_up=HEAD + 5, how=how))
                client.to_the_body()
                try:
                    self.assertEqual(b"", client.say(BODY))
                except ConnectionResetError:
                    self.assertEqual("rst", how)
                client.__exit__()
                record = self.record()
                self.assertEqual((HEAD + 5, HEAD + len(BODY), "up"), (record.up_forwarded, record.up_received, record.cut))
                self.assertEqual([], record.trace.endings)
                self.assertTrue(record.trace.body_is_whole)
                self.server.thread.join(10)
                self.assertLessEqual(len(self.server.got), HEAD + 5)

    def test_a_cut_has_a_time_from_which_on_the_client_can_see_it(self):
        for how in ("fin", "rst"):
            before = time.monotonic()
            client = self.rig(Plan(cut_up=3, how=how))
            client.reply()
            try:
                client.say(b"EHLO\r\n")
            except ConnectionError:
                pass
            client.__exit__()
            self.assertTrue(before < self.record().cut_at < time.monotonic())

    def test_an_opaque_one_counts_and_cuts_and_follows_nothing(self):
        client = self.rig(Plan(cut_up=HEAD + 5), opaque=True)
        client.to_the_body()
        client.say(BODY + b".\r\n")
        client.__exit__()
        record = self.record()
        self.assertEqual((HEAD + 5, HEAD + len(BODY) + 3, "up"), (record.up_forwarded, record.up_received, record.cut))
        self.assertEqual((0, [], []), (record.trace.sent, record.trace.replies, record.trace.endings))

    def test_what_the_client_sends_after_a_fin_is_recorded_and_not_forwarded(self):
        client = self.rig(Plan(cut_up=HEAD + 5))
        client.to_the_body()
        client.say(BODY)
        client.socket.sendall(b".\r\n")
        client.__exit__()
        record = self.record()
        self.assertEqual(HEAD + len(BODY), record.trace.begun.begin)
        self.assertFalse(record.server_has_the_end())

    def test_a_cut_downwards_gives_the_client_exactly_so_many_bytes(self):
        client = self.rig(Plan(cut_down=len(GREETING) + 5))
        self.assertEqual(GREETING, client.reply())
        client.socket.sendall(b"EHLO\r\n")
        self.assertEqual((b"250-a", b""), (client.lines.readline(), client.lines.readline()))
        client.__exit__()
        self.assertEqual(len(GREETING) + 5, self.record().down_forwarded)

    def test_a_reply_that_was_cut_is_none(self):
        before = len(GREETING) + len(b"250-a\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n")
        client = self.rig(Plan(cut_down=before + 7, how="rst"))
        client.to_the_body()
        try:
            self.assertEqual(b"250 ok\r", client.say(BODY + b".\r\n"))
        except ConnectionResetError:
            pass
        record = self.record()
        self.assertIsNotNone(record.trace.begun)
        self.assertTrue(record.server_has_the_end())

    def test_a_reply_can_be_late_and_be_held_back(self):
        client = self.rig(Plan(late={1: 0.3}, hold_from=2))
        client.reply()
        begin = time.monotonic()
        self.assertEqual(b"250 ok\r\n", client.say(b"EHLO\r\n"))
        self.assertGreaterEqual(time.monotonic() - begin, 0.3)
        client.socket.sendall(b"MAIL\r\n")
        client.socket.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            client.reply()

    def test_connections_at_once_are_those_that_their_clients_have_not_closed(self):
        self.rig().__exit__()
        with Client(self.proxy.port) as second:
            second.socket.sendall(b"QUIT\r\n")
        with Client(self.proxy.port), Client(self.proxy.port):
            end = time.monotonic() + 20
            while len(self.proxy.records) < 4 and time.monotonic() < end:
                time.sleep(0.01)
        self.assertEqual((4, 2), (len(self.proxy.records), self.proxy.most_at_once))

    def test_a_client_is_closed_where_the_server_cannot_be_reached(self):
        with FaultProxy(1) as proxy, Client(proxy.port) as client:  # nobody listens there
            self.assertEqual(b"", client.reply())


class TheTrace(unittest.TestCase):
    def after(self, body):
        trace = Trace()
        trace.server(GREETING)
        trace.client(b"DATA\r\n" + body)  # held until the reply
        trace.server(b"354 go\r\n")
        return trace

    def test_no_byte_before_the_dot_begins_the_end(self):
        for length in range(len(BODY) + 1):
            trace = self.after(BODY[:length])
            begun = BODY[:length].endswith(b"\r\n.")  # nobody can tell from that byte alone
            self.assertEqual(begun, trace.begun is not None, BODY[:length])

    def test_each_byte_of_the_end_is_one(self):
        for length, whole in ((1, False), (2, False), (3, True)):
            ending = self.after(BODY + b".\r\n"[:length]).begun
            self.assertEqual((6 + len(BODY), whole), (ending.begin, ending.end is not None))

    def test_an_empty_body_ends_at_once(self):
        self.assertEqual(6, self.after(b".\r\n").begun.begin)

    def test_a_refused_data_has_no_body(self):
        trace = Trace()
        trace.server(GREETING)
        trace.client(b"DATA\r\n")
        trace.server(b"503 no\r\n")
        trace.client(b".\r\n")
        self.assertEqual([], trace.endings)

    def test_a_second_message_has_an_end_of_its_own(self):
        trace = self.after(b"a\r\n.\r\n")
        trace.server(b"250 first\r\n")
        trace.client(b"MAIL\r\nDATA\r\n")
        trace.server(b"250 ok\r\n354 go\r\n")
        trace.client(b"b\r\n.")
        self.assertEqual("250 first\r\n", trace.endings[0].reply)
        self.assertIsNotNone(trace.begun)

    def chunked(self, sent):
        trace = Trace()
        trace.server(GREETING)
        trace.client(sent)
        return trace

    def test_octets_of_a_chunk_are_no_commands(self):
        trace = self.chunked(b"MAIL\r\nRCPT\r\nBDAT 14\r\nBDAT 3 LAST\r\n.")
        self.assertEqual([], trace.endings)
        self.assertTrue(trace.in_body)

    def test_the_last_chunk_is_the_end_from_the_first_byte_of_its_command(self):
        head, last = b"MAIL\r\nBDAT 3\r\na\r\n", b"BDAT 2 LAST\r\n\r\n"
        for length in range(len(last) + 1):
            trace = self.chunked(head + last[:length])
            self.assertEqual(length > 0, trace.begun is not None, length)
            if length:
                self.assertEqual((len(head), length == len(last)), (trace.begun.begin, trace.begun.end is not None))

    def test_an_empty_last_chunk_ends_at_its_line(self):
        trace = self.chunked(b"BDAT 1\r\na" + b"BDAT 0 LAST\r\n")
        self.assertEqual(22, trace.begun.end)
        trace.server(b"250 chunk\r\n250 done\r\n")
        self.assertEqual("250 done\r\n", trace.endings[0].reply)

    def test_one_chunk_may_be_all(self):
        trace = self.chunked(b"MAIL\r\nBDAT 1 LAST\r\na")
        self.assertEqual((6, 20), (trace.begun.begin, trace.begun.end))

    def test_another_chunk_or_a_reset_is_no_end(self):
        self.assertEqual([], self.chunked(b"BDAT 1\r\naBDAT 1\r\n").endings)
        trace = self.chunked(b"BDAT 1\r\naRSET\r\n")
        self.assertEqual(([], False), (trace.endings, trace.in_body))

    def test_several_messages_in_flight_are_answered_in_their_order(self):
        trace = self.chunked(b"MAIL\r\nBDAT 1 LAST\r\naMAIL\r\nBDAT 1 LAST\r\nb")
        self.assertEqual(2, len(trace.endings))
        trace.server(b"250 mail\r\n250 first\r\n250 mail\r\n")
        self.assertEqual(["250 first\r\n", None], [each.reply for each in trace.endings])


if __name__ == "__main__":
    unittest.main(verbosity=2)
