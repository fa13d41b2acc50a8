"""The inbox from outside, through Python's smtplib and raw sockets."""

import base64
import concurrent.futures
import json
import pathlib
import signal
import smtplib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv.pop(1)


class Inbox:
    """A running inbox with a directory of its own."""

    def __init__(self, *options, script=None):
        self.home = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.home.name)
        self.store = self.path / "store"
        self.script = self.path / "script"
        ready = self.path / "ready.json"
        command = [PROGRAM, "--port", "0", "--tls-port", "0", "--store", str(self.store), "--ready-file", str(ready), "--verbose"]
        if script is not None:
            self.script.write_text(script)
            command += ["--script", str(self.script)]
        self.log = open(self.path / "log", "w+")
        self.process = subprocess.Popen(command + list(options), stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.line = self.process.stdout.readline()
        assert self.line.startswith("inbox ready on 127.0.0.1:"), self.line
        self.ready = json.loads(ready.read_text())
        self.port, self.tls_port = self.ready["port"], self.ready["tls_port"]
        self.context = ssl.create_default_context(cafile=self.ready["ca_file"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
        self.process.stdout.close()
        self.log.close()
        self.home.cleanup()

    def messages(self):
        return [p.read_bytes() for p in sorted(self.store.glob("*.eml"))]

    def sidecars(self):
        return [json.loads(p.read_text()) for p in sorted(self.store.glob("*.json"))]

    def logged(self):
        return (self.path / "log").read_text()

    def client(self, **options):
        return smtplib.SMTP("localhost", self.port, "client.example.test", timeout=10, **options)


MESSAGE = b"Subject: dots\r\n\r\n.\r\n..two\r\nend.\r\n"


class InboxTest(unittest.TestCase):
    def test_takes_a_message_with_dots_in_clear(self):
        with Inbox() as inbox:
            with inbox.client() as client:
                client.sendmail("alice@example.test", ["bob@example.test", "carol@example.test"], MESSAGE)
            self.assertEqual(inbox.messages(), [MESSAGE])
            sidecar = inbox.sidecars()[0]
            self.assertEqual([to["address"] for to in sidecar["to"]], ["bob@example.test", "carol@example.test"])
            self.assertEqual(sidecar["from"]["parameters"], {"SIZE": str(len(MESSAGE))})
            self.assertIsNone(sidecar["tls"])

    def test_upgrades_with_starttls_and_takes_both_mechanisms_only_then(self):
        with Inbox() as inbox:
            for mechanism in ("PLAIN", "LOGIN"):
                with inbox.client() as client:
                    client.ehlo()
                    self.assertNotIn("auth", client.esmtp_features)
                    self.assertEqual(client.docmd("AUTH", "PLAIN AGEAYg==")[0], 538)
                    client.starttls(context=inbox.context)
                    client.ehlo()
                    self.assertNotIn("starttls", client.esmtp_features)
                    client.user, client.password = "alice@example.test", "canary-pass"
                    code, _ = client.auth(mechanism, getattr(client, "auth_" + mechanism.lower()))
                    self.assertEqual(code, 235)
                    client.sendmail("alice@example.test", ["bob@example.test"], MESSAGE)
            for sidecar, mechanism in zip(inbox.sidecars(), ("PLAIN", "LOGIN")):
                self.assertEqual(sidecar["auth"], {"mechanism": mechanism, "user": "alice@example.test"})
                self.assertEqual(sidecar["tls"]["server_name"], "localhost")
                self.assertEqual(sidecar["tls"]["version"], "TLSv1.3")
            everything = inbox.logged() + "".join(json.dumps(s) for s in inbox.sidecars())
            self.assertNotIn("canary-pass", everything)
            self.assertNotIn(base64.b64encode(b"canary-pass").decode(), everything)

    def test_speaks_tls_from_the_first_byte_on_the_other_port(self):
        with Inbox() as inbox:
            for host in ("localhost", "127.0.0.1"):
                with smtplib.SMTP_SSL(host, inbox.tls_port, timeout=10, context=inbox.context) as client:
                    client.login("alice", "any")
                    client.sendmail("alice@example.test", ["bob@example.test"], MESSAGE)
            self.assertEqual(inbox.messages(), [MESSAGE, MESSAGE])

    def test_knows_the_users_of_its_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as users:
            json.dump({"alice": "right"}, users)
            users.flush()
            with Inbox("--users", users.name, "--auth-in-clear") as inbox:
                with inbox.client() as client:
                    with self.assertRaises(smtplib.SMTPAuthenticationError):
                        client.login("alice", "wrong")
                    client.login("alice", "right")

    def test_serves_eight_clients_at_once(self):
        def send(number):
            body = (f"Subject: {number}\r\n\r\n" + ("x" * 70 + "\r\n") * 1000).encode()
            with inbox.client() as client:
                for _ in range(5):
                    client.sendmail("alice@example.test", [f"bob{number}@example.test"], body)
            return body

        with Inbox("--offer", "PIPELINING,SIZE") as inbox:
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                bodies = list(pool.map(send, range(8)))
            self.assertEqual(sorted(inbox.messages()), sorted(bodies * 5))
            self.assertEqual(len(inbox.sidecars()), 40)

    def test_takes_chunks(self):
        with Inbox() as inbox, socket.create_connection(("127.0.0.1", inbox.port), 10) as raw:
            replies = raw.makefile("rb")
            body = bytes(range(256))
            raw.sendall(
                b"EHLO a.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n"
                b"BDAT 256\r\n" + body + b"BDAT 0 LAST\r\nQUIT\r\n"
            )
            text = replies.read()
            self.assertIn(b"250 2.0.0 256 octets received\r\n250 2.0.0 Ok: queued", text)
            self.assertTrue(text.endswith(b"221 2.0.0 Bye\r\n"))
            self.assertEqual(inbox.messages(), [body])

    def test_answers_as_the_script_says_from_the_next_connection_on(self):
        reply = "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
        with Inbox("--auth-in-clear", script="") as inbox:
            with inbox.client() as client:
                client.login("alice", "any")
            inbox.script.write_text(f"auth reply 535 {reply}\n")
            with inbox.client() as client:
                with self.assertRaises(smtplib.SMTPAuthenticationError) as caught:
                    client.login("alice", "any")
                self.assertEqual(caught.exception.smtp_code, 535)
                self.assertEqual(caught.exception.smtp_error.decode(), reply)

    def test_cuts_and_resets_differently(self):
        with Inbox(script="noop cut\nrset reset\n") as inbox:
            with socket.create_connection(("127.0.0.1", inbox.port), 10) as raw:
                raw.recv(1000)
                raw.sendall(b"NOOP\r\n")
                self.assertEqual(raw.recv(1000), b"")
            with socket.create_connection(("127.0.0.1", inbox.port), 10) as raw:
                raw.recv(1000)
                raw.sendall(b"RSET\r\n")
                with self.assertRaises(ConnectionResetError):
                    raw.recv(1000)

    def test_breaks_a_handshake_when_told(self):
        with Inbox(script="tls cut\n") as inbox:
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                smtplib.SMTP_SSL("localhost", inbox.tls_port, timeout=10, context=inbox.context)

    def test_drops_what_was_pipelined_behind_starttls(self):
        with Inbox() as inbox, socket.create_connection(("127.0.0.1", inbox.port), 10) as raw:
            raw.recv(1000)
            raw.sendall(b"STARTTLS\r\nNOOP\r\n")
            text = raw.makefile("rb").read()
            self.assertEqual(text, b"220 2.0.0 Ready for TLS\r\n")

    def test_refuses_to_start_with_a_script_at_fault(self):
        with tempfile.TemporaryDirectory() as home:
            script = pathlib.Path(home, "script")
            script.write_text("auth reply 250 ok\nauht cut\n")
            ended = subprocess.run(
                [PROGRAM, "--port", "0", "--store", home + "/store", "--script", str(script)], capture_output=True, text=True, timeout=10
            )
            self.assertEqual(ended.returncode, 65)
            self.assertIn('line 2: "auht" is not a stage', ended.stderr)
            self.assertEqual(ended.stdout, "")

    def test_says_so_when_the_script_breaks_while_it_runs(self):
        with Inbox(script="") as inbox:
            inbox.script.write_text("nonsense\n")
            with self.assertRaises(smtplib.SMTPConnectError) as caught:
                inbox.client()
            self.assertEqual(caught.exception.smtp_code, 421)
            self.assertIn(b"line 1", caught.exception.smtp_error)
            self.assertIn("line 1", inbox.logged())
            inbox.script.write_text("")
            inbox.client().quit()

    def test_refuses_wrong_usage(self):
        for arguments in ([], ["--store", "x", "--port", "70000"], ["--store", "x", "--offer", "XYZZY"], ["--store", "x", "--cert", "y"]):
            ended = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=10)
            self.assertEqual(ended.returncode, 64, arguments)
            self.assertNotEqual(ended.stderr + ended.stdout, "")
        ended = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=10)
        self.assertEqual(ended.returncode, 0)
        self.assertIn("--script", ended.stdout)

    def test_takes_a_certificate_of_somebodys_own(self):
        with tempfile.TemporaryDirectory() as home:
            certificate, key = home + "/cert.pem", home + "/key.pem"
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                 "-out", certificate, "-subj", "/CN=own", "-addext", "subjectAltName=DNS:localhost"],
                check=True, capture_output=True,
            )
            ready = home + "/ready.json"
            process = subprocess.Popen(
                [PROGRAM, "--port", "0", "--tls-port", "0", "--store", home + "/store", "--cert", certificate, "--key", key, "--ready-file", ready],
                stdout=subprocess.PIPE, text=True,
            )
            try:
                process.stdout.readline()
                told = json.loads(pathlib.Path(ready).read_text())
                self.assertIsNone(told["ca_file"])
                context = ssl.create_default_context(cafile=certificate)
                smtplib.SMTP_SSL("localhost", told["tls_port"], timeout=10, context=context).quit()
            finally:
                process.terminate()
                process.wait(10)
                process.stdout.close()

    def test_stops_at_once_on_both_signals_with_clients_connected(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Inbox(script="ehlo silence\ngreeting #1 delay 10ms\n") as inbox:
                with socket.create_connection(("127.0.0.1", inbox.port), 10) as raw:
                    raw.recv(100)
                    raw.sendall(b"EHLO a.test\r\n")
                    started = time.monotonic()
                    inbox.process.send_signal(number)
                    self.assertEqual(inbox.process.wait(10), 0)
                    self.assertLess(time.monotonic() - started, 5)

    def test_listens_on_loopback_only(self):
        with Inbox() as inbox:
            for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
                address, port = line.split()[1].split(":")
                if int(port, 16) == inbox.port and line.split()[3] == "0A":
                    self.assertEqual(socket.inet_ntoa(struct.pack("<I", int(address, 16))), "127.0.0.1")


if __name__ == "__main__":
    unittest.main()
