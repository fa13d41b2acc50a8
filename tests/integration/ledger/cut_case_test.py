"""The judge of the random cuts refuses histories that must not be, each of them one step away from one that may be."""

import random
import unittest

import cut_case
from fault_proxy import Plan, Record
from ledger_rig import Kept

HEAD = b"EHLO a\r\nMAIL\r\nRCPT\r\nDATA\r\n"
BODY = b"Subject: a\r\n\r\nwords\r\n..stuffed\r\n"
DOT_AT = len(HEAD) + len(BODY)
REPLIES, GOOD = b"220 a\r\n250 a\r\n250 a\r\n250 a\r\n354 go\r\n", b"250 2.0.0 queued\r\n"
REPLY = {"code": 250, "lines": ["2.0.0 queued"]}
BOB = ["bob@example.test"]


def record(sent=BODY + b".\r\n", answer=b"", how="fin", forwarded=None, cut=None, cut_before_s=0.0, there=None, opaque=False):
    """A connection in which the client has sent HEAD and `sent`, and was given `answer` to it."""
    made = Record(Plan(how=how), opaque)
    made.heard(HEAD)
    made.told(REPLIES)
    made.heard(sent)
    made.told(answer)
    made.up_forwarded = made.up_received if forwarded is None else forwarded
    made.cut = cut
    if cut:
        ends = made.trace.endings
        made.cut_at = (ends[-1].begun_at if ends else 0.0) - cut_before_s
        made.there_at_cut = made.up_received if there is None else there
    return made


def said(outcome, **more):
    document = {"outcome": outcome, "message_id": "<a@example.test>", **more}
    if outcome == "accepted":
        document["reply"] = REPLY
    return document


def again(outcome="accepted", **more):
    return said(outcome, duplicate=True, first_at="2026-11-23T00:00:00Z", **more)


def case(first, second, copies, *records, killed=False, protection="none"):
    made = cut_case.Case("a", 20, BOB, protection, dot_at=DOT_AT if protection == "none" else None)
    made.first, made.second, made.copies, made.records, made.killed = first, second, list(copies), list(records), killed
    made.kept = [Kept("a", "<a@example.test>", BOB, "")] * copies[-1]
    return made


ANSWERED = record(answer=GOOD)


class Judge(unittest.TestCase):
    def assert_good(self, *history, **more):
        self.assertEqual([], list(cut_case.complaints(case(*history, **more))))

    def assert_bad(self, words, *history, **more):
        found = list(cut_case.complaints(case(*history, **more)))
        self.assertTrue(any(words in each for each in found), found)

    def test_what_may_be_is_accepted(self):
        self.assert_good(said("accepted"), again(), (1, 1), ANSWERED)
        self.assert_good(said("accepted"), again(), (1, 1), record(BODY[:5], cut="up"), ANSWERED)
        self.assert_good(said("failed"), said("accepted"), (0, 1), record(BODY, cut="up"))
        self.assert_good(None, said("accepted"), (0, 1), record(BODY[:5]), killed=True)
        self.assert_good(None, again(), (1, 1), ANSWERED, killed=True)
        for copies in (0, 1):
            self.assert_good(said("unknown"), said("unknown"), (copies, copies), record())
            self.assert_good(None, said("unknown"), (copies, copies), record(), killed=True)

    def test_two_copies_are_refused(self):
        self.assert_bad("2 messages", said("accepted"), again(), (1, 2), ANSWERED)
        self.assert_bad("2 messages", said("unknown"), said("accepted"), (1, 2), record())
        self.assert_bad("2 messages", None, said("unknown"), (2, 2), record(), killed=True)

    def test_accepted_and_not_there_is_refused(self):
        self.assert_bad("accepted, and it is not there", said("accepted"), said("accepted"), (0, 1), ANSWERED)
        self.assert_bad("by the second call, and it is not there", said("failed"), said("accepted"), (0, 0), record(BODY))

    def test_failed_and_there_is_refused(self):
        self.assert_bad("failed, and it is there", said("failed"), again(), (1, 1), record(BODY))

    def test_lost_and_gone_are_refused(self):
        self.assert_bad("lost", said("failed"), said("failed"), (0, 0), record(BODY))
        self.assert_bad("went away", said("accepted"), again(), (1, 0), ANSWERED)

    def test_an_unknown_end_without_proof_is_refused(self):
        for words, each in {
                "answered": ANSWERED, "the body only": record(BODY, cut="up"), "a dot of the body": record(BODY[:22], cut="up"),
                "cut long before": record(forwarded=DOT_AT, cut="up", cut_before_s=5.0, there=DOT_AT)}.items():
            with self.subTest(words):
                self.assert_bad("unknown, and the end", said("unknown"), said("unknown"), (0, 0), each)
                self.assert_bad("unknown to the second", said("unknown"), said("unknown"), (0, 0), each)
        self.assert_bad("unknown to the second", None, said("unknown"), (0, 0), record(BODY[:-1]), killed=True)
        self.assert_bad("unknown, and the end", said("unknown"), said("unknown"), (0, 0))

    def test_an_end_that_nobody_admits_is_refused(self):
        for outcome in ("accepted", "failed"):
            self.assert_bad(f"{outcome}, and an end of data was begun", said(outcome), again(), (1, 1), record())
        self.assert_bad("another connection", said("accepted"), again(), (1, 1), record(), ANSWERED)
        self.assert_bad("where none belongs", said("accepted"), again(), (1, 1), record(b"a\r\n.\r\n", GOOD), ANSWERED)

    def test_what_changes_its_mind_is_refused(self):
        self.assert_bad("decided by nobody", said("unknown"), again(), (1, 1), record())
        self.assert_bad("and then unknown", said("accepted"), said("unknown"), (1, 1), ANSWERED)
        self.assert_bad("and sent by the second call", said("unknown"), said("unknown"), (0, 1), record())

    def test_a_false_duplicate_is_refused(self):
        self.assert_bad("duplicate", said("accepted"), said("accepted"), (1, 1), ANSWERED)
        self.assert_bad("duplicate", said("failed"), again(), (0, 1), record(BODY))
        self.assert_bad("without a time", said("accepted"), said("accepted", duplicate=True), (1, 1), ANSWERED)
        self.assert_bad("first call said duplicate", again(), again(), (1, 1), ANSWERED)

    def test_a_duplicate_with_another_answer_is_refused(self):
        self.assert_bad("another message id or reply", said("accepted"), {**again(), "reply": None}, (1, 1), ANSWERED)
        other = {**again(), "message_id": "<b@example.test>"}
        self.assert_bad("another message id or reply", said("accepted"), other, (1, 1), ANSWERED)
        self.assert_bad("there as <a@example.test>", None, other, (1, 1), ANSWERED, killed=True)

    def test_other_recipients_are_refused(self):
        made = case(said("accepted"), again(), (1, 1), ANSWERED)
        made.kept = [made.kept[0]._replace(recipients=BOB * 2)]
        self.assertIn(f"sent to {BOB * 2}", list(cut_case.complaints(made)))

    def test_other_outcomes_are_refused(self):
        self.assert_bad("said partial", said("partial"), again(), (1, 1), ANSWERED)
        self.assert_bad("said nothing", None, again(), (1, 1), ANSWERED)

    def test_of_an_encrypted_connection_everything_but_the_proof_is_asked(self):
        closed, early = record(opaque=True), record(b"", opaque=True)
        early.up_received = 10
        self.assert_good(said("unknown"), said("unknown"), (1, 1), closed, protection="starttls")
        for words, history in {
                "2 messages": (said("accepted"), again(), (1, 2), closed),
                "it is not there": (said("accepted"), said("accepted"), (0, 1), closed),
                "it is there": (said("failed"), again(), (1, 1), closed),
                "unknown, and the end": (said("unknown"), said("unknown"), (0, 0), early)}.items():
            self.assert_bad(words, *history, protection="starttls")


class Proof(unittest.TestCase):
    def assert_proof(self, wanted, *records, first=None, killed=False):
        self.assertEqual(wanted, cut_case.proof(case(first, None, (0,), *records, killed=killed)))

    def test_each_reason_is_told_from_the_others(self):
        self.assert_proof(cut_case.NO_REPLY, record())
        self.assert_proof(cut_case.NO_REPLY, record(answer=GOOD[:-1]))  # a reply that was cut is none
        self.assert_proof(cut_case.KILLED, record(), killed=True)
        self.assert_proof(cut_case.CUT, record(forwarded=DOT_AT + 1, cut="up"))
        self.assert_proof(cut_case.CUT, record(BODY + b".", cut="up"))
        self.assert_proof(cut_case.BEFORE_THE_CUT, record(forwarded=DOT_AT, cut="up", cut_before_s=5.0))
        self.assert_proof(cut_case.AFTER_THE_CUT, record(forwarded=DOT_AT, cut="up", there=DOT_AT))
        self.assert_proof(cut_case.BEFORE_THE_DOT, record(BODY), killed=True)
        self.assert_proof(cut_case.BEFORE_THE_NOTE, ANSWERED, killed=True)
        self.assert_proof(None, record(BODY))

    def test_a_reset_is_proved_by_the_bytes_that_were_written(self):
        for how, sent, wanted in (("rst", DOT_AT + 3, cut_case.INTO_A_RESET), ("rst", DOT_AT, None), ("fin", DOT_AT + 3, None)):
            first = said("unknown", attempts=[{"bytes": {"sent": sent, "received": 0}}])
            self.assert_proof(wanted, record(BODY, how=how, cut="up"), first=first)


class Resend(unittest.TestCase):
    def test_one_more_with_the_same_message_id_is_asked(self):
        def complaints(third, copies, message_id="<a@example.test>"):
            made = case(said("unknown"), said("unknown"), copies, record())
            made.third = third
            made.kept = [made.kept[0]._replace(message_id=message_id)] * copies[2]
            return list(cut_case.resend_complaints(made))
        self.assertEqual([], complaints(said("accepted"), (1, 1, 2)))
        self.assertEqual([], complaints(said("accepted"), (0, 0, 1)))
        for third, copies, message_id in ((said("unknown"), (1, 1, 2), "<a@example.test>"),
                                          (said("accepted"), (1, 1, 1), "<a@example.test>"),
                                          (said("accepted"), (1, 1, 3), "<a@example.test>"),
                                          (said("accepted"), (1, 1, 2), "<b@example.test>")):
            self.assertEqual(1, len(complaints(third, copies, message_id)), (third, copies, message_id))


class Chance(unittest.TestCase):
    def test_every_kind_of_fault_is_drawn_and_a_killed_case_is_not_reset(self):
        shapes = {(protection, flow, size, len(recipients)): cut_case.Shape(1000, 500, None if protection != "none" else 900)
                  for protection in cut_case.PROTECTIONS for flow in cut_case.FLOWS for size in cut_case.SIZES for recipients in cut_case.RECIPIENTS}
        dice = random.Random(1)
        cases = [cut_case.chance(dice, str(number), shapes) for number in range(1000)]
        plans = [plan for each in cases for plan in each.plans]
        for seen in ([plan.cut_up for plan in plans], [plan.cut_down for plan in plans], [plan.late for plan in plans],
                     [plan.hold_from is not None for plan in plans], [each.by_call_id for each in cases]):
            self.assertGreater(sum(bool(each) for each in seen), 30)
        self.assertTrue(0.12 < sum(each.encrypted for each in cases) / len(cases) < 0.22)
        self.assertFalse([each for each in cases if each.kill and any(plan.how == "rst" for plan in each.plans)])
        self.assertFalse([each for each in cases if each.encrypted
                          and any(plan.late or plan.hold_from is not None for plan in each.plans)])
        self.assertEqual({True, False}, {each.dot_at is None for each in cases})


if __name__ == "__main__":
    unittest.main(verbosity=2)
