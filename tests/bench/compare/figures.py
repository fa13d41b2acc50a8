"""What was measured: one sample for each run, and how samples of many rounds are put into words.

Wall time of a shared machine says little by itself, so that clients are compared within a round, where they ran one after the
other, and the ratios of all rounds are shown with their spread.
"""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Sample:
    """One run of one client. Seconds are those of its own loop: start-up is left out."""
    messages: int
    wall_s: float
    cpu_s: float
    peak_kib: int = 0
    server_cpu_s: float = 0.0

    @property
    def rate(self):
        """Messages a second."""
        return self.messages / self.wall_s

    @property
    def cpu_us(self):
        """Of the client, for each message."""
        return self.cpu_s * 1e6 / self.messages


class Spread:
    """Median, least and greatest of the values of several rounds; values that are None do not count."""

    def __init__(self, values):
        self.values = [value for value in values if value is not None]

    def __bool__(self):
        return bool(self.values)

    @property
    def median(self):
        return statistics.median(self.values)

    def text(self, form="{:.0f}"):
        """"12 [11-14]", or "12" where there is one value only, or "-" where there is none."""
        if not self.values:
            return "-"
        middle = form.format(self.median)
        if len(self.values) == 1:
            return middle
        return f"{middle} [{form.format(min(self.values))}-{form.format(max(self.values))}]"


class Rounds:
    """All samples: by round, by the name of the row."""

    def __init__(self):
        self.rounds = []

    def add(self, number, row, sample):
        while len(self.rounds) <= number:
            self.rounds.append({})
        self.rounds[number][row] = sample

    def spread(self, row, value):
        """Of `value(sample)` over the rounds."""
        return Spread(value(samples[row]) for samples in self.rounds if row in samples)

    def ratio(self, row, others, value):
        """`value` of the row divided by that of another, within each round; of several others the greatest counts."""
        found = []
        for samples in self.rounds:
            there = [value(samples[other]) for other in others if other in samples]
            if row in samples and there:
                found.append(value(samples[row]) / max(there))
        return Spread(found)

    def greatest(self, value, rows):
        """Of `value(sample)` over all rounds of the rows; None where there was no run."""
        return max((value(sample) for samples in self.rounds for row, sample in samples.items() if row in rows), default=None)
