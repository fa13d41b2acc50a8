"""A test's program: its command line, and whether it can run here.

Guarantees: `options.build` is there before a test runs.
"""

import argparse
import sys
import unittest

from node_red.rig import missing, require

options = argparse.Namespace(build=None)


def main(*reasons):
    """Runs the tests of the calling program, or says why they cannot run: the first reason, or what Node-RED lacks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    _, rest = parser.parse_known_args(namespace=options)
    for reason in (missing(), *reasons):
        require(reason)
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=2)
