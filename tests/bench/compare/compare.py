"""MailSend and the mail libraries people use, side by side: the same work, the same server, taking turns.

    compare.py --build DIR --modules DIR [--effort smoke|quick|usual|full] [--rounds N] [--only GROUP …] [--json FILE]

`--build`: an optimised build; `--modules`: where npm has put nodemailer. Client and server share one CPU, this program keeps to
the others. Progress goes to standard error, the tables to standard output. Ends with 1 when a client failed or lost a message;
a target that is not reached is printed as such and is no failure.
"""

import argparse
import collections
import dataclasses
import json
import os
import platform
import shutil
import sys
import tempfile
import time

import clients
import measure
import plan
import report
from figures import Rounds
from sink import Sink


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=os.path.realpath)
    parser.add_argument("--modules", required=True, type=os.path.realpath)
    parser.add_argument("--effort", choices=("smoke", "quick", "usual", "full"), default="usual",
                        help="how many messages; full: up to 1,000,000, and up to 1 GiB")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", nargs="+", metavar="GROUP",
                        help="text file file-tls fresh fresh-full batch ledger count recipients size")
    parser.add_argument("--json", help="all samples, for those who want to look closer")
    return parser.parse_args()


class Progress:
    """A line for each run, so that whoever waits sees that it goes on."""

    def __init__(self, total):
        self.began, self.done, self.total = time.monotonic(), 0, total

    def say(self, where, row, what):
        self.done += 1
        print(f"[{self.done:3}/{self.total}, {time.monotonic() - self.began:4.0f} s] {where:9} {row.group:10} {row.name:24} {what}",
              file=sys.stderr, flush=True)


def words(sample):
    server_us = sample.server_cpu_s * 1e6 / sample.messages
    return f"{sample.rate:10,.1f}/s {sample.cpu_us:10,.0f} us CPU {sample.peak_kib / 1024:6.1f} MiB, sink {server_us:8,.0f} us"


class Comparison:
    """Runs rows and keeps what they gave."""

    def __init__(self, sink, cpu, progress, scratch):
        self.sink, self.cpu, self.progress, self.scratch = sink, cpu, progress, scratch
        self.rounds = collections.defaultdict(Rounds)
        self.alone = collections.defaultdict(dict)
        self.peak_kib, self.runs, self.failures = 0, 0, []

    def run(self, row, where):
        """The sample, or None after a failure, which is kept."""
        self.runs += 1
        try:
            sample = measure.run(row.command(self.sink.ports, self.runs), self.sink, row.expected, self.cpu)
        except measure.Failed as failure:
            self.failures.append(f"{row.group}, {row.name}: {failure}")
            self.progress.say(where, row, f"FAILED: {failure}")
            return None
        finally:
            for name in os.listdir(self.scratch):
                if name.startswith("state-"):
                    os.remove(os.path.join(self.scratch, name))
        self.progress.say(where, row, words(sample))
        return sample

    def take_turns(self, rows, rounds):
        """Each row once a round; each round begins with another one."""
        for number in range(rounds):
            first = number % max(len(rows), 1)
            for row in rows[first:] + rows[:first]:
                sample = self.run(row, f"round {number + 1}")
                if sample is not None:
                    self.rounds[row.group].add(number, row.name, sample)
                    self.remember_peak(row, sample)

    def run_alone(self, rows):
        for row in rows:
            sample = self.run(row, "alone")
            if sample is not None:
                self.alone[row.group][row.name] = sample
                self.peak_kib = max(self.peak_kib, sample.peak_kib)

    def remember_peak(self, row, sample):
        if row.group == "ledger" or row.name in (plan.ONE, plan.PIPELINED):
            self.peak_kib = max(self.peak_kib, sample.peak_kib)

    def document(self):
        """All samples as JSON."""
        return {"rounds": {group: [{name: dataclasses.asdict(sample) for name, sample in samples.items()} for samples in rounds.rounds]
                           for group, rounds in self.rounds.items()},
                "alone": {group: {name: dataclasses.asdict(sample) for name, sample in samples.items()}
                          for group, samples in self.alone.items()}}


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())


def apart():
    """The CPU for client and server; this program moves to the others, if there are any."""
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) > 1:
        os.sched_setaffinity(0, cpus[:-1])
    return cpus[-1]


def main():
    given = options()
    effort = plan.Effort(given.effort)
    rounds = given.rounds or effort.rounds
    cpu = apart()
    scratch = tempfile.mkdtemp(prefix="compare-", dir=given.build)  # on a disk, as a ledger is; /tmp may be memory
    place = clients.Place(given.build, given.modules, scratch)
    try:
        plan.write_files(place, effort)
        sink = Sink(place.program("bench_sink"), plan.DOORS, scratch, cpu)
        wanted = [row for row in plan.compared(place, effort) if not given.only or row.group in given.only]
        single = [row for row in plan.alone(place, effort) if not given.only or row.group in given.only]
        comparison = Comparison(sink, cpu, Progress(len(wanted) * rounds + len(single)), scratch)
        comparison.take_turns(wanted, rounds)
        comparison.run_alone(single)
        sink.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if given.json:
        with open(given.json, "w", encoding="ascii") as file:
            json.dump(comparison.document(), file, indent=1)
    print(f"{time.strftime('%Y-%m-%d')}, {processor()}, Linux {platform.release().split('-')[0]}; client and server on one CPU; "
          f"{rounds} round{'s' if rounds > 1 else ''}: median [least-greatest]")
    groups = comparison.rounds
    for line in [*report.ratios(groups), *report.promises(report.figures(groups, comparison.peak_kib)),
                 *report.growth(comparison.alone), report.without_chunking(groups)]:
        print(line.rstrip())
    for name in clients.missing(place):
        print(f"not on this machine: {name}")
    for failure in comparison.failures:
        print(f"FAILED: {failure}")
    return 1 if comparison.failures else 0


if __name__ == "__main__":
    sys.exit(main())
