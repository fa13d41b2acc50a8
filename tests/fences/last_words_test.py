"""What tests/run.sh says again of tests that failed."""

import os
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "support", "last_words.py")
RULER = "-" * 58


def told(failed, log):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("LastTestsFailed.log", failed), ("LastTest.log", log)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(text.encode() if isinstance(text, str) else text)
        return subprocess.run([sys.executable, "-B", SCRIPT, folder], check=True, capture_output=True, text=True).stdout


def of_test(number, name, output):
    return f"{number}/9 Testing: {name}\n{number}/9 Test: {name}\nOutput:\n{RULER}\n{output}<end of output>\n{RULER}\n"


class LastWords(unittest.TestCase):
    def test_are_those_of_what_failed_and_of_nothing_else(self):
        log = of_test(1, "a.fine", "well\n") + of_test(2, "b.bad", f"one\n{RULER}\ntwo\n") + of_test(3, "c.fine", "also\n")
        self.assertEqual(f"\n-- b.bad, last words\n   one\n   {RULER}\n   two\n", told("2:b.bad\n", log))

    def test_are_the_last_25_lines_cut_at_300_characters(self):
        said = told("1:long\n", of_test(1, "long", "".join(f"{n} {'x' * 400}\n" for n in range(40)))).splitlines()[2:]
        self.assertEqual(25, len(said))
        self.assertTrue(said[0].startswith("   15 x") and len(said[0]) == 303)

    def test_of_many_name_the_first_20_and_count_the_rest(self):
        names = [f"t{n}" for n in range(23)]
        text = told("".join(f"{n}:{name}\n" for n, name in enumerate(names)), "")
        self.assertEqual(20, text.count("(nothing)"))
        self.assertTrue(text.endswith("-- and 3 more\n"))

    def test_need_not_be_text(self):
        self.assertIn("b.bad", told(b"1:b.bad\n", of_test(1, "b.bad", "x\n").encode() + b"\xff\xfe\n"))


if __name__ == "__main__":
    unittest.main()
