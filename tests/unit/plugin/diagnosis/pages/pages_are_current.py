"""manifests/ERRORS.md and ERRORS.ja.md say what manifests/errors says: written anew, they are the same."""

import os
import subprocess
import sys
import tempfile

PAGES = ("ERRORS.md", "ERRORS.ja.md")
ADVICE = "run cmake --build BUILD --target errors_pages, where BUILD is your build directory, and commit both pages"


def content(path):
    """The bytes of the file; None where there is none."""
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def first_difference(old, new):
    """The number of the first line that differs, and what it should be."""
    lines = old.decode("utf-8", "replace").split("\n")
    for number, line in enumerate(new.decode("utf-8").split("\n"), 1):
        if number > len(lines) or lines[number - 1] != line:
            return f"line {number} should be: {line[:160]}"
    return "it has lines too many at its end"


def main(program, manifests):
    """Sentences about pages that are not current, on stderr; how the test ends."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, manifests, folder], check=True, timeout=50)
        faults = []
        for page in PAGES:
            old, new = content(os.path.join(manifests, page)), content(os.path.join(folder, page))
            if old != new:
                why = "it is missing" if old is None else first_difference(old, new)
                faults.append(f"manifests/{page} is not what manifests/errors says ({why}); {ADVICE}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
