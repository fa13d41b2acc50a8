"""Runs clang-tidy: `tidy.py --build DIR` on what has changed, `tidy.py --build DIR --all` on the component and the SDK.

What has changed is bounded, so that an everyday run stays short; what is left out is named.
"""

import argparse
import os
import sys

import batches
import style
import tree

BOUND = 12


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, help="the folder of compile_commands.json")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    names = style.sources(tree.ROOT, options.build, None if options.all else style.changed(tree.ROOT))
    if options.all:
        os.nice(10)  # it runs beside other tests, which come first
        names = [name for name in names if name.startswith(("plugin/", "sdk/")) and name.endswith(".cpp")]
    if not options.all and len(names) > BOUND:
        print(f"{len(names)} files have changed; {BOUND} are checked here, the rest by tests/run.sh --all")
        names = names[:: max(1, len(names) // BOUND)][:BOUND]
    print(f"clang-tidy on {len(names)} files", flush=True)
    code = 0
    for text in batches.violations(tree.ROOT, options.build, names):
        print(text, flush=True)
        code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
