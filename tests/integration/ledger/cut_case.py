"""One key of the random cuts: what is sent, what goes wrong, and whether all that was said and found fits together."""

from fault_proxy import Plan

SIZES = (300, 6_000, 150_000)  # bytes of text
RECIPIENTS = (["bob@example.test"], ["bob@example.test", "carol@example.test", "dave@example.test"])
REPLIES = 6  # greeting, EHLO, MAIL, RCPT, DATA, end of data: what a late reply is chosen from


class Case:
    """`first`, `second`, `third`: the documents of the calls, None where there was none."""

    def __init__(self, key, size, recipients):
        self.key, self.size, self.recipients = key, size, recipients
        self.by_call_id = False  # the key is the call's id, and not in the input
        self.kill = False
        self.plans = []
        self.records = []
        self.killed = False
        self.first = self.second = self.third = None
        self.copies = []  # how many messages were there after each call

    def input(self, **more):
        line = ".\n..two\nwords and words\n"
        text = (line * (self.size // len(line) + 1))[:self.size] + "\n"
        key = {} if self.by_call_id else {"idempotency_key": self.key}
        return {"to": self.recipients, "subject": self.key, "text": text, **key, **more}

    def __str__(self):
        documents = [each and {**{name: each.get(name) for name in ("outcome", "duplicate", "message_id", "timing_ms")},
                               "error": each.get("error", {}).get("id"), "attempts": len(each.get("attempts", []))}
                     for each in (self.first, self.second, self.third)]
        return (f"{self.key}: size {self.size}, recipients {len(self.recipients)}, kill {self.kill}, killed {self.killed}, "
                f"copies {self.copies}\n  said {documents}\n  proxy " + "\n        ".join(map(str, self.records)))


def chance(dice, key, lengths):
    """A case with faults. `lengths`: (bytes up, bytes down) of an undisturbed dialogue by size and recipients."""
    size, recipients = dice.choice(SIZES), dice.choice(RECIPIENTS)
    case = Case(key, size, recipients)
    case.by_call_id = dice.random() < 0.5
    case.kill = dice.random() < 0.35
    case.plans = [_plan(dice, *lengths[size, len(recipients)])]
    while dice.random() < 0.3:
        case.plans.append(_plan(dice, *lengths[size, len(recipients)]))
    if case.kill and dice.random() < 0.7:  # nothing but the kill, and time for it around the end of data
        case.plans = [Plan(late={REPLIES - 2 + len(recipients): dice.uniform(0, 0.1)})]
    return case


def _plan(dice, up, down):
    how = dice.choice(("fin", "rst"))
    kind = dice.random()
    if kind < 0.45:  # half of them close to the end, which is a small part of the bytes
        return Plan(cut_up=dice.randint(max(1, up - 40), up) if dice.random() < 0.5 else dice.randint(1, up), how=how)
    if kind < 0.8:
        return Plan(cut_down=dice.randint(1, down), how=how)
    if kind < 0.95:
        return Plan(late={dice.randrange(REPLIES): dice.uniform(0, 0.5) for _ in range(2)})
    return Plan(hold_from=dice.randrange(REPLIES + 1))


def proof(case):
    """Why the end of this case may be unknown, by the proxy's record; None where it may not."""
    for record in reversed(case.records):
        trace = record.trace
        if trace.begun:
            if not record.cut:
                return "killed" if case.killed else "no reply"
            # Before: the client had written it when it could not know of the cut yet.
            return "cut within it or behind it" if record.up_forwarded > trace.begun.begin else "cut just before it"
        if case.killed and trace.in_body and trace.body_is_whole:
            return "killed between the note and the dot"
        if case.killed and trace.endings:
            return "killed between the reply and its note"
    last = case.records[-1] if case.records else None
    if last and last.cut and last.plan.how == "rst" and last.trace.in_body and last.trace.body_is_whole:
        # A write into a connection that the proxy has reset and whose RST is not there yet: nobody ever sees its bytes.
        if case.first and case.first["attempts"][-1].get("bytes", {}).get("sent") == last.up_received + 3:
            return "written into a reset connection"
    return None


def complaints(case):
    """What does not fit together: sentences, none where all does."""
    first, second = case.first, case.second
    said = first["outcome"] if first else "killed" if case.killed else "nothing"
    begun = any(record.trace.begun for record in case.records)
    after_first, after_second = case.copies[0], case.copies[1]
    if after_second > 1:
        yield f"{after_second} messages"
    if said not in ("accepted", "unknown", "failed", "killed"):
        yield f"the first call said {said}"
    if said == "accepted" and after_first != 1:
        yield "accepted, and it is not there"
    if said == "failed" and after_first != 0:
        yield "failed, and it is there"
    if said == "unknown" and not proof(case):
        yield "unknown, and the end of data was not begun or was answered"
    if said in ("accepted", "failed") and begun:
        yield f"{said}, and an end of data was begun that has no reply"
    if second["outcome"] not in ("accepted", "unknown"):
        yield f"lost: the second call said {second['outcome']}"
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


def resend_complaints(case, kept):
    """Of the third call, which was told to send again what is unknown."""
    if case.third["outcome"] != "accepted":
        yield f"resend said {case.third['outcome']}"
    if case.copies[2] != case.copies[1] + 1:
        yield f"resend: {case.copies[1]} and then {case.copies[2]} messages"
    ids = {each.message_id for each in kept} | {case.third.get("message_id"), case.second.get("message_id")}
    if case.first:
        ids.add(case.first.get("message_id"))
    if len(ids) != 1:
        yield f"several message ids: {ids}"
