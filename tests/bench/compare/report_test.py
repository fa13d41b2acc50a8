"""The tables: every peer and every target has its line, what was not measured is a dash, and all of it is short."""

import collections
import unittest

import report
from figures import Rounds, Sample
from plan import NODEMAILER, ONE, PIPELINED, SMTP_SOURCE
from targets import TARGETS


def sample(rate, cpu_us=50, peak_mib=12):
    return Sample(1000, 1000 / rate, cpu_us / 1000, peak_mib * 1024)


def measured():
    rounds = collections.defaultdict(Rounds)
    for group in report.GROUPS:
        for number in range(3):
            for row, rate in ((ONE, 12_000), (NODEMAILER, 1_000 + number), ("nodemailer pool 8", 1_500), ("libcurl", 6_000),
                              ("smtplib", 500), ("nodemailer, all queued", 2_000)):
                rounds[group].add(number, row, sample(rate))
    for number in range(3):
        rounds["text"].add(number, SMTP_SOURCE, sample(8_000))
        rounds["text"].add(number, PIPELINED, sample(9_000))
        rounds["fresh-full"].add(number, ONE, sample(700, 1_200))
        rounds["ledger"].add(number, "off", sample(10_000))
        rounds["ledger"].add(number, "on", sample(8_000))
    return rounds


ALONE = {"count": {"100": sample(10_000), "100,000": sample(10_000)}, "recipients": {"1": sample(9_000), "1,000": sample(50, 9_000)},
         "size": {"1 KB": sample(9_000), "10 MiB": sample(50, 13_000)}}


class ReportTest(unittest.TestCase):
    def test_each_peer_has_its_ratio_and_what_was_not_run_is_a_dash(self):
        lines = report.ratios(measured())
        source = next(line for line in lines if line.startswith(SMTP_SOURCE))
        self.assertEqual(["1.5", "[1.5-1.5]", "-", "-", "-", "-"], source[23:].split())
        self.assertEqual(len(report.PEERS) + 2, len(lines))

    def test_each_target_has_its_value_and_a_verdict(self):
        values = report.figures(measured(), 20 * 1024)
        self.assertEqual(set(TARGETS), set(values))
        self.assertAlmostEqual(50, values["cpu"].median)
        self.assertAlmostEqual(1.2, values["full"].median)
        self.assertAlmostEqual(20, values["ledger"].median)
        self.assertAlmostEqual(2_000 / 12_000, values["batch"].median, msg="against the best of nodemailer's")
        self.assertAlmostEqual(20, values["memory"].median)
        text = "\n".join(report.promises(values))
        self.assertIn("must reached, aim missed by 100 %", text)

    def test_cpu_of_files_is_said_for_a_gigabyte(self):
        self.assertAlmostEqual(2.0, report.per_gb(Sample(20, 1, 2 * 20 * 10.48576 / 1000)))

    def test_growth_says_cost_and_memory_of_each_step(self):
        count, recipients, size = report.growth(ALONE)
        self.assertIn("100: 50 (12), 100,000: 50 (12)", count)
        self.assertIn("1: 50.0 (12), 1,000: 9.0 (12)", recipients)
        self.assertIn("1 KB: 50 us (12), 10 MiB: 1.24 s/GB (12)", size)

    def test_nothing_measured_is_said_and_no_error(self):
        nothing = collections.defaultdict(Rounds)
        self.assertIn("not measured", report.promises(report.figures(nothing, 0))[1])
        self.assertEqual("CPU (peak MiB) by attachment: -", report.growth({})[2])
        report.ratios(nothing)

    def test_all_of_it_fits_a_page(self):
        rounds = measured()
        lines = [*report.ratios(rounds), *report.promises(report.figures(rounds, 1)), *report.growth(ALONE), report.without_chunking(rounds)]
        self.assertLessEqual(len(lines) + 1, 25)
        self.assertLessEqual(max(map(len, lines)), 130)


if __name__ == "__main__":
    unittest.main()
