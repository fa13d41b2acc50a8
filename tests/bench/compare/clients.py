"""The clients that are compared, as commands: what each of them is told to send, and to whom.

A command runs once and prints one JSON line about itself; smtp-source prints nothing and is measured from outside.
"""

import dataclasses
import json
import os
import sys

SMTP_SOURCE = "/usr/sbin/smtp-source"
HERE = os.path.dirname(os.path.realpath(__file__))
LETTER = "Dear customer %N%,\r\n" + "the numbers of today are in this letter, and nothing else is in it.\r\n" * 15


@dataclasses.dataclass(frozen=True)
class Place:
    """Where things are: the folder of built programs, of npm's packages, of files and of what a run leaves behind."""
    build: str
    modules: str
    scratch: str

    def program(self, name):
        return os.path.join(self.build, "tests", "bench", name)


@dataclasses.dataclass(frozen=True)
class Work:
    """What is to be sent. `door`: index of the sink's port; `file`: name in the scratch folder."""
    messages: int
    door: str = "plain"
    file: str = ""
    fresh: bool = False  # a connection for each message

    @property
    def encrypted(self):
        return self.door.startswith("tls")


def missing(place):
    """Peers that are not on this machine, by the word that their rows begin with."""
    return [name for name, path in (
        ("nodemailer", os.path.join(place.modules, "node_modules", "nodemailer")), ("libcurl", place.program("bench_curl")),
        ("smtp-source", SMTP_SOURCE)) if not os.path.exists(path)]


def there(place, row):
    """Whether the client of the row of that name can run here."""
    return not row.startswith(tuple(missing(place)))


def mail_send(place, work, port, in_flight=8, warm_up=0, recipients=1, connections=1, remember="", delivery=None):
    """`remember`: name for a state file, with which the ledger and limits are on."""
    settings = {
        "server": {"kind": "custom", "host": "127.0.0.1", "port": port, "security": "implicit-tls" if work.encrypted else "none"},
        "auth": {"method": "none"}, "from": "alice@example.test",
        "delivery": {"max_connections": connections, "messages_per_connection": 1 if work.fresh else 100_000,
                     "ledger": "on" if remember else "off", **(delivery or {})}}
    if remember:
        settings["delivery"]["limits"] = {"messages_per_minute": 1_000_000, "messages_per_day": 1_000_000}
    if work.encrypted:
        settings["tls"] = {"ca_file": "authority.pem"}
    message = {"to": [f"bob{i or ''}@example.test" for i in range(recipients)], "subject": "Report %N%", "text": LETTER}
    if work.file:
        message["attachments"] = [{"path": work.file}]
    command = [place.program("bench_mail_send"), "--components", os.path.join(place.build, "components"), "--root", place.scratch,
               "--settings", json.dumps(settings), "--input", json.dumps(message), "--messages", str(work.messages),
               "--in-flight", str(in_flight), "--warm-up", str(warm_up)]
    return command + (["--state", os.path.join(place.scratch, remember)] if remember else [])


def send_batch(place, rows, port, connections=4):
    """One call for all rows of the file that `write_rows` made."""
    settings = {"server": {"kind": "custom", "host": "127.0.0.1", "port": port, "security": "none"}, "auth": {"method": "none"},
                "from": "alice@example.test",
                "delivery": {"max_connections": connections, "messages_per_connection": 100_000, "ledger": "off"}}
    batch = {"recipients": {"blob": "rows"},
             "message": {"subject": "Report {{number}}", "text": LETTER.replace("%N%", "{{number}}")}}
    return [place.program("bench_mail_send"), "--components", os.path.join(place.build, "components"),
            "--operation", "send-batch", "--settings", json.dumps(settings), "--input", json.dumps(batch),
            "--blob", f"rows={rows_file(place, rows)}", "--counted", str(rows)]


def rows_file(place, rows):
    return os.path.join(place.scratch, f"rows-{rows}.jsonl")


def write_rows(place, rows):
    """Recipients as send-batch takes them."""
    with open(rows_file(place, rows), "w", encoding="ascii") as file:
        file.writelines(f'{{"to":"bob{row}@example.test","payload":{{"number":{row}}}}}\n' for row in range(rows))


def nodemailer(place, work, port, mode="pool", connections=1, merge=False):
    options = {"port": port, "secure": work.encrypted, "authority": os.path.join(place.scratch, "authority.pem"),
               "messages": work.messages, "mode": "single" if work.fresh else mode, "connections": connections, "merge": merge,
               "modules": place.modules}
    if work.file:
        options["file"] = os.path.join(place.scratch, work.file)
    return [node(place), os.path.join(HERE, "nodemailer_client.js"), json.dumps(options)]


def node(place):
    """npm's own where the machine's is too old (tests/support/npm.sh)."""
    own = os.path.join(place.modules, "node_modules", "node", "bin", "node")
    return own if os.path.exists(own) else "node"


def smtplib(place, work, port):
    options = {"port": port, "secure": work.encrypted, "authority": os.path.join(place.scratch, "authority.pem"),
               "messages": work.messages, "mode": "fresh" if work.fresh else "reuse"}
    if work.file:
        options["file"] = os.path.join(place.scratch, work.file)
    return [sys.executable, "-B", os.path.join(HERE, "smtplib_client.py"), json.dumps(options)]


def libcurl(place, work, port):
    scheme = "smtps" if work.encrypted else "smtp"
    authority = os.path.join(place.scratch, "authority.pem") if work.encrypted else ""
    file = [os.path.join(place.scratch, work.file)] if work.file else []
    return [place.program("bench_curl"), f"{scheme}://127.0.0.1:{port}", str(work.messages), "fresh" if work.fresh else "reuse",
            authority, *file]


def smtp_source(work, port):
    """One session, the connection kept, 1 KB bodies without MIME."""
    return [SMTP_SOURCE, "-s", "1", "-d", "-l", "1024", "-m", str(work.messages), "-f", "alice@example.test",
            "-t", "bob@example.test", f"inet:127.0.0.1:{port}"]
