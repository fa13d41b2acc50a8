"""How samples become medians, spreads and ratios, and figures become verdicts."""

import unittest

from figures import Rounds, Sample, Spread
from targets import Target


def sample(rate, cpu_us=100, peak_kib=0):
    return Sample(1000, 1000 / rate, cpu_us / 1000, peak_kib)


class FiguresTest(unittest.TestCase):
    def test_a_sample_says_what_one_message_took(self):
        one = Sample(2000, 4.0, 0.5)
        self.assertEqual((500, 250), (one.rate, one.cpu_us))

    def test_a_spread_is_the_median_between_the_extremes(self):
        self.assertEqual("3 [1-10]", Spread([10, 1, 3]).text())
        self.assertEqual("1.50 [1.00-2.00]", Spread([1, None, 2]).text("{:.2f}"))

    def test_one_value_has_no_spread_and_none_is_a_dash(self):
        self.assertEqual("3", Spread([3]).text())
        self.assertEqual("-", Spread([]).text())
        self.assertFalse(Spread([None]))

    def test_ratios_are_taken_within_a_round_and_against_the_best_of_several(self):
        rounds = Rounds()
        for number, (mine, first, second) in enumerate([(100, 10, 20), (50, 25, 5), (90, 30, 45)]):
            for row, rate in (("mine", mine), ("first", first), ("second", second)):
                rounds.add(number, row, sample(rate))
        self.assertEqual([10, 2, 3], [round(value, 6) for value in rounds.ratio("mine", ["first"], lambda s: s.rate).values])
        self.assertEqual([5, 2, 2], [round(value, 6) for value in rounds.ratio("mine", ["first", "second"], lambda s: s.rate).values])

    def test_a_round_without_the_other_does_not_count(self):
        rounds = Rounds()
        rounds.add(0, "mine", sample(100))
        rounds.add(1, "mine", sample(100))
        rounds.add(1, "other", sample(50))
        self.assertEqual(1, len(rounds.ratio("mine", ["other"], lambda s: s.rate).values))
        self.assertFalse(rounds.ratio("mine", ["nobody"], lambda s: s.rate))

    def test_the_greatest_is_looked_for_in_the_rows_that_are_named(self):
        rounds = Rounds()
        rounds.add(0, "mine", sample(1, peak_kib=5))
        rounds.add(1, "mine", sample(1, peak_kib=9))
        rounds.add(1, "other", sample(1, peak_kib=99))
        self.assertEqual(9, rounds.greatest(lambda s: s.peak_kib, ["mine"]))
        self.assertIsNone(rounds.greatest(lambda s: s.peak_kib, ["nobody"]))


class TargetsTest(unittest.TestCase):
    less = Target("less", 60, 30, " us")
    more = Target("more", 8, 13, " x", more_is_better=True)

    def test_a_target_is_reached_on_its_bound(self):
        self.assertEqual("aim reached", self.less.verdict(30))
        self.assertEqual("aim reached", self.more.verdict(13))

    def test_what_lacks_to_the_aim_is_said(self):
        self.assertEqual("must reached, aim missed by 50 %", self.less.verdict(45))
        self.assertEqual("must reached, aim missed by 20 %", self.more.verdict(10.4))

    def test_what_is_not_reached_is_said_with_by_how_much(self):
        self.assertEqual("NOT reached by 10 %", self.less.verdict(66))
        self.assertEqual("NOT reached by 25 %", self.more.verdict(6))

    def test_a_line_has_the_spread_the_bounds_and_the_verdict_of_the_median(self):
        line = self.less.line(Spread([20, 61, 100]))
        for words in ("less", "61.00 [20.00-100.00]", "<= 60 / 30 us", "NOT reached by 2 %"):
            self.assertIn(words, line)
        self.assertIn("not measured", self.more.line(Spread([])))


if __name__ == "__main__":
    unittest.main()
