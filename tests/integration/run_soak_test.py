"""Two minutes of a flow that runs every 10 seconds and is killed (-9) at random moments."""

import argparse
import os
import sys
import unittest

import flows
import soak

ARGUMENTS = None


class Soak(unittest.TestCase):
    def test_a_flow_that_is_killed_and_restarted_sends_no_run_twice_and_names_each_that_was_cut_or_missed(self):
        seed = int.from_bytes(os.urandom(4), "big") if ARGUMENTS.seed is None else ARGUMENTS.seed
        with flows.Folder(ARGUMENTS.build) as folder:
            events, kills, code = soak.killed_at_random(folder, 10, ARGUMENTS.seconds, seed)
            counts = soak.check(self, folder, events, 10, kills)
        print(f"seed {seed}: {kills} kills, {counts}")
        self.assertEqual(0, code)
        self.assertGreaterEqual(kills, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--seed", type=int)
    ARGUMENTS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
