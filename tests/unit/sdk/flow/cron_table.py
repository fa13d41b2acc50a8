"""Every run of two years, found in two ways: by the program given, and here, minute by minute with Python's zoneinfo.

    cron_table.py --program FILE    compares; FILE is cron_times
    cron_table.py                   prints the table: year, zone, expression and the runs, seconds since 1970

One of the years comes after the last change that zone files list, so that the rule at their end decides. Files that
list no more than they must ("slim") leave this year to it, too: the program must find the same with them.

What it takes schedules to mean, told once more and without a look at the program:
* A minute of real time runs when its local time fits all fields. The two day fields are OR where neither begins
  with a star.
* If minute or hour begins with a star, that is all.
* Otherwise a local time that comes a second time does not run again, and where the clock is put forward, one run
  stands at the first minute after the leap for all fitting local times that were leapt over.
"""

import argparse
import datetime
import functools
import os
import subprocess
import sys
import tempfile
import unittest
import zoneinfo

YEAR = 2026
LATER = 2040
ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
EXPRESSIONS = (
    "0 9 * * 1-5",               # the flow of the examples
    "30 2 * * *",                # in the gap of Berlin and New York
    "15 2 * * *",                # in that of Lord Howe, too
    "45 1 * * *",                # in the overlap of New York and Lord Howe
    "0,20,40 1-3 * * *",         # several fixed times in gap and overlap
    "*/15 2 * * *",              # follows real time by its minute
    "5 * * * *",                 # by its hour
    "*/7 * * * *",               # by both
    "0 0 13 * 5",                # either day
    "0 0 */2 * 1",               # both days
    "30 23 29-31 JAN-MAR,oct sun",
    "@daily",
    "10 */5 1 */3 *",
)
WORDS = {name: number for names in ("jan feb mar apr may jun jul aug sep oct nov dec".split(),
                                    "- sun mon tue wed thu fri sat".split())
         for number, name in enumerate(names, 1)}


def begin(year):
    return int(datetime.datetime(year, 1, 1, tzinfo=datetime.timezone.utc).timestamp())


def number(text, weekday):
    if text.isdigit():
        return int(text)
    return WORDS[text.lower()] - (2 if weekday else 0)


def values(field, low, high, weekday=False):
    found = set()
    for entry in field.split(","):
        span, _, step = entry.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
        found.update(range(number(first, weekday), number(last or first, weekday) + 1, int(step or 1)))
    return found


class Schedule:
    def __init__(self, expression):
        fields = ("0 0 * * *" if expression == "@daily" else expression).split()
        self.days = values(fields[2], 1, 31)
        self.months = values(fields[3], 1, 12)
        self.weekdays = {day % 7 for day in values(fields[4], 0, 6, weekday=True)}
        self.either = fields[2][0] != "*" and fields[4][0] != "*"
        self.real_time = "*" in (fields[0][0], fields[1][0])
        self.times = {hour * 60 + minute for hour in values(fields[1], 0, 23) for minute in values(fields[0], 0, 59)}
        self._known_days = {}

    def on(self, day):
        """Whether it runs on a day, counted as date.toordinal() does."""
        if day not in self._known_days:
            date = datetime.date.fromordinal(day)
            in_month, in_week = date.day in self.days, date.isoweekday() % 7 in self.weekdays
            self._known_days[day] = date.month in self.months and (
                in_month or in_week if self.either else in_month and in_week)
        return self._known_days[day]

    def fits(self, local):
        return local % 1440 in self.times and self.on(local // 1440)


@functools.lru_cache
def local_minutes(zone, year=YEAR):
    """(instant, local time in minutes since the year 1) of each minute of the year, and of the one before it."""
    zone = zoneinfo.ZoneInfo(zone)
    found = []
    for instant in range(begin(year) - 60, begin(year + 1), 60):
        time = datetime.datetime.fromtimestamp(instant, zone)
        found.append((instant, time.toordinal() * 1440 + time.hour * 60 + time.minute))
    return found


@functools.lru_cache(maxsize=None)
def runs(expression, zone, year=YEAR):
    schedule, minutes = Schedule(expression), local_minutes(zone, year)
    found = []
    times, on = schedule.times, schedule.on  # half a million minutes for each schedule and zone
    latest = minutes[0][1]
    for instant, local in minutes[1:]:
        if local == latest + 1 or schedule.real_time:
            fit = local % 1440 in times and on(local // 1440)
        else:  # after a leap all that it left out, in a repetition nothing
            fit = any(schedule.fits(left_out) for left_out in range(latest + 1, local + 1))
        if fit:
            found.append(instant)
        if local > latest:
            latest = local
    return found


class Table(unittest.TestCase):
    program = None

    def compare(self, *arguments):
        asked = [(year, zone, expression) for year in (YEAR, LATER) for zone in ZONES for expression in EXPRESSIONS]
        lines = "".join(f"{zone}\t{begin(year)}\t{begin(year + 1)}\t{expression}\n" for year, zone, expression in asked)
        answer = subprocess.run([self.program, *arguments], input=lines, capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        answers = answer.stdout.split("\n")[:-1]
        self.assertEqual(len(answers), len(asked))
        for (year, zone, expression), line in zip(asked, answers):
            with self.subTest(year=year, zone=zone, expression=expression):
                expected = runs(expression, zone, year)
                self.assertGreater(len(expected), 0)
                found = [int(time) for time in line.split()]
                name = zoneinfo.ZoneInfo(zone)
                differ = sorted(set(found) ^ set(expected))
                self.assertEqual([f"{'only in the program' if time in found else 'only in the table'}: "
                                  f"{datetime.datetime.fromtimestamp(time, name)}" for time in differ[:10]], [])
                self.assertEqual(found, expected)  # in order, and none twice

    def test_every_run_stands_in_both(self):
        self.compare()

    def test_every_run_stands_in_both_with_slim_zone_files(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["/usr/sbin/zic", "-b", "slim", "-d", folder, "/usr/share/zoneinfo/tzdata.zi"], check=True,
                           stderr=subprocess.DEVNULL, timeout=60)
            self.assertLess(os.path.getsize(os.path.join(folder, "Europe", "Berlin")), 1000, "not slim")
            self.compare(folder)

    def test_the_table_has_the_rules_of_gap_and_overlap(self):
        def on(zone, expression, month, day):
            place = zoneinfo.ZoneInfo(zone)
            times = [datetime.datetime.fromtimestamp(time, place)
                     for time in runs(expression, zone)]
            return [time.strftime("%H:%M%z") for time in times if (time.month, time.day) == (month, day)]

        self.assertEqual(on("America/New_York", "30 2 * * *", 3, 8), ["03:00-0400"])
        self.assertEqual(on("America/New_York", "*/15 2 * * *", 3, 8), [])
        self.assertEqual(on("America/New_York", "45 1 * * *", 11, 1), ["01:45-0400"])
        self.assertEqual(on("Australia/Lord_Howe", "15 2 * * *", 10, 4), ["02:30+1100"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program")
    Table.program = parser.parse_args().program
    if Table.program:
        unittest.main(argv=sys.argv[:1])
    for a_year in (YEAR, LATER):
        for a_zone in ZONES:
            for an_expression in EXPRESSIONS:
                print(a_year, a_zone, an_expression, *runs(an_expression, a_zone, a_year), sep="\t")
