"""The files of the project as the fences see them, and samples to try a fence on.

A fence is a function `violations(root)` that returns sentences, one for each violation, each beginning with
`path:line:` or `path:`. It reads only what `files` lists.
"""

import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
CODE = (".c", ".h", ".cpp", ".hpp", ".py", ".sh")
NATIVE = (".c", ".h", ".cpp", ".hpp")


def files(root):
    """Paths below root, with slashes, sorted: what git would keep, or everything where there is no git."""
    if os.path.isdir(os.path.join(root, ".git")):
        listed = subprocess.run(["git", "-C", root, "-c", f"safe.directory={root}", "ls-files", "-z", "--cached",
                                 "--others", "--exclude-standard"], check=True, capture_output=True).stdout
        names = set(listed.decode().split("\0")) - {""}
        return sorted(name for name in names if os.path.isfile(os.path.join(root, name)))
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in ("build", "__pycache__")]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def code(root, endings=NATIVE, below=""):
    """The code files with one of the endings."""
    return [name for name in files(root) if name.endswith(endings) and name.startswith(below)]


def lines(root, name):
    """(number, text) of each line of a file."""
    with open(os.path.join(root, name), encoding="utf-8", errors="replace") as file:
        return list(enumerate(file.read().splitlines(), 1))


def includes(root, name):
    """(line number, what is included) for each #include of a file."""
    found = []
    for number, text in lines(root, name):
        match = re.match(r'\s*#\s*include\s*[<"]([^">]+)[">]', text)
        if match:
            found.append((number, match.group(1)))
    return found


class Fence(unittest.TestCase):
    """Base of the tests: a fence holds for the project, and bites on a sample that breaks it."""

    def holds(self, violations):
        if violations:
            self.fail("\n" + "\n".join(violations))

    def bites(self, fence, sample, expected):
        """`sample` maps paths to texts; the fence must find exactly one violation for each text of `expected`."""
        with tempfile.TemporaryDirectory() as root:
            for name, text in sample.items():
                path = os.path.join(root, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            found = fence(root)
            self.assertEqual(len(expected), len(found), found)
            for wanted, sentence in zip(expected, found):
                self.assertIn(wanted, sentence)
