"""Secrets of deployed accounts never come back: they are looked for in everything that Node-RED says and keeps.
Arguments: --build DIR."""

import base64
import os
import socket
import sys
import threading

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from node_red.deployed_secrets import CANARIES, PASSWORD, DeployedSecrets  # noqa: E402
from node_red.program import main  # noqa: E402
from node_red.rig import children  # noqa: E402


class Comms:
    """The WebSocket by which the editor gets statuses and what debug nodes show; keeps the bytes."""

    def __init__(self, red, token):
        self.socket = socket.create_connection(("127.0.0.1", red.port), timeout=60)
        self.heard = b""
        head = {"Host": f"127.0.0.1:{red.port}", "Upgrade": "websocket", "Connection": "Upgrade",
                "Sec-WebSocket-Key": base64.b64encode(b"x" * 16).decode(), "Sec-WebSocket-Version": "13"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        self.socket.sendall(f"GET /comms HTTP/1.1\r\n{lines}\r\n".encode())
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        self.say(f'{{"auth":"{token}"}}')
        red.until(lambda: b'"auth":"ok"' in self.heard, "the editor is not let in")
        self.say('{"subscribe":"#"}')

    def say(self, text):
        """One short frame, masked with zeros."""
        assert len(text) < 65536
        length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + length + bytes(4) + text.encode())

    def _read(self):
        try:
            while part := self.socket.recv(65536):
                self.heard += part
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()


class Silence(DeployedSecrets):
    def use_everything(self):
        """Every account sends, and every button is pressed: with what is stored, and with what is not taken."""
        before = len(self.red.messages())
        for name in self.accounts:
            self.red.emit(f"source-{name}", {"to": "bob@example.test", "payload": "t"})
        self.red.until_messages(count=before + len(self.accounts))
        for name in self.accounts:
            for action in ("validate", "preview", "test-connection", "send-test", "explain", "account-status"):
                self.act(action, name)
                self.act(action, name, {"server_host": "localhost"})
        self.act("test-connection", "with-password", {"from": "x", "server_port": "1"}, {"auth_password": PASSWORD})

    def test_the_admin_api_does_not_tell_them(self):
        person = {"Authorization": f"Bearer {self.red.token_of('admin')}"}
        for path in ("/flows", "/nodes", "/settings", "/settings/user", "/context/global", "/flow/tab", "/flow/global", *(
                f"/credentials/mail-send-account/{name}" for name in self.accounts)):
            status, body = self.red.request("GET", path, headers=person)
            self.assertEqual(200, status, path)
            self.assert_silent(body, path)
        self.assertEqual({"has_auth_password": True}, {name: value for name, value in self.red.get(
            "/credentials/mail-send-account/with-password").items() if value})

    def test_nothing_tells_them_while_all_is_used(self):
        with Comms(self.red, self.red.token_of("admin")) as comms:
            self.use_everything()
            self.red.until(lambda: b"status/mail-with-tokens" in comms.heard and b"accepted" in comms.heard,
                           "the editor hears nothing")
        self.assert_silent(comms.heard, "what the editor hears")
        self.assert_silent(b"".join(self.editor.heard), "an answer of an action")
        self.assert_silent(self.red.log(), "the log")
        with open(self.red.events_name, "rb") as file:
            self.assert_silent(file.read(), "a message or a status")

    def test_no_file_and_no_process_shows_them(self):
        self.use_everything()
        seen = 0
        for folder, _, names in os.walk(self.red.user_dir):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assert_silent(file.read(), name)
                seen += 1
        self.assertGreater(seen, 4)
        processes = [pid for pid, _ in children(self.red.process.pid)]
        self.assertTrue(processes)
        for pid in (self.red.process.pid, *processes):
            for name in ("cmdline", "environ"):
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    self.assert_silent(file.read(), f"{name} of a process")

    def test_tokens_are_no_credentials_of_node_red_and_only_its_user_reads_them(self):
        store = os.path.join(self.red.user_dir, "mail-send-wfc")
        self.assertEqual(0o700, os.stat(store).st_mode & 0o777)
        self.assertEqual(0o600, os.stat(os.path.join(store, "secrets")).st_mode & 0o777)
        known = self.red.get("/credentials/mail-send-account/with-tokens")
        self.assertFalse([name for name, value in known.items() if value], known)

    def test_a_flow_that_is_written_down_holds_none(self):
        with open(os.path.join(self.red.user_dir, "flows.json"), "rb") as file:
            text = file.read()
        self.assertIn(b"with-password", text)
        self.assert_silent(text, "flows.json")
        self.assertEqual(5, len(CANARIES))


if __name__ == "__main__":
    main()
