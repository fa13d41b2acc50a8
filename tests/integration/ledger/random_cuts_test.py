"""Connections cut at random bytes, processes killed at random moments, late replies: each message at most once, and what is
said is what happened. `unknown` is said only where the proxy's record proves that nobody can know.
"""

import collections
import concurrent.futures
import contextlib
import json
import random
import threading
import time

import cut_case
from fault_proxy import FaultProxy
from ledger_rig import Host, Ledger, Result, by_subject, main

RUNS, FULL_RUNS = 60, 1000
AT_ONCE = 4  # processes
PER_HOST = 8  # calls at once in one `wfc serve`
CALL_MS = 4000
LEASE_S = 31.5  # a dead call's claim is free again after 30 s


class RandomCuts(Ledger):
    def setUp(self):
        super().setUp()
        self.store = self.inbox()
        self.dice = random.Random(self.seed)
        self.moment = threading.Lock()
        self.last_kill = time.monotonic()

    # The first call of each key.

    def proxy(self, case):
        proxy = FaultProxy(self.store.port, case.plans)
        case.records = proxy.records
        return proxy

    def settings(self, port=None):
        settings = self.store.settings()
        settings["server"]["port"] = port or self.store.port
        return settings

    def kill(self, process):
        process.kill()
        with self.moment:
            self.last_kill = max(self.last_kill, time.monotonic())

    def invoked(self, case, kill_after):
        """By a process of its own."""
        options = ["--timeout", f"{CALL_MS}ms", *(["--call-id", case.key] if case.by_call_id else [])]
        with self.proxy(case) as proxy, self.wfc.started("send", self.settings(proxy.port), case.input(),
                                                         options=options) as running:
            if case.kill:
                with contextlib.suppress(Exception):
                    running.process.wait(kill_after)
                self.kill(running.process)
            output, log = running.process.communicate(timeout=60)
            case.killed = running.process.returncode == -9
            if not case.killed or output.endswith(b"}\n"):
                case.first = Result(running.process.returncode, output.decode(), log.decode("utf-8", "replace")).document

    def served(self, cases, kill_after):
        """All at once by one `wfc serve`."""
        kill = any(case.kill for case in cases)
        with contextlib.ExitStack() as stack:
            host = stack.enter_context(self.new_host())
            for case in cases:
                proxy = stack.enter_context(self.proxy(case))
                host.load(case.key)
                host.configure(case.key, self.settings(proxy.port))
            ids = [self.start(host, case.key, case, timeout_ms=CALL_MS) for case in cases]
            if kill:
                time.sleep(kill_after)
                self.kill(host.process)
                host.wait()
                host.faults.clear()  # the line it was cut in
                answers = {line["id"]: line for line in host.lines if line.get("type") == "result"}
            else:
                answers = {each: host.answer_to(each) for each in ids}
        for case, each in zip(cases, ids):
            case.killed = kill and each not in answers
            case.first = self.document(answers[each]) if each in answers else None

    def new_host(self):
        return Host(self.build, home=self.home)

    def start(self, host, component, case, timeout_ms, **more):
        call = {"call": case.key} if case.by_call_id else {}
        return host.start(component, "send", case.input(**more), timeout_ms=timeout_ms, **call)

    def document(self, line):
        self.assertEqual("result", line["type"], line)
        Result.schema.validate(line["document"])
        return line["document"]

    def undisturbed(self):
        """(bytes up, bytes down) by size and recipients, and the seconds of a call."""
        lengths, seconds = {}, []
        for size in cut_case.SIZES:
            for recipients in cut_case.RECIPIENTS:
                case = cut_case.Case(self.key(999_999 - len(seconds)), size, recipients)
                begin = time.monotonic()
                self.invoked(case, None)
                seconds.append(time.monotonic() - begin)
                self.assertEqual("accepted", case.first and case.first["outcome"], case)
                (record,) = case.records
                lengths[size, len(recipients)] = (record.up_received, record.down_received)
        return lengths, sorted(seconds)[len(seconds) // 2]

    def key(self, number):
        return f"cut-{self.seed:010d}-{number:06d}"  # always as long, as the proxy's places are counted in bytes

    # The calls after it.

    def again(self, cases, **more):
        """The same calls without faults; their documents."""
        documents = []
        with self.new_host() as host:
            host.load("again")
            host.configure("again", self.settings())
            for begin in range(0, len(cases), PER_HOST):
                ids = [self.start(host, "again", case, 60_000, **more) for case in cases[begin:begin + PER_HOST]]
                documents += [self.document(host.answer_to(each)) for each in ids]
        return documents

    def count(self, cases):
        kept = by_subject(self.store.store)
        for case in cases:
            case.copies.append(len(kept[case.key]))
        return kept

    def test_each_message_at_most_once_and_what_is_said_is_what_happened(self):
        begin = time.monotonic()
        print(f"\nseed {self.seed} (--seed or MAILSEND_SEED)", flush=True)
        lengths, usual_s = self.undisturbed()
        runs = FULL_RUNS if self.full else RUNS
        cases = [cut_case.chance(self.dice, self.key(number), lengths) for number in range(runs)]
        alone, together = cases[:runs // 2], cases[runs // 2:]
        together.sort(key=lambda case: case.kill)  # those of a host are killed together
        work = [(self.invoked, case) for case in alone]
        work += [(self.served, together[at:at + PER_HOST]) for at in range(0, len(together), PER_HOST)]
        self.dice.shuffle(work)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(what, of, self.dice.uniform(0, 1.2 * usual_s + 0.05)) for what, of in work]
            for job in jobs:
                job.result()
        first_s = time.monotonic() - begin
        self.count(cases)
        time.sleep(max(0, self.last_kill + LEASE_S - time.monotonic()))
        for case, document in zip(cases, self.again(cases)):
            case.second = document
        self.count(cases)
        problems = [f"{problem}: {case}" for case in cases for problem in cut_case.complaints(case)]

        unknown = [case for case in cases if case.second["outcome"] == "unknown"]
        for case, document in zip(unknown, self.again(unknown, on_unknown="resend")):
            case.third = document
        kept = self.count(unknown)
        problems += [f"{problem}: {case}" for case in unknown
                     for problem in cut_case.resend_complaints(case, kept[case.key])]
        self.say(cases, unknown, usual_s, first_s, time.monotonic() - begin)
        self.assertTrue(any(case.killed for case in cases) and any(record.cut for case in cases for record in case.records))
        self.assertFalse(problems, f"seed {self.seed}: {len(problems)} of {runs}\n" + "\n".join(problems[:20]))

    @staticmethod
    def say(cases, unknown, usual_s, first_s, all_s):
        said = collections.Counter(case.first["outcome"] if case.first else "killed" for case in cases)
        there = sum(case.copies[1] for case in unknown)
        why = collections.Counter(cut_case.proof(case) for case in unknown)
        connections = sum(len(case.records) for case in cases)
        cut = sum(bool(record.cut) for case in cases for record in case.records)
        print(f"{len(cases)} keys, {connections} connections, {cut} cut, {usual_s * 1000:.0f} ms for a call without faults. "
              f"The first calls in {first_s:.0f} s: {json.dumps(said)}. In the end unknown: {len(unknown)} "
              f"({100 * len(unknown) / len(cases):.1f} %), {there} of them there; why: {json.dumps(why)}. {all_s:.0f} s",
              flush=True)


if __name__ == "__main__":
    main()
