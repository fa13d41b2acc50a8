"""The sink of the benchmarks as a child of this process."""

import json
import os
import subprocess


class Sink:
    """Listens from the constructor to `close`. `cpu`: the only CPU it may use."""

    def __init__(self, program, doors, folder, cpu=None):
        pin = ["taskset", "-c", str(cpu)] if cpu is not None else []
        self.process = subprocess.Popen([*pin, program, *doors], cwd=folder, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        ready = json.loads(self.process.stdout.readline() or "{}")
        if not ready:
            self.close()
            raise RuntimeError(f"{program} did not start")
        self.ports = ready["ports"]
        self.authority = os.path.join(folder, ready["authority"])

    def counts(self):
        """What was counted since the start: messages, recipients, octets, connections, handshakes, resumed, cpu_us."""
        if self.process.poll() is not None:
            raise RuntimeError(f"the sink ended with {self.process.returncode}")
        self.process.stdin.write("counts\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(10)
            self.process.stdout.close()
