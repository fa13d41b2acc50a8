#!/usr/bin/python3
"""Reads NAME.eml with Python's email package and compares every field with NAME.json, for all names in a directory."""

import email
import email.header
import email.policy
import email.utils
import json
import pathlib
import re
import sys

POLICY = email.policy.SMTP


def lines(text):
    """Line ends as they arrive in a message, read back by Python."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def mailboxes(value):
    """Names and addresses by the older parser: that of the policies keeps the blank between two encoded words of a phrase,
    which RFC 2047 section 6.2 drops."""
    pairs = email.utils.getaddresses([re.sub(r"\r?\n(?=[ \t])", "", value)]) if value else []
    return [[str(email.header.make_header(email.header.decode_header(name))), address] for name, address in pairs]


def addresses(header):
    return [a.addr_spec for a in header.addresses] if header is not None else []


class Message:
    def __init__(self, path):
        self.name = path.stem
        self.faults = []
        self.wire = path.read_bytes()
        self.want = json.loads(path.with_suffix(".json").read_text())
        self.message = email.message_from_bytes(self.wire, policy=POLICY)
        self.older = email.message_from_bytes(self.wire)

    def same(self, what, got, want):
        if got != want:
            self.faults.append(f"{what}: got {got!r:.400}, want {want!r:.400}")

    def check_lines(self):
        for line in self.wire.split(b"\r\n"):
            self.same("stray line end", b"\r" in line or b"\n" in line, False)
            self.same("line over 998", len(line) > 998, False)
        self.same("ends in CRLF", self.wire.endswith(b"\r\n"), True)

    def check_defects(self):
        for part in self.message.walk():
            self.same("defects", [repr(d) for d in part.defects], [])
            for name, value in part.items():
                # RFC 2047 words in the quotation marks of Content-Type's name: common practice, against the letter.
                known = name.lower() == "content-type" and "name=" in value
                if not known:
                    self.same("defects of " + name, [repr(d) for d in getattr(value, "defects", [])], [])

    def check_headers(self):
        message, want = self.message, self.want
        self.same("subject", message["subject"], want["subject"])
        for member in ("from", "sender", "reply-to", "to", "cc"):
            wanted = want[member.replace("-", "_")] or []
            if member == "to" and not wanted and not want["cc"]:
                self.same("to", str(message["to"]), "undisclosed-recipients:;")
                continue
            self.same(member, mailboxes(self.older[member]), wanted)
            self.same(member + " by policy", addresses(message[member]), [address for _, address in wanted])
        self.same("date", int(message["date"].datetime.timestamp()), want["date"])
        self.same("importance", message["importance"], want["priority"])
        self.same("bcc", message["bcc"], None)
        self.same("secret", b"secret.test" in self.wire, False)
        for name, value in want["headers"].items():
            self.same(name, message[name], value.strip(" \t"))
        for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"):
            self.same("count of " + name, len(message.get_all(name, [])), 1)

    def check_body(self, member, kind):
        want = self.want[member]
        parts = [p for p in self.message.walk() if p.get_content_type() == kind and not p.get_filename()]
        if want is None:
            self.same(member, len(parts), 0)
            return
        self.same("number of " + member, len(parts), 1)
        got = lines(parts[0].get_payload(decode=True).decode())
        want = lines(want)
        # Alone in its message, the last line gets an end, because every message ends in one.
        if parts[0] is self.message and want and not want.endswith("\n") and got.endswith("\n"):
            want += "\n"
        self.same(member, got, want)
        self.same("charset", parts[0].get_content_charset(), "utf-8")

    def check_attachments(self):
        want = self.want["attachments"]
        parts = [p for p in self.message.walk() if p.get_filename() is not None]
        self.same("attachments", len(parts), len(want))
        inline_first = sorted(want, key=lambda a: not a["inline"])
        for part, spec in zip(parts, inline_first):
            self.same("file name", part.get_filename(), spec["name"])
            self.same("name", part["content-type"].params.get("name"), spec["name"])
            self.same("bytes", part.get_payload(decode=True), bytes(spec["bytes"]))
            self.same("disposition", part.get_content_disposition(), "inline" if spec["inline"] else "attachment")
            self.same("content id", part["content-id"], f"<{spec['content_id']}>" if spec["content_id"] else None)
            if spec["type"]:
                self.same("type", part.get_content_type(), spec["type"])

    def check_boundaries(self):
        for part in self.message.walk():
            if part.is_multipart():
                delimiter = b"--" + part.get_boundary().encode()
                count = len(re.findall(rb"(?m)^" + re.escape(delimiter), self.wire))
                self.same("boundary lines", count, len(part.get_payload()) + 1)

    def check(self):
        self.check_lines()
        self.check_defects()
        self.check_headers()
        self.check_body("text", "text/plain")
        self.check_body("html", "text/html")
        self.check_attachments()
        self.check_boundaries()
        for fault in self.faults:
            print(f"{self.name}: {fault}")
        return not self.faults


def main():
    messages = [Message(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))]
    sound = [message.check() for message in messages]
    print(f"{len(messages)} messages read back")
    return 0 if messages and all(sound) else 1


if __name__ == "__main__":
    sys.exit(main())
