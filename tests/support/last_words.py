"""Says again what the tests that failed said last.

Usage: last_words.py BUILD_DIR/Testing/Temporary
Reads ctest's LastTestsFailed.log and LastTest.log; of at most 20 tests, at most 25 lines each.
"""

import os
import re
import sys

MOST_TESTS = 20
MOST_LINES = 25


def outputs(log):
    """Each test's name and what it printed, in the order of the log."""
    name, lines, printing = None, [], False
    for line in log:
        started = re.match(r"\d+/\d+ Testing: (.*)$", line)
        if started and not printing:
            name, lines = started[1], []
        elif line == "Output:\n":
            printing = True
        elif printing and line == "<end of output>\n":
            printing = False
            yield name, lines[1:]  # behind a ruler
        elif printing:
            lines.append(line.rstrip("\n"))


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "LastTestsFailed.log"), encoding="utf-8", errors="replace") as file:
        failed = [line.strip().partition(":")[2] for line in file if line.strip()]
    with open(os.path.join(folder, "LastTest.log"), encoding="utf-8", errors="replace") as file:
        said = {name: lines for name, lines in outputs(file) if name in set(failed)}
    for name in failed[:MOST_TESTS]:
        print(f"\n-- {name}, last words")
        for line in said.get(name, ["(nothing)"])[-MOST_LINES:]:
            print(f"   {line[:300]}")
    if len(failed) > MOST_TESTS:
        print(f"\n-- and {len(failed) - MOST_TESTS} more")


main()
