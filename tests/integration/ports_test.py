"""Ports for tests that run beside each other."""

import multiprocessing
import os
import socket
import subprocess
import sys
import unittest

import ports


class Ports(unittest.TestCase):
    def test_none_is_given_twice_to_processes_that_ask_at_once(self):
        with multiprocessing.Pool(4) as pool:
            given = [port for found in pool.map(ports.free_ports, [40] * 32) for port in found]
        self.assertEqual(32 * 40, len(given))
        self.assertEqual(len(given), len(set(given)))

    def test_they_can_be_listened_on_and_given_back(self):
        port = ports.free_port()
        with socket.create_server(("127.0.0.1", port)):
            self.assertFalse(ports._hold(port))
        ports.release([port])
        self.assertTrue(ports._hold(port))
        ports.release([port])

    def test_one_that_somebody_listens_on_is_not_given(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            self.assertFalse(ports._hold(taken.getsockname()[1]))

    def test_they_come_free_when_their_process_ends_however_it_does(self):
        folder = os.path.dirname(os.path.realpath(__file__))
        code = "import os, ports; print(ports.free_port(), flush=True); os.kill(os.getpid(), 9)"
        done = subprocess.run([sys.executable, "-B", "-c", code], cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
        self.assertTrue(ports._hold(int(done.stdout)))
        ports.release([int(done.stdout)])


if __name__ == "__main__":
    unittest.main()
