"""What is run: groups of rows, each row a client with its work, and how much of it in a quick, a usual and a full run."""

import dataclasses
import os
from typing import Callable

import clients
from clients import Work

DOORS = ("plain", "plain:PIPELINING,8BITMIME,SMTPUTF8,SIZE,ENHANCEDSTATUSCODES", "tls", "tls-full")
PORT = {"plain": 0, "pipelining": 1, "tls": 2, "tls-full": 3}
ONE, PIPELINED, NODEMAILER, SMTP_SOURCE = "MailSend", "MailSend, no CHUNKING", "nodemailer pool 1", "smtp-source -s1 -d"
BATCH = 10_000


@dataclasses.dataclass(frozen=True)
class Row:
    """`command(ports, number)`: `number` is different for each run."""
    group: str
    name: str
    messages: int
    command: Callable
    recipients: int = 1

    @property
    def expected(self):
        return {"messages": self.messages, "recipients": self.messages * self.recipients}


def scaled(quick, count, least):
    """A quick run sends a tenth."""
    return max(count // 10, least) if quick else count


def compared(place, quick):
    """The rows that take turns, round by round."""
    def work(door, count, file="", fresh=False):
        return Work(count, door, file, fresh)

    rows = []

    def row(group, name, task, make):
        rows.append(Row(group, name, task.messages, lambda ports, number: make(task, ports[PORT[task.door]], number)))

    mine = lambda task, port, _: clients.mail_send(place, task, port)  # noqa: E731
    pool = lambda task, port, _: clients.nodemailer(place, task, port)  # noqa: E731
    curl = lambda task, port, _: clients.libcurl(place, task, port)  # noqa: E731
    python = lambda task, port, _: clients.smtplib(place, task, port)  # noqa: E731
    text = {name: work("plain", scaled(quick, count, least)) for name, count, least in (
        ("mine", 20_000, 5_000), ("node", 4_000, 1_000), ("curl", 5_000, 500), ("python", 800, 100), ("source", 10_000, 2_000))}
    row("text", ONE, text["mine"], mine)
    row("text", PIPELINED, dataclasses.replace(text["mine"], door="pipelining"), mine)
    row("text", NODEMAILER, text["node"], pool)
    row("text", "nodemailer pool 8", text["node"], lambda t, port, _: clients.nodemailer(place, t, port, connections=8))
    row("text", "libcurl", text["curl"], curl)
    row("text", "smtplib", text["python"], python)
    row("text", SMTP_SOURCE, text["source"], lambda t, port, _: clients.smtp_source(t, port))
    for group, door in (("file", "plain"), ("file-tls", "tls")):
        row(group, ONE, work(door, scaled(quick, 30, 6), "10-MiB"), lambda t, port, _: clients.mail_send(place, t, port, in_flight=1))
        row(group, NODEMAILER, work(door, scaled(quick, 8, 3), "10-MiB"), pool)
        row(group, "libcurl", work(door, scaled(quick, 3, 1), "10-MiB"), curl)
        row(group, "smtplib", work(door, 1, "10-MiB"), python)
    for group, door in (("fresh-full", "tls-full"), ("fresh", "tls")):
        row(group, ONE, work(door, scaled(quick, 500, 100), fresh=True), lambda t, port, _: clients.mail_send(place, t, port, in_flight=1, warm_up=2))
        row(group, "libcurl", work(door, scaled(quick, 300, 50), fresh=True), curl)
        row(group, NODEMAILER, work(door, scaled(quick, 150, 30), fresh=True), pool)
        row(group, "smtplib", work(door, scaled(quick, 100, 20), fresh=True), python)
    batch = work("plain", scaled(quick, BATCH, 2_000))
    row("batch", ONE, batch, lambda t, port, _: clients.send_batch(place, t.messages, port))
    row("batch", NODEMAILER, batch, lambda t, port, _: clients.nodemailer(place, t, port, merge=True))
    row("batch", "nodemailer pool 8", batch, lambda t, port, _: clients.nodemailer(place, t, port, connections=8, merge=True))
    row("batch", "nodemailer, all queued", batch,
        lambda t, port, _: clients.nodemailer(place, t, port, "queued", connections=8, merge=True))
    flight = work("plain", scaled(quick, 6_000, 2_000))
    for name, remember in (("off", ""), ("on", "state-{}.sqlite")):
        row("ledger", name, flight, lambda t, port, number, remember=remember: clients.mail_send(
            place, t, port, in_flight=64, connections=4, remember=remember.format(number)))
    return rows


def alone(place, quick, full):
    """Rows of MailSend alone, once each: how cost and memory go with the number, the recipients and the size of messages.

    Name of the row: what it is in its group.
    """
    def row(group, name, task, recipients=1, **options):
        return Row(group, name, task.messages, lambda ports, _: clients.mail_send(place, task, ports[0], recipients=recipients, **options),
                   recipients)

    counts = [100, 1_000, 10_000, *([] if quick else [100_000]), *([1_000_000] if full else [])]
    sizes = [("1 KB", 2_000), ("100 KB", 500), ("10 MiB", 20), *([] if quick else [("100 MiB", 3)]), *([("1 GiB", 1)] if full else [])]
    return [*(row("count", f"{count:,}", Work(count), warm_up=100) for count in counts),
            *(row("recipients", f"{count:,}", Work(scaled(quick, max(20_000 // count, 100), 20)), count, warm_up=10)
              for count in (1, 10, 100, 1_000)),
            *(row("size", size, Work(count, file=size.replace(" ", "-")), in_flight=1) for size, count in sizes)]


SIZES = {"1-KB": 1000, "100-KB": 100_000, "10-MiB": 10 << 20, "100-MiB": 100 << 20, "1-GiB": 1 << 30}


def write_files(place, quick, full):
    """What is attached: random bytes, for a peer may look at them."""
    for name, size in SIZES.items():
        if size > 10 << 20 and quick or size > 100 << 20 and not full:
            continue
        path = os.path.join(place.scratch, name)
        block = os.urandom(min(size, 1 << 20))
        with open(path, "wb") as file:
            for _ in range(size // len(block)):
                file.write(block)
    clients.write_rows(place, scaled(quick, BATCH, 2_000))
