"""Ports of loopback for the servers and redirects of a test, that no test running beside it is given.

    port = free_port()

Guarantees: they lie below the range from which the kernel takes those of outgoing connections, and each is held for this process
until it ends or calls `release`. Held by the name of an abstract Unix socket: it goes with the process, and the port itself stays
free to be listened on. Programs that are no tests know nothing of this.
"""

import random
import socket

RANGE = range(20000, 32000)

_held = {}


def free_ports(count):
    """Ports that nobody listens on now."""
    found = []
    for port in random.sample(RANGE, len(RANGE)):
        if len(found) == count:
            return found
        if _hold(port):
            found.append(port)
    raise RuntimeError(f"no {count} ports of loopback are free from {RANGE.start} to {RANGE.stop - 1}")


def free_port():
    return free_ports(1)[0]


def release(ports):
    for port in ports:
        _held.pop(port).close()


def _hold(port):
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0mailsend-test-port-{port}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        name.close()
        return False
    _held[port] = name
    return True
