"""MailSend's node and the stock e-mail node, side by side: the same flow, the same messages, the same server.

    compare.py --build DIR [--messages 2000] [--in-flight 8 32] [--rounds 1]

Each side gets a Node-RED of its own, a warm-up, and then so many messages that circulate in the flow: a Complete node lets the
next one in. The server is examples/inbox, in clear and without AUTH. Printed are messages per
second until the last one is in the inbox, CPU (user and system) of Node-RED with all below it, and resident memory of the
same processes: before, its growth after a garbage collection, and the highest of Node-RED. Nothing is asserted but that every message
arrived once.
"""

import argparse
import collections
import email
import os
import sys
import time

sys.path[0] = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "integration")

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.rig import PACKAGE, TESTS_ONLY, NodeRed, children, missing, require  # noqa: E402

STOCK = os.path.join(TESTS_ONLY, "node_modules", "node-red-node-email")
OFFERS = ["--offer", "PIPELINING,8BITMIME,SIZE,ENHANCEDSTATUSCODES"]  # no STARTTLS: the stock node would take it
TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP = 100  # messages
PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20
Row = collections.namedtuple("Row", "name seconds rate user system rss growth peak")


def flow(port, sender, of_mine):
    """`sender`: the node under test. Each message that is done lets the next one in."""
    following = ("const most = flow.get('most') || 0, sent = flow.get('sent') || 0;\n"
                 "if (msg.most) { flow.set('most', msg.most); flow.set('sent', 1); }\n"
                 "else if (sent >= most) return null;\n"
                 "else flow.set('sent', sent + 1);\n"
                 "return { to: 'bob@example.test', from: 'alice@example.test', topic: `Message ${flow.get('sent')}`,\n"
                 "         payload: 'The numbers of today are 12 and 30.\\n'.repeat(30) };")
    return [canvas.TAB, *([canvas.account(port)] if of_mine else []), canvas.source("next"),
            {"id": "next", "type": "function", "z": "tab", "func": following, "outputs": 1, "wires": [["mail"]], "libs": []},
            sender, {"id": "done", "type": "complete", "z": "tab", "scope": ["mail"], "wires": [["next"]]},
            {"id": "caught", "type": "catch", "z": "tab", "scope": None, "wires": [["errors"]]}, *canvas.sinks("errors")]


def mine(port):
    return flow(port, canvas.mail(wires=[[]] * len(canvas.PORTS)), True)


def stock(port):
    return flow(port, {"id": "mail", "type": "e-mail", "z": "tab", "server": "127.0.0.1", "port": str(port), "secure": False,
                       "tls": False, "authtype": "NONE", "name": "", "wires": []}, False)


class Cost:
    """What Node-RED and all below it have used so far."""

    def __init__(self, red):
        self.user = self.system = self.rss = 0
        for pid in [red.process.pid, *(pid for pid, _ in children(red.process.pid))]:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
            self.user += int(fields[11]) / TICKS
            self.system += int(fields[12]) / TICKS
            self.rss += int(fields[21]) * PAGE_MIB
        with open(f"/proc/{red.process.pid}/status", encoding="utf-8") as file:
            self.peak = next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def send(red, inbox, count, in_flight):
    """Sends `count` messages and waits until they are in the inbox."""
    before = len(arrived(inbox))
    began = time.monotonic()
    red.emit("source", {"most": count}, *[{}] * (in_flight - 1))
    red.until(lambda: len(arrived(inbox)) - before >= count or red.messages("errors"),
              f"{count} messages did not arrive", seconds=1200)
    seconds = time.monotonic() - began
    if red.messages("errors"):
        raise AssertionError(f"a message failed: {red.messages('errors')[0]}")
    return seconds


def arrived(inbox):
    return [name for name in os.listdir(inbox.store) if name.endswith(".eml")]


def measure(name, build, package, make, count, in_flight):
    with Inbox(build, "", OFFERS) as inbox, NodeRed(build, package, node_options=["--expose-gc"]) as red:
        red.deploy(make(inbox.port))
        send(red, inbox, WARM_UP, min(in_flight, WARM_UP))
        red.get("/rig/memory")  # collects garbage
        before = Cost(red)
        seconds = send(red, inbox, count, in_flight)
        red.get("/rig/memory")
        after = Cost(red)
        subjects = [email.message_from_bytes(message)["Subject"] for message in inbox.messages()]
        expected = [f"Message {number + 1}" for total in (WARM_UP, count) for number in range(total)]
        if sorted(subjects) != sorted(expected):
            raise AssertionError(f"{len(subjects)} messages arrived, {len(expected)} were sent")
        return Row(name, seconds, count / seconds, after.user - before.user, after.system - before.system, before.rss,
                   after.rss - before.rss, after.peak)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[8])
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    require(missing(tests_only=True))
    sides = [("mail send (MailSend)", PACKAGE, mine), ("e-mail (stock node)", STOCK, stock)]
    for in_flight in options.in_flight:
        print(f"{options.messages} messages, {in_flight} in flight")
        print(f"  {'':22} {'messages/s':>10} {'CPU user s':>11} {'system s':>9} {'RSS MiB':>8} {'growth':>7} {'Node peak':>10}")
        for _ in range(options.rounds):
            for side, package, make in sides:
                row = measure(side, options.build, package, make, options.messages, in_flight)
                print(f"  {row.name:22} {row.rate:10.0f} {row.user:11.2f} {row.system:9.2f} {row.rss:8.0f} {row.growth:+7.1f} "
                      f"{row.peak:10.0f}", flush=True)


if __name__ == "__main__":
    main()
