"""Runs one client beside the sink and returns what it took; a client that loses a message is an error."""

import json
import os
import subprocess
import tempfile
import time

from figures import Sample


class Failed(Exception):
    """A client ended badly, or the sink counted something else than was to be sent."""


def run(command, sink, expected, cpu=None, seconds=600):
    """Runs the command on that CPU until it ends. `expected`: what the sink must have counted, as {"messages": 10}."""
    pin = ["taskset", "-c", str(cpu)] if cpu is not None else []
    before = sink.counts()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.monotonic()
        process = subprocess.Popen([*pin, *command], stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        used = _wait(process, seconds)
        wall = time.monotonic() - began
        after = sink.counts()
        output.seek(0)
        errors.seek(0)
        printed, said = output.read().decode(), errors.read().decode(errors="replace")
    if process.returncode != 0:
        raise Failed(f"ended with {process.returncode}: {said.strip()[-400:]}")
    counted = {name: after[name] - before[name] for name in expected}
    if counted != expected:
        raise Failed(f"the sink counted {counted} and not {expected}")
    server = (after["cpu_us"] - before["cpu_us"]) / 1e6
    return sample_of(printed, expected["messages"], wall, used.ru_utime + used.ru_stime, server)


def sample_of(printed, messages, wall_s, cpu_s, server_cpu_s):
    """What the client said of itself, else what was seen from outside, its start included."""
    if not printed.strip():
        return Sample(messages, wall_s, cpu_s, 0, server_cpu_s)
    said = json.loads(printed)
    return Sample(messages, said["wall_s"], said["cpu_s"], said["peak_kib"], server_cpu_s)


def _wait(process, seconds):
    """The resources that the process used; ends one that takes too long."""
    until = time.monotonic() + seconds
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return used
        if time.monotonic() > until:
            process.kill()
            os.wait4(process.pid, 0)
            process.returncode = -9
            raise Failed(f"took longer than {seconds} s")
        time.sleep(0.005)
