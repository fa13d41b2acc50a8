"""Flows written for the stock e-mail node: both nodes get the same messages, and what arrives from them is compared.

What is compared: the envelope, the header fields that people see, the bodies, the attachments byte for byte.
"""

import json
import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.case import Case, letter  # noqa: E402
from node_red.program import main  # noqa: E402
from node_red.rig import PACKAGE, TESTS_ONLY, missing  # noqa: E402

STOCK = os.path.join(TESTS_ONLY, "node_modules", "node-red-node-email")
OFFERS = ["--offer", "PIPELINING,8BITMIME,SMTPUTF8,SIZE,ENHANCEDSTATUSCODES"]  # no STARTTLS: the stock node would take it
HEADERS = ("From", "To", "Cc", "Reply-To", "Subject", "In-Reply-To", "References", "X-Priority", "X-Room")
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
BASE = {"from": "alice@example.test", "to": "bob@example.test", "topic": "Numbers", "payload": "12 and 30\n"}
MESSAGES = {
    "plain": {},
    "several recipients": {"to": "bob@example.test, Carol <carol@example.test>", "cc": "dave@example.test",
                           "bcc": "erin@example.test", "replyTo": "office@example.test"},
    "lists of recipients": {"to": ["bob@example.test", "carol@example.test"], "cc": ["dave@example.test, erin@example.test"]},
    "recipients as objects": {"to": {"name": "Bob, B.", "address": "bob@example.test"}},
    "a name of the sender": {"from": "Alice 花子 <alice@example.test>", "topic": "日報 😀"},
    "html": {"payload": "<p>12 <b>and</b> 30</p>"},
    "html with a text": {"payload": "<p>12 and 30</p>", "plaintext": "twelve and thirty"},
    "a number": {"payload": 12.5},
    "an object": {"payload": {"a": [1, "ü"]}},
    "no subject": {"topic": ""},
    "a title": {"topic": None, "title": "Titled"},
    "neither": {"topic": None},
    "a file": {"payload": {"$base64": PNG}},
    "a named file": {"payload": {"$base64": PNG}, "filename": "/tmp/wall/chart.png", "description": "See the chart."},
    "attachments": {"attachments": [
        {"filename": "numbers.csv", "content": "12,30\n", "contentType": "text/csv"},
        {"filename": "Grafik ü.png", "content": {"$base64": PNG}}]},
    "one attachment, base64": {"attachments": {"filename": "chart.png", "content": PNG, "encoding": "base64"}},
    "an inline image": {"payload": "<img src='cid:chart'>", "attachments": [
        {"filename": "chart.png", "content": {"$base64": PNG}, "cid": "chart"}]},
    "an answer": {"inReplyTo": "<1@example.test>", "references": ["<0@example.test>", "<1@example.test>"]},
    "an answer to what an e-mail in node gave": {"header": {"message-id": "<1@example.test>"}},
    "urgent": {"priority": "high"},
}
# Where the text is meant to differ: HTML goes out without its own source beside it as a text, a file has words of our own.
OTHER_TEXT = ("html", "an inline image", "a file")


def seen(content, stored):
    """What is compared of a message and its envelope."""
    message = letter(content)
    headers = {name: message[name] for name in HEADERS if message[name]}
    if "X-Priority" in headers:
        headers["X-Priority"] = headers["X-Priority"][0]  # what follows is for people
    for name in ("From", "To", "Cc", "Reply-To"):
        if name in headers:
            headers[name] = [(each.display_name, each.addr_spec) for each in message[name].addresses]
    bodies = {kind: part.get_content().replace("\r\n", "\n").rstrip("\n")
              for kind in ("plain", "html") if (part := message.get_body((kind,)))}
    if bodies.get("plain", "").startswith("{"):
        bodies["plain"] = json.loads(bodies["plain"])  # the same data, laid out for people
    files = [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True), part["Content-ID"],
              part.get_content_disposition()) for part in message.walk() if part.get_filename()]
    envelope = (stored["from"]["address"], sorted(each["address"] for each in stored["to"]))
    return {"envelope": envelope, "headers": headers, "bodies": bodies, "files": files}


def arrived(inbox):
    """Everything in an inbox, by its number."""
    found = {}
    for name in os.listdir(inbox.store):
        if name.endswith(".eml"):
            with open(os.path.join(inbox.store, name), "rb") as file:
                content = file.read()
            with open(os.path.join(inbox.store, name[:-4] + ".json"), encoding="utf-8") as file:
                found[name] = (content, json.load(file))
    return found


class Stock(Case):
    red_options = {"package": [PACKAGE, STOCK]}

    def setUp(self):
        super().setUp()
        self.ours, self.theirs = (self.enterContext(Inbox(self.build, "", OFFERS)) for _ in range(2))
        stock = {"id": "stock", "type": "e-mail", "z": "tab", "server": "127.0.0.1", "port": str(self.theirs.port),
                 "secure": False, "tls": False, "authtype": "NONE", "name": "", "x": 200, "y": 200, "wires": []}
        self.red.deploy([canvas.TAB, canvas.account(self.ours.port), canvas.source("mail", "stock"), stock,
                         canvas.mail(use_headers=True), *canvas.sinks(*canvas.PORTS)])
        self.addCleanup(self.red.deploy, [])

    def one(self, inbox, before):
        name, = self.red.until(lambda: set(arrived(inbox)) - before, "a message did not arrive")
        return seen(*arrived(inbox)[name])

    def both(self, more):
        """What arrives from both nodes: (ours, theirs)."""
        before = [set(arrived(inbox)) for inbox in (self.ours, self.theirs)]
        message = {name: value for name, value in {**BASE, **more}.items() if value is not None}
        port, msg = self.sent(message)
        self.assertEqual("accepted", port, msg["mail"])
        return [self.one(inbox, names) for inbox, names in zip((self.ours, self.theirs), before)]

    def test_what_arrives_is_what_arrived_from_the_stock_node(self):
        self.maxDiff = None
        for name, more in MESSAGES.items():
            with self.subTest(name):
                ours, theirs = self.both(more)
                if name in OTHER_TEXT:
                    self.assertNotIn("<", ours["bodies"].pop("plain", ""))
                    theirs["bodies"].pop("plain", None)
                self.assertEqual(theirs, ours)

    def test_own_headers_arrive_when_the_box_is_ticked(self):
        ours, theirs = self.both({"headers": {"X-Room": "7"}})
        self.assertEqual("7", ours["headers"]["X-Room"])
        self.assertEqual(theirs, ours)


if __name__ == "__main__":
    main(missing(tests_only=True))
