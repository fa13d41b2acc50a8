"""Whatever a message holds, it leaves by failed with a sentence that names the member, and Node-RED works on meanwhile.

The values are made by a function node, so that they are what a flow can really make.
"""

import json
import os
import sys
import threading
import time

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.case import Case, document, letter  # noqa: E402
from node_red.program import main  # noqa: E402

# What the function node does to a good message, and what the sentence must name.
MALFORMED = {
    "msg.payload.a.b.back": "const a = {b: {}}; a.b.back = a; msg.payload = {a};",
    "msg.payload[1]": "msg.payload = [1]; msg.payload.push(msg.payload);",
    "msg.payload.big": "msg.payload = {big: 12n};",
    "msg.payload.f": "msg.payload = {f() {}};",
    "msg.payload.s": "msg.payload = {s: Symbol('s')};",
    "msg.payload.get": "msg.payload = {get get() { throw new Error('ran'); }};",
    "msg.payload.quiet": "msg.payload = {get quiet() { global.set('ran', true); return 1; }};",
    "msg.payload.p": "msg.payload = {p: new Proxy({}, {get() { throw new Error('ran'); }})};",
    "msg.payload.later": "msg.payload = {later: Promise.resolve(1)};",
    "msg.payload.map": "msg.payload = {map: new Map([[1, 2]])};",
    "msg.payload.set": "msg.payload = {set: new Set([1])};",
    "msg.payload.bytes": "msg.payload = {bytes: Buffer.alloc(3)};",
    "nested deeper": "let at = msg.payload = {}; for (let i = 0; i < 100000; i++) at = at.d = {};",
    "too many values": "msg.payload = new Array(4e9);",
    "msg.payload[0]": "msg.payload = [new Array(200000).fill(0)];",
    "6 MiB together": "msg.payload = 'x'.repeat(100 * 1024 * 1024);",
    "50 MiB together": "msg.payload = Buffer.alloc(100 * 1024 * 1024);",
    "msg.to ": "msg.to = 42;",
    "msg.to": "msg.to = {name: 'Bob'};",
    "msg.to is computed": "Object.defineProperty(msg, 'to', {get() { throw new Error('ran'); }, enumerable: true});",
    "msg.to holds": "msg.to = Array.from({length: 1001}, (_, at) => `a${at}@example.test`);",
    "msg.to[0]": "msg.to = []; msg.to[0] = msg.to;",
    "msg.to.self": "msg.to = {address: 'bob@example.test'}; msg.to.self = msg.to;",
    "msg.cc": "msg.cc = true;",
    "msg.bcc": "msg.bcc = [{address: 7}];",
    "msg.replyTo": "msg.replyTo = {};",
    "msg.from": "msg.from = 12n;",
    "msg.topic": "msg.topic = {a: 1};",
    "msg.topic is a BigInt": "msg.topic = 12n;",
    "msg.topic is a symbol": "msg.topic = Symbol('s');",
    "msg.html": "msg.html = ['<p>'];",
    "msg.plaintext": "msg.payload = '<p>x</p>'; msg.plaintext = {};",
    "msg.filename": "msg.payload = Buffer.from('x'); msg.filename = 7;",
    "msg.inReplyTo": "msg.inReplyTo = {};",
    "msg.references": "msg.references = [12n];",
    "msg.envelope": "msg.envelope = {to: 'eve@example.test'};",
    "msg.headers": "msg.headers = 'X-A: b';",
    "msg.headers.x": "msg.headers = {x: {}};",
    "msg.headers[\"X-A\"]": "msg.headers = {get 'X-A'() { throw new Error('ran'); }};",
    "msg.attachments": "msg.attachments = 'photo.jpg';",
    "msg.attachments is": "msg.attachments = 42;",
    "msg.attachments holds": "msg.attachments = new Array(4e9);",
    "msg.attachments[0]": "msg.attachments = [42];",
    "msg.attachments[1]": "msg.attachments = [{content: 'x'}, {filename: 'nothing'}];",
    "msg.attachments[0].content": "msg.attachments = [{content: {pipe() {}}}];",
    "msg.attachments[0].content is": "msg.attachments = [{content: 12n}];",
    "msg.attachments[0].encoding": "msg.attachments = [{content: 'x', encoding: 'rot13'}];",
    "msg.attachments[0].filename": "msg.attachments = [{content: 'x', filename: {}}];",
    "msg.attachments[0].cid": "msg.attachments = [{content: 'x', cid: 7}];",
    "msg.attachments[0].contentType": "msg.attachments = [{content: 'x', contentType: ['text/plain']}];",
    "msg.attachments[0].href": "msg.attachments = [{filename: 'a', href: 'http://127.0.0.1/secret'}];",
    "msg.attachments[0].raw": "msg.attachments = [{raw: 'Content-Type: text/plain\\r\\n\\r\\nx'}];",
    "msg.attachments[0].path": "msg.attachments = [{path: '/etc/passwd'}];",
    "msg.attachments[0].path is an address": "msg.attachments = [{path: 'http://127.0.0.1/secret'}];",
    "msg.attachments[0].content is computed": "msg.attachments = [{get content() { throw new Error('ran'); }}];",
    "a Proxy": "msg.attachments = [new Proxy({}, {getOwnPropertyDescriptor() { throw new Error('ran'); }})];",
    "msg.attachments[0] has no content": "msg.attachments = [Object.create({path: '/etc/passwd'})];",
    "msg.attachments[0] has content and path": "msg.attachments = [{content: 'x', path: '/etc/passwd'}];",
}
# What must not be read, and hurts nobody: the message is sent, without it.
HARMLESS = {
    "__proto__ of the payload": "msg.payload = JSON.parse('{\"__proto__\": {\"polluted\": true}, \"a\": 1}');",
    "a prototype with members": "Object.setPrototypeOf(msg, {bcc: 'eve@example.test', attachments: [{path: '/etc/passwd'}]});",
    "a constructor": "msg.constructor = {prototype: {polluted: true}}; msg.hasOwnProperty = 1; msg.toString = null;",
    "__proto__ of headers": "msg.headers = JSON.parse('{\"__proto__\": \"x\", \"X-Kept\": \"y\"}');",
    "toJSON": "msg.payload = {a: 1, toJSON: undefined}; Object.defineProperty(msg.payload, 'b', {value: {toJSON() {}}});",
}
GOOD = {"to": "bob@example.test", "topic": "Numbers", "payload": "12 and 30"}
# Only what is asked is passed on: the values themselves are not for a sink.
PICK = "return {port: '%s', number: msg.number, mail: msg.mail, ran: global.get('ran')};"
MIB = 1024 * 1024


def function(node_id, code, target):
    return {"id": node_id, "type": "function", "z": "tab", "name": "", "func": code, "outputs": 1, "timeout": 0, "noerr": 0,
            "initialize": "", "finalize": "", "libs": [], "x": 300, "y": 100, "wires": [[target]]}


def cases(codes):
    made = "".join(f"case {json.dumps(name)}: {{ {code} break; }}\n" for name, code in codes.items())
    return f"switch (msg.case) {{\n{made}default: node.error('no such case'); }}\nreturn msg;"


class Malformed(Case):
    red_options = {"node_options": ["--expose-gc"]}

    def setUp(self):
        super().setUp()
        self.inbox = self.enterContext(Inbox(self.build))
        self.red.deploy([
            canvas.TAB, canvas.account(self.inbox.port), canvas.source("make"),
            function("make", cases({**MALFORMED, **HARMLESS}), "mail"),
            canvas.mail(wires=[[f"pick-{port}"] for port in canvas.PORTS], use_headers=True),
            *[function(f"pick-{port}", PICK % port, port) for port in canvas.PORTS], *canvas.sinks(*canvas.PORTS)])
        self.addCleanup(self.red.deploy, [])

    def kept(self):
        """Bytes that Node-RED holds after a garbage collection."""
        used = self.red.get("/rig/memory")
        return used["heapUsed"] + used["external"]

    def test_each_leaves_by_failed_and_its_sentence_names_the_member(self):
        for name in MALFORMED:
            with self.subTest(name):
                told = self.refused({**GOOD, "case": name}, name)
                self.assertEqual(("input", "after-fix"), (told["error"]["stage"], told["error"]["retry"]["advice"]))
                self.assertLess(len(told["error"]["message"]), 1000)
        self.assertFalse([msg for _, msg in self.left() if "ran" in msg], "code of a message ran")
        self.assertEqual([], self.inbox.messages())
        port, _ = self.sent({**GOOD, "case": "a constructor"})
        self.assertEqual("accepted", port, "and a good one is sent as before")

    def test_tricks_with_prototypes_change_nothing(self):
        for count, name in enumerate(HARMLESS, 1):
            with self.subTest(name):
                port, msg = self.sent({**GOOD, "case": name})
                self.assertEqual("accepted", port, msg)
                self.assertEqual(["bob@example.test"], msg["mail"]["accepted"])
                self.assertEqual(count, len(self.inbox.messages()))
        for content in self.inbox.messages():
            self.assertFalse(letter(content).is_multipart(), "nothing is attached")

    def test_node_red_answers_while_hundreds_of_mebibytes_come_and_keeps_none_of_them(self):
        big = ["50 MiB together", "6 MiB together", "nested deeper", "too many values", "msg.attachments holds"]
        self.refused({**GOOD, "case": big[0]})
        before, over, waits = self.kept(), threading.Event(), []

        def ask():
            while not over.is_set():
                began = time.monotonic()
                self.red.get("/settings")
                waits.append(time.monotonic() - began)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            names = [big[at % len(big)] for at in range(20)]
            count = len(self.left())
            self.red.emit("source", *[{**GOOD, "case": name} for name in names])
            self.red.until(lambda: len(self.left()) >= count + len(names), "not all left")
        finally:
            over.set()
            asking.join()
        for port, msg in self.left():
            self.assertEqual(("failed", "failed"), (port, document(msg)["outcome"]))
        self.assertLess(max(waits), 20, "Node-RED did not answer in time")
        self.red.until(lambda: self.kept() - before < 50 * MIB, "what was refused is kept", 20)

    def test_a_field_that_cannot_be_evaluated_names_the_field(self):
        self.red.deploy([
            canvas.TAB, canvas.account(self.inbox.port), canvas.source("make"),
            function("make", "msg.loop = msg; msg.id = {}; return msg;", "mail"),
            canvas.mail(wires=[[f"pick-{port}"] for port in canvas.PORTS], subject="$error('no subject')",
                        subject_type="jsonata"),
            *[function(f"pick-{port}", PICK % port, port) for port in canvas.PORTS], *canvas.sinks(*canvas.PORTS)])
        self.refused(GOOD, "The field subject", "no subject")
        for field, value, kind in (("call_id", "id", "msg"), ("to", "loop", "msg"), ("html", "loop", "msg"),
                                   ("attachments", "id", "msg"), ("headers", "loop", "msg"), ("date", "id", "msg")):
            with self.subTest(field):
                self.red.deploy([
                    canvas.TAB, canvas.account(self.inbox.port), canvas.source("make"),
                    function("make", "msg.loop = msg; msg.id = {}; return msg;", "mail"),
                    canvas.mail(wires=[[f"pick-{port}"] for port in canvas.PORTS], **{field: value, f"{field}_type": kind}),
                    *[function(f"pick-{port}", PICK % port, port) for port in canvas.PORTS],
                    *canvas.sinks(*canvas.PORTS)])
                self.refused(GOOD, field)


if __name__ == "__main__":
    main()
