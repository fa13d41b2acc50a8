"""A plain C host loads the component through component.h alone, sends, cancels and unloads it."""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ARGUMENTS = None


def start_inbox(directory):
    """The inbox on a free port; the process and its port."""
    ready = os.path.join(directory, "ready.json")
    inbox = subprocess.Popen(
        [os.path.join(ARGUMENTS.build, "inbox"), "--port", "0", "--auth-in-clear", "--store", directory,
         "--ready-file", ready], stdout=subprocess.DEVNULL)
    for _ in range(200):
        if os.path.exists(ready):
            with open(ready) as file:
                return inbox, json.load(file)["port"]
        time.sleep(0.05)
    inbox.kill()
    raise RuntimeError("the inbox did not start")


class CHost(unittest.TestCase):
    def test_sends_cancels_and_unloads(self):
        with tempfile.TemporaryDirectory() as directory, socket.create_server(("127.0.0.1", 0)) as silent:
            inbox, port = start_inbox(directory)
            try:
                done = subprocess.run(
                    [ARGUMENTS.host, os.path.join(ARGUMENTS.build, "components/mail-send/libmailsend.so"),
                     str(port), str(silent.getsockname()[1])], capture_output=True, text=True, timeout=60)
            finally:
                inbox.terminate()
                inbox.wait()
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            messages = [name for name in os.listdir(directory) if name.endswith(".eml")]
            self.assertEqual(len(messages), 1, messages)
            with open(os.path.join(directory, messages[0])) as message:
                self.assertIn("Sent through component.h alone.", message.read())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--host", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
