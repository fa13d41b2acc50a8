"""support/npm.sh with an npm and a node of our own: what it installs, when it installs nothing, and what it says."""

import os
import subprocess
import tempfile
import unittest

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))

# The system is a folder: asked (what was called), to (where packages go), from (what is wanted).
FAKES = {
    "npm": """
echo "npm $*" >>"$SYSTEM/asked"
if [ -n "$BROKEN" ]; then echo "npm error code EBROKEN"; exit 1; fi
mkdir -p node_modules
case "$*" in *node@*) mkdir -p node_modules/node/bin
    printf '#!/bin/sh\\necho v22.1.0\\n' >node_modules/node/bin/node; chmod +x node_modules/node/bin/node ;; esac
true
""",
    "node": 'echo "v${VERSION:-20.1.0}"',
}


class Npm(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.system = scratch.name
        for folder in ("bin", "from", "tmp"):
            os.mkdir(os.path.join(self.system, folder))
        for name, text in FAKES.items():
            path = os.path.join(self.system, "bin", name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\n{text}\n")
            os.chmod(path, 0o755)
        self.want("one")

    def want(self, lock):
        for name in ("package.json", "package-lock.json"):
            with open(os.path.join(self.system, "from", name), "w", encoding="utf-8") as file:
                file.write(lock)

    def install(self, **environment):
        """(exit code, standard output, standard error, what npm was asked for)"""
        asked = os.path.join(self.system, "asked")
        open(asked, "w", encoding="utf-8").close()
        script = ('source "$ROOT/tests/support/packages.sh"; source "$ROOT/tests/support/npm.sh"; cd "$SYSTEM"; '
                  'install_node_packages "$SYSTEM/from" "$SYSTEM/to" "the tea"')
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False, env={
            "PATH": f"{self.system}/bin:/usr/bin:/bin", "SYSTEM": self.system, "ROOT": ROOT,
            "TMPDIR": os.path.join(self.system, "tmp"), **environment})
        self.assertEqual([], os.listdir(os.path.join(self.system, "tmp")))
        with open(asked, encoding="utf-8") as file:
            return done.returncode, done.stdout, done.stderr, file.read().splitlines()

    def test_installs_what_the_lock_file_says_and_runs_no_scripts(self):
        code, output, said, asked = self.install()
        self.assertEqual((0, ""), (code, output))
        self.assertEqual("Installing the tea with npm (to).\n", said)
        self.assertEqual(["npm ci --no-audit --no-fund --ignore-scripts"], asked)

    def test_does_nothing_the_second_time_until_the_lock_file_changes(self):
        self.install()
        self.assertEqual((0, "", "", []), self.install())
        self.want("another")
        self.assertEqual(1, len(self.install()[3]))

    def test_puts_a_newer_node_beside_them_where_the_machines_is_old(self):
        asked = self.install(VERSION="18.19.0")[3]
        self.assertEqual(2, len(asked))
        self.assertIn("node@22", asked[1])
        self.assertEqual((0, "", "", []), self.install(VERSION="18.19.0"))

    def test_says_why_it_failed_and_tries_again_the_next_time(self):
        code, output, _, _ = self.install(BROKEN="yes")
        self.assertEqual((1, "npm ci failed: npm error code EBROKEN\n"), (code, output))
        self.assertEqual(0, self.install()[0])


if __name__ == "__main__":
    unittest.main()
