"""Connections cut at random bytes, processes killed at random moments, late replies: each message at most once, and what is
said is what happened. `unknown` is said only where the proxy's record proves that nobody can know; a share of the connections
is encrypted, where there is no such proof and all the rest holds.
"""

import collections
import concurrent.futures
import contextlib
import itertools
import json
import os
import random
import threading
import time

import cut_case
from fault_proxy import FaultProxy
from ledger_rig import Host, Ledger, Result, by_subject, main

RUNS, FULL_RUNS = 60, 1000
AT_ONCE = 4  # processes
PER_HOST = 8  # calls at once in one `wfc serve`
CALL_MS = (4000, 10_000)  # eight times what a call takes, within these
LEASE_S = 31.5  # a dead call's claim is free again after 30 s
SHARE, MORE = 0.05, 3  # of what may fall into a moment that cannot be closed: so large a share, and by chance so many more


class RandomCuts(Ledger):
    def setUp(self):
        super().setUp()
        self.store = self.inbox("", "--tls-port", "0")
        with open(os.path.join(self.store.scratch.name, "ready.json"), encoding="utf-8") as ready:
            self.tls_port = json.load(ready)["tls_port"]
        self.call_ms = CALL_MS[0]
        self.dice = random.Random(self.seed)
        self.moment = threading.Lock()
        self.last_kill = time.monotonic()

    # The first call of each key.

    def proxy(self, case):
        port = self.tls_port if case.protection == "implicit-tls" else self.store.port
        proxy = FaultProxy(port, case.plans, opaque=case.encrypted)
        case.records = proxy.records
        return proxy

    def through(self, proxy, case):
        """The account of a case."""
        tls = {"tls": {"ca_file": os.path.join(self.store.store, "ca.pem")}} if case.encrypted else {}
        settings = self.store.settings(delivery=case.delivery(), **tls)
        settings["server"].update(port=proxy.port, security=case.protection)
        return settings

    def kill(self, process):
        process.kill()
        with self.moment:
            self.last_kill = max(self.last_kill, time.monotonic())

    def invoked(self, case, kill_after):
        """By a process of its own."""
        options = ["--root", self.store.store, "--timeout", f"{self.call_ms}ms",
                   *(["--call-id", case.key] if case.by_call_id else [])]
        with self.proxy(case) as proxy, self.wfc.started("send", self.through(proxy, case), case.input(),
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
                host.configure(case.key, self.through(proxy, case))
            ids = [self.start(host, case.key, case, timeout_ms=self.call_ms) for case in cases]
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
        return Host(self.build, ["--root", self.store.store], home=self.home)

    def start(self, host, component, case, timeout_ms, **more):
        call = {"call": case.key} if case.by_call_id else {}
        return host.start(component, "send", case.input(**more), timeout_ms=timeout_ms, **call)

    def document(self, line):
        self.assertEqual("result", line["type"], line)
        Result.schema.validate(line["document"])
        return line["document"]

    def undisturbed(self):
        """Shapes by protection, flow, size and number of recipients, and the seconds of a call beside others."""
        cases = [cut_case.Case(self.key(999_999 - place), *of) for place, of in enumerate(
            itertools.product(cut_case.SIZES, cut_case.RECIPIENTS, cut_case.PROTECTIONS, cut_case.FLOWS))]

        def timed(case):
            begin = time.monotonic()
            self.invoked(case, None)
            return time.monotonic() - begin
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            seconds = sorted(pool.map(timed, cases))
        shapes = {}
        for case in cases:
            self.assertEqual("accepted", case.first and case.first["outcome"], case)
            (record,) = case.records
            shapes[case.protection, case.flow, case.size, len(case.recipients)] = cut_case.Shape(
                record.up_received, record.down_received, None if case.encrypted else record.trace.endings[0].begin)
        return shapes, seconds[len(seconds) // 2]

    def key(self, number):
        return f"cut-{self.seed:010d}-{number:06d}"  # always as long, as the proxy's places are counted in bytes

    # The calls after it.

    def again(self, cases, **more):
        """The same calls without faults; their documents."""
        documents = []
        with self.new_host() as host:
            host.load("again")
            host.configure("again", self.store.settings())
            for begin in range(0, len(cases), PER_HOST):
                ids = [self.start(host, "again", case, 60_000, **more) for case in cases[begin:begin + PER_HOST]]
                documents += [self.document(host.answer_to(each)) for each in ids]
        return documents

    def count(self, cases):
        kept = by_subject(self.store.store)
        for case in cases:
            case.kept = kept[case.key]
            case.copies.append(len(case.kept))

    def test_each_message_at_most_once_and_what_is_said_is_what_happened(self):
        begin = time.monotonic()
        print(f"\nseed {self.seed} (--seed or MAILSEND_SEED)", flush=True)
        shapes, usual_s = self.undisturbed()
        self.call_ms = max(CALL_MS[0], min(round(8000 * usual_s), CALL_MS[1]))
        runs = FULL_RUNS if self.full else RUNS
        cases = [cut_case.chance(self.dice, self.key(number), shapes) for number in range(runs)]
        self.first_calls(cases, usual_s)
        first_s = time.monotonic() - begin
        # The server, too, has the time to store what came before a cut.
        time.sleep(max(2, self.last_kill + LEASE_S - time.monotonic()))
        self.count(cases)
        for case, document in zip(cases, self.again(cases)):
            case.second = document
        self.count(cases)
        problems = [f"{problem}: {case}" for case in cases for problem in cut_case.complaints(case)]

        unknown = [case for case in cases if case.second["outcome"] == "unknown"]
        for case, document in zip(unknown, self.again(unknown, on_unknown="resend")):
            case.third = document
        self.count(unknown)
        problems += [f"{problem}: {case}" for case in unknown for problem in cut_case.resend_complaints(case)]
        print(f"The first calls in {first_s:.0f} s, {usual_s * 1000:.0f} ms each without faults; "
              f"all in {time.monotonic() - begin:.0f} s.")
        self.assert_few(cases, unknown)
        self.assertFalse(problems, f"seed {self.seed}: {len(problems)} of {runs}\n" + "\n".join(problems[:20]))

    def first_calls(self, cases, usual_s):
        alone, together = cases[:len(cases) // 2], cases[len(cases) // 2:]
        together.sort(key=lambda case: case.kill)  # those of a host are killed together
        work = [(self.invoked, case) for case in alone]
        work += [(self.served, together[at:at + PER_HOST]) for at in range(0, len(together), PER_HOST)]
        self.dice.shuffle(work)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for job in [pool.submit(what, of, self.dice.uniform(0, 1.2 * usual_s + 0.05)) for what, of in work]:
                job.result()

    def assert_few(self, cases, unknown):
        """Prints how many are unknown in the end and why; those whose kill fell beside a note are a small part of the killed.

        So are those that were written after a cut, before it was seen. What was written before it is only counted: a call that
        may still see the cut is in end_of_data_test.py.
        """
        said = collections.Counter(case.first["outcome"] if case.first else "killed" for case in cases)
        why = collections.Counter(cut_case.proof(case) or "not proved" for case in unknown)
        killed = sum(case.killed for case in cases)
        cut = sum(any(record.cut for record in case.records) for case in cases)
        there = sum(case.copies[1] for case in unknown)
        after_ms = [1000 * (found[1].begun_at - found[0].cut_at) for case in unknown
                    if cut_case.proof(case) == cut_case.AFTER_THE_CUT and (found := cut_case.unanswered(case))]
        print(f"{len(cases)} keys ({sum(case.encrypted for case in cases)} encrypted), {cut} with cuts, {killed} killed. "
              f"Said first: {json.dumps(said)}.\n"
              f"Of {len(cases)} keys {len(unknown)} unknown ({100 * len(unknown) / len(cases):.1f} %; {there} had arrived): "
              + ("; ".join(f"{count} {reason}" for reason, count in why.most_common()) or "none") + "."
              + (f" The latest end came {max(after_ms):.1f} ms after its cut." if after_ms else ""), flush=True)
        self.assertTrue(killed and cut)
        self.assertLessEqual(sum(why[each] for each in cut_case.WINDOWS), SHARE * killed + MORE)
        self.assertLessEqual(why[cut_case.AFTER_THE_CUT] + why[cut_case.INTO_A_RESET], SHARE * cut + MORE)


if __name__ == "__main__":
    main()
