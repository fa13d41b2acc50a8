"""What is run: groups of rows, each row a client with its work, and how much of it in a quick, a usual and a full run."""

import dataclasses
import os
from typing import Callable

import clients
from clients import Work

DOORS = ("plain", "plain:PIPELINING,8BITMIME,SMTPUTF8,SIZE,ENHANCEDSTATUSCODES", "tls", "tls-full")
PORT = {"plain": 0, "pipelining": 1, "tls": 2, "tls-full": 3}
ONE, PIPELINED, NODEMAILER, SMTP_SOURCE = "MailSend", "MailSend, no CHUNKING", "nodemailer pool 1", "smtp-source -s1 -d"


@dataclasses.dataclass(frozen=True)
class Row:
    """`command(ports, number)`: `number` is different for each run."""
    group: str
    name: str
    messages: int
    command: Callable
    recipients: int = 1
    warm_up: int = 0  # messages before the measuring begins; the sink counts them too

    @property
    def expected(self):
        return {"messages": self.messages + self.warm_up, "recipients": (self.messages + self.warm_up) * self.recipients}


class Effort:
    """How much is sent: "smoke" shows that it works, "quick" that nothing is far off, "full" goes to the limits."""

    def __init__(self, name="usual"):
        self.name = name

    def of(self, usual, quick):
        return min(quick, 5) if self.name == "smoke" else quick if self.name == "quick" else usual

    @property
    def rounds(self):
        return self.of(5, 1) if self.name != "smoke" else 1

    @property
    def long(self):
        return self.name in ("usual", "full")


def compared(place, effort):
    """The rows that take turns, round by round."""
    rows = []

    def row(group, name, work, make, warm_up=0):
        rows.append(Row(group, name, work.messages, lambda ports, number: make(work, ports[PORT[work.door]], number), warm_up=warm_up))

    def mine(**options):
        return lambda work, port, _: clients.mail_send(place, work, port, **options)

    def pool(**options):
        return lambda work, port, _: clients.nodemailer(place, work, port, **options)

    def curl(work, port, _):
        return clients.libcurl(place, work, port)

    def python(work, port, _):
        return clients.smtplib(place, work, port)

    count = effort.of
    row("text", ONE, Work(count(20_000, 5_000)), mine())
    row("text", PIPELINED, Work(count(20_000, 5_000), "pipelining"), mine())
    row("text", NODEMAILER, Work(count(4_000, 1_000)), pool())
    row("text", "nodemailer pool 8", Work(count(4_000, 1_000)), pool(connections=8))
    row("text", "libcurl", Work(count(5_000, 500)), curl)
    row("text", "smtplib", Work(count(800, 100)), python)
    row("text", SMTP_SOURCE, Work(count(10_000, 2_000)), lambda work, port, _: clients.smtp_source(work, port))
    for group, door in (("file", "plain"), ("file-tls", "tls")):
        row(group, ONE, Work(count(30, 6), door, FILE), mine(in_flight=1))
        row(group, NODEMAILER, Work(count(8, 3), door, FILE), pool())
        row(group, "libcurl", Work(count(3, 1), door, FILE), curl)
        row(group, "smtplib", Work(1, door, FILE), python)
    for group, door in (("fresh-full", "tls-full"), ("fresh", "tls")):
        row(group, ONE, Work(count(500, 100), door, fresh=True), mine(in_flight=1, warm_up=2), warm_up=2)
        row(group, NODEMAILER, Work(count(150, 30), door, fresh=True), pool())
        row(group, "libcurl", Work(count(300, 50), door, fresh=True), curl)
        row(group, "smtplib", Work(count(100, 20), door, fresh=True), python)
    batch = Work(batch_rows(effort))
    row("batch", ONE, batch, lambda work, port, _: clients.send_batch(place, work.messages, port))
    row("batch", NODEMAILER, batch, pool(merge=True))
    row("batch", "nodemailer pool 8", batch, pool(connections=8, merge=True))
    row("batch", "nodemailer, all queued", batch, pool(mode="queued", connections=8, merge=True))
    for name, remember in (("off", ""), ("on", "state-{}.sqlite")):
        row("ledger", name, Work(count(6_000, 2_000)), lambda work, port, number, remember=remember: clients.mail_send(
            place, work, port, in_flight=64, connections=4, warm_up=64, remember=remember.format(number)), warm_up=64)
    return [row for row in rows if clients.there(place, row.name)]


def batch_rows(effort):
    return effort.of(10_000, 2_000)


def alone(place, effort):
    """Rows of MailSend alone, once each: how cost and memory go with the number, the recipients and the size of messages.

    The name of a row says what it is in its group.
    """
    def row(group, name, work, warm_up, recipients=1, in_flight=8):
        return Row(group, name, work.messages, lambda ports, _: clients.mail_send(
            place, work, ports[0], recipients=recipients, warm_up=warm_up, in_flight=in_flight), recipients, warm_up)

    counts = {"smoke": [10], "quick": [100, 1_000, 10_000], "usual": [100, 1_000, 10_000, 100_000],
              "full": [100, 1_000, 10_000, 100_000, 1_000_000]}[effort.name]
    many = {1: 20_000, 10: 10_000, 100: 3_000, 1_000: 500}
    sizes = {"1 KB": (2_000, 500), "100 KB": (500, 100), "10 MiB": (20, 5), "100 MiB": (3, 1), "1 GiB": (1, 1)}
    there = 5 if effort.name == "full" else 4 if effort.long else 3
    return [*(row("count", f"{count:,}", Work(count), 100) for count in counts),
            *(row("recipients", f"{each:,}", Work(effort.of(count, count // 10)), 10, each) for each, count in many.items()),
            *(row("size", size, Work(effort.of(*sizes[size]), file=size.replace(" ", "-")), 1, in_flight=1)
              for size in list(sizes)[:there])]


FILE = "10-MiB"
SIZES = {"1-KB": 1000, "100-KB": 100_000, "10-MiB": 10 << 20, "100-MiB": 100 << 20, "1-GiB": 1 << 30}


def write_files(place, effort):
    """What is attached: random bytes, for a peer may look at them."""
    for name, size in SIZES.items():
        if size > 10 << 20 and not effort.long or size > 100 << 20 and effort.name != "full":
            continue
        block = os.urandom(min(size, 1 << 20))
        with open(os.path.join(place.scratch, name), "wb") as file:
            for _ in range(size // len(block)):
                file.write(block)
    clients.write_rows(place, batch_rows(effort))
