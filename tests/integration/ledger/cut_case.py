"""One key of the random cuts: what is sent, what goes wrong, and whether all that was said and found fits together.

The judge believes nobody: what a call said is compared with the inbox and with the proxy's record of the bytes, and where the
end of data stands in them is known beforehand. Of an encrypted connection there is no such record: what it could prove is
not asked for there.
"""

import collections

from fault_proxy import Plan

SIZES = (300, 6_000, 150_000)  # bytes of text
RECIPIENTS = (["bob@example.test"], ["bob@example.test", "carol@example.test", "dave@example.test"])
PROTECTIONS = ("none", "starttls", "implicit-tls")
FLOWS = ("lockstep", "pipelined", "chunked")
ENCRYPTED = {"starttls": 0.12, "implicit-tls": 0.05}  # of all cases
REPLIES = 6  # greeting, EHLO, MAIL, RCPT, DATA or BDAT, end of data: what a late reply is chosen from
COULD_KNOW_S = 1  # a cut is seen within a millisecond; the rest is for a busy machine

# Why the end may be unknown; what the proxy saw, where nothing else is said.
NO_REPLY, CUT, KILLED = "no reply came", "cut within it or behind it", "killed before the reply"
BEFORE_THE_CUT, AFTER_THE_CUT = "written before the cut, and not forwarded", "written after the cut"
INTO_A_RESET = "written into a connection reset just before"  # by the client's count of its bytes: nobody else ever sees them
BEFORE_THE_DOT, BEFORE_THE_NOTE = "killed between the note and the dot", "killed between the reply and its note"
ENCRYPTED_END = "encrypted"
WINDOWS = (BEFORE_THE_DOT, BEFORE_THE_NOTE)

Shape = collections.namedtuple("Shape", "up down dot_at")  # bytes of a dialogue without faults; where the end of data begins


class Case:
    """`first`, `second`, `third`: the documents of the calls, None where there was none."""

    def __init__(self, key, size, recipients, protection="none", flow="lockstep", dot_at=None):
        self.key, self.size, self.recipients = key, size, recipients
        self.protection, self.flow, self.dot_at = protection, flow, dot_at
        self.dots = {dot_at}  # where the end of data may begin: after a cut in a group the next is said one by one
        self.by_call_id = False  # the key is the call's id, and not in the input
        self.kill = False
        self.plans = []
        self.records = []
        self.killed = False
        self.first = self.second = self.third = None
        self.copies = []  # how many messages were there after each call
        self.kept = []  # those that are there

    @property
    def encrypted(self):
        return self.protection != "none"

    def delivery(self):
        """Of the settings: what is used of that which the server offers."""
        return {"pipelining": "off" if self.flow == "lockstep" else "on", "chunking": "on" if self.flow == "chunked" else "off"}

    def input(self, **more):
        line = ".\n..two\nwords and words\n"
        text = (line * (self.size // len(line) + 1))[:self.size] + "\n"
        key = {} if self.by_call_id else {"idempotency_key": self.key}
        return {"to": self.recipients, "subject": self.key, "text": text, **key, **more}

    def __str__(self):
        documents = [each and {**{name: each.get(name) for name in ("outcome", "duplicate", "message_id", "timing_ms")},
                               "error": each.get("error", {}).get("id"), "attempts": len(each.get("attempts", []))}
                     for each in (self.first, self.second, self.third)]
        return (f"{self.key}: size {self.size}, recipients {len(self.recipients)}, {self.protection}, {self.flow}, the dot at {self.dot_at}, "
                f"kill {self.kill}, killed {self.killed}, copies {self.copies}\n  said {documents}\n  proxy "
                + "\n        ".join(map(str, self.records)))


def chance(dice, key, shapes):
    """A case with faults. `shapes`: a Shape by protection, flow, size and number of recipients."""
    flow = dice.choice(FLOWS)
    size, recipients = dice.choice(SIZES), dice.choice(RECIPIENTS)
    protection, lot = "none", dice.random()
    for each, share in ENCRYPTED.items():
        if 0 <= lot < share:
            protection = each
        lot -= share
    shape = shapes[protection, flow, size, len(recipients)]
    case = Case(key, size, recipients, protection, flow, shape.dot_at)
    case.dots.add(shapes[protection, "lockstep", size, len(recipients)].dot_at)
    case.by_call_id = dice.random() < 0.5
    case.kill = dice.random() < 0.35
    case.plans = [_plan(dice, case, shape)]
    while dice.random() < 0.3:
        case.plans.append(_plan(dice, case, shape))
    if case.kill and dice.random() < 0.7:  # nothing but the kill, and time for it around the end of data
        late = {} if case.encrypted else {REPLIES - 2 + len(recipients): dice.uniform(0, 0.1)}
        case.plans = [Plan(late=late)]
    return case


def _plan(dice, case, shape):
    # A reset takes with it what the proxy had not read yet; of a killed process nobody else could tell what that was.
    how = "fin" if case.kill else dice.choice(("fin", "rst"))
    kind = dice.random() * (0.8 if case.encrypted else 1)
    if kind < 0.45:  # half of them close to the end, which is a small part of the bytes
        near = max(1, shape.up - (150 if case.encrypted else 40))
        return Plan(cut_up=dice.randint(near if dice.random() < 0.5 else 1, shape.up), how=how)
    if kind < 0.8:
        return Plan(cut_down=dice.randint(1, shape.down), how=how)
    if kind < 0.95:
        return Plan(late={dice.randrange(REPLIES): dice.uniform(0, 0.5) for _ in range(2)})
    return Plan(hold_from=dice.randrange(REPLIES + 1))


def _end(case, record):
    """The end of data in that connection: a dot where the message ends, and not one within it that was cut off."""
    return next((each for each in record.trace.endings if each.begin in case.dots), None)


def unanswered(case):
    """(record, end of data) where its first byte came to the proxy and no reply to it went back; or None."""
    for record in case.records:
        end = _end(case, record)
        if end and end.reply is None:
            return record, end
    return None


def proof(case):
    """Why the end of this case may be unknown, by the proxy's record; None where it may not."""
    if not case.records:
        return None
    if case.encrypted:
        return ENCRYPTED_END if any(each.up_received >= case.size or each.plan.how == "rst" for each in case.records) else None
    if found := unanswered(case):
        record, end = found
        if not record.cut:
            return KILLED if case.killed else NO_REPLY
        if record.up_forwarded > end.begin:
            return CUT
        if record.there_at_cut > end.begin:
            return BEFORE_THE_CUT
        return AFTER_THE_CUT if end.begun_at < record.cut_at + COULD_KNOW_S else None
    last = case.records[-1]
    if case.killed:
        if _end(case, last):
            return BEFORE_THE_NOTE
        # Of a process that is killed with replies unread the kernel resets the connection and takes back what is on its way.
        noted = last.trace.sent in case.dots or case.flow == "chunked"
        return BEFORE_THE_DOT if last.trace.in_body and noted else None
    if last.cut and last.plan.how == "rst" and last.trace.in_body and case.first:
        sent = case.first["attempts"][-1].get("bytes", {}).get("sent", 0)
        return INTO_A_RESET if any(last.up_received <= dot < sent for dot in case.dots) else None
    return None


def complaints(case):
    """What does not fit together: sentences, none where all does."""
    first, second = case.first, case.second
    said = first["outcome"] if first else "killed" if case.killed else "nothing"
    after_first, after_second = case.copies[0], case.copies[1]
    if after_second > 1:
        yield f"{after_second} messages"
    if after_second < after_first:
        yield "a message went away"
    yield from _of_the_dialogue(case, said)
    if said not in ("accepted", "unknown", "failed", "killed"):
        yield f"the first call said {said}"
    if first and first.get("duplicate"):
        yield "the first call said duplicate"
    if said == "accepted" and after_first != 1:
        yield "accepted, and it is not there"
    if said == "failed" and after_first != 0:
        yield "failed, and it is there"
    if said == "unknown" and not proof(case):
        yield "unknown, and the end of data was not begun or was answered"
    yield from _of_the_second(case, said)
    for each in case.kept:
        if sorted(each.recipients) != sorted(case.recipients):
            yield f"sent to {each.recipients}"
        if each.message_id != second.get("message_id"):
            yield f"there as {each.message_id}, said as {second.get('message_id')}"


def _of_the_dialogue(case, said):
    found = unanswered(case)
    if found and said in ("accepted", "failed"):
        yield f"{said}, and an end of data was begun that has no reply"
    if found and found[0] is not case.records[-1]:
        yield "another connection after an end of data that was begun and has no reply"
    if not case.encrypted and any(each.end is not None and each.begin not in case.dots
                                  for record in case.records for each in record.trace.endings):
        yield "an end of data where none belongs"


def _of_the_second(case, said):
    first, second = case.first, case.second
    after_first, after_second = case.copies[0], case.copies[1]
    if second["outcome"] not in ("accepted", "unknown"):
        yield f"lost: the second call said {second['outcome']}"
    if bool(second.get("duplicate")) != ("first_at" in second) and second["outcome"] == "accepted":
        yield "duplicate without a time, or a time without duplicate"
    if second["outcome"] == "accepted":
        if after_second != 1:
            yield "accepted by the second call, and it is not there"
        if said == "unknown":
            yield "unknown, and then decided by nobody"
        if bool(second.get("duplicate")) != (after_first == 1):
            yield f"duplicate: {second.get('duplicate')}, and {after_first} were there"
    if second["outcome"] == "unknown":
        if said in ("accepted", "failed"):
            yield f"{said}, and then unknown"
        if not proof(case):
            yield "unknown to the second call, and the end of data was not begun or was answered"
        if after_second != after_first:
            yield "unknown, and sent by the second call"
    if said == "accepted" and [first.get(name) for name in ("message_id", "reply")] != \
            [second.get(name) for name in ("message_id", "reply")]:
        yield "another message id or reply than the first time"


def resend_complaints(case):
    """Of the third call, which was told to send again what is unknown."""
    if case.third["outcome"] != "accepted":
        yield f"resend said {case.third['outcome']}"
    if case.copies[2] != case.copies[1] + 1:
        yield f"resend: {case.copies[1]} and then {case.copies[2]} messages"
    ids = {each.message_id for each in case.kept} | {case.third.get("message_id"), case.second.get("message_id")}
    if case.first:
        ids.add(case.first.get("message_id"))
    if len(ids) != 1:
        yield f"several message ids: {ids}"
