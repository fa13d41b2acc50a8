"""support/packages.sh with an apt-get and a dpkg-query of our own: what it installs, refuses, shows and leaves behind."""

import os
import shlex
import subprocess
import tempfile
import unittest

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))

# The system is a folder: installed/NAME (its content: what it provides), asked (what was called), policy-rc.d.
FAKES = {
    "dpkg-query": """
case "$*" in
    *Provides*) for file in "$SYSTEM"/installed/*; do
                    [ -e "$file" ] && printf 'installed\\t%s\\t%s\\n' "${file##*/}" "$(cat "$file")"
                done; true ;;
    *) for name; do :; done
       [ -e "$SYSTEM/installed/$name" ] && printf installed ;;
esac
""",
    "apt-get": """
echo "apt-get $*" >>"$SYSTEM/asked"
case "$*" in
    *" -s "*) [ -z "$REMOVES" ] || echo "Remv $REMOVES [1.0]" ;;
    *" install "*)
        [ -e "$SYSTEM/policy-rc.d" ] && echo "services are forbidden" >>"$SYSTEM/asked"
        echo "Need to get 1,234 kB of archives."
        for name; do
            case $name in
                -* | install | Dpkg*) ;;
                *) echo "Get:1 http://archive.test $name 1.0 [9 kB]"; echo "Unpacking $name"; echo "Setting up $name (1.0)"
                   [ "$name" = "$BROKEN" ] && echo "E: $name is broken" || : >"$SYSTEM/installed/$name" ;;
            esac
        done ;;
esac
true
""",
    "sudo": 'shift; exec "$@"',
    "debconf-set-selections": 'cat >>"$SYSTEM/asked"',
    "deb-systemd-helper": 'echo "deb-systemd-helper $*" >>"$SYSTEM/asked"',
    "update-rc.d": 'echo "update-rc.d $*" >>"$SYSTEM/asked"',
    "dpkg": "exit 0",
}


class Packages(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.system = scratch.name
        for folder in ("bin", "installed", "tmp"):
            os.mkdir(os.path.join(self.system, folder))
        for name, text in FAKES.items():
            path = os.path.join(self.system, "bin", name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\n{text}\n")
            os.chmod(path, 0o755)

    def installed(self, name, provides=""):
        with open(os.path.join(self.system, "installed", name), "w", encoding="utf-8") as file:
            file.write(provides)

    def policy(self, text):
        path = os.path.join(self.system, "policy-rc.d")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def run_script(self, commands, **environment):
        """Runs commands after sourcing packages.sh, as the scripts do; the policy file is that of the system folder."""
        script = (f"set -euo pipefail\nsource {shlex.quote(ROOT)}/tests/support/packages.sh\n"
                  f"policy_file=$SYSTEM/policy-rc.d\ntrap allow_services_again EXIT\n{commands}\n")
        return subprocess.run(["bash", "-c", script, "test"], capture_output=True, text=True, timeout=60, env={
            "PATH": os.path.join(self.system, "bin") + ":/usr/bin:/bin", "SYSTEM": self.system,
            "TMPDIR": os.path.join(self.system, "tmp"), "REMOVES": "", "BROKEN": "", **environment})

    def asked(self):
        path = os.path.join(self.system, "asked")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()

    def assert_nothing_left(self, policy=False):
        self.assertEqual(policy, os.path.exists(os.path.join(self.system, "policy-rc.d")))
        self.assertEqual([], os.listdir(os.path.join(self.system, "tmp")))

    def test_what_is_missing_is_installed_and_shown_and_nothing_is_left_behind(self):
        self.installed("cmake")
        done = self.run_script("install_packages build cmake ninja-build")
        self.assertEqual(0, done.returncode, done.stderr)
        for words in ("to build: ninja-build", "Need to get 1,234 kB", "Get:1 ", "Setting up ninja-build"):
            self.assertIn(words, done.stdout)
        self.assertNotIn("Unpacking", done.stdout)
        self.assertIn("install -y --no-install-recommends ninja-build\nservices are forbidden", self.asked())
        self.assert_nothing_left()

    def test_where_all_is_there_apt_is_not_asked(self):
        self.installed("cmake")
        self.assertEqual((0, ""), (self.run_script("install_packages build cmake").returncode, self.asked()))

    def test_a_plan_that_removes_something_is_refused(self):
        done = self.run_script("install_packages build cmake", REMOVES="exim4")
        self.assertEqual(69, done.returncode)
        self.assertIn("would remove exim4. Nothing was changed.", done.stderr)
        self.assertNotIn(" -y ", self.asked())
        self.assert_nothing_left()

    def test_a_failed_installation_shows_what_apt_said(self):
        done = self.run_script("install_packages build cmake", BROKEN="cmake")
        self.assertEqual(69, done.returncode)
        self.assertIn("E: cmake is broken", done.stderr)
        self.assert_nothing_left()

    def test_another_mail_server_is_named_and_left_alone(self):
        self.installed("exim4-daemon-light", "mail-transport-agent")
        done = self.run_script("install_mail_servers")
        self.assertEqual(1, done.returncode)
        self.assertIn("exim4-daemon-light", done.stdout)
        self.assertEqual("", self.asked())

    def test_postfix_is_installed_without_a_configuration_and_stays_off(self):
        done = self.run_script("install_mail_servers")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        for words in ("No configuration", "services are forbidden", "deb-systemd-helper disable postfix.service",
                      "deb-systemd-helper disable dovecot.service"):
            self.assertIn(words, self.asked())
        self.assertNotIn("remove ", self.asked())
        self.assert_nothing_left()

    def test_a_policy_that_is_there_stays_as_it_is(self):
        self.policy("#!/bin/sh\nexit 101\n")
        self.assertEqual(0, self.run_script("install_packages build cmake").returncode)
        self.assert_nothing_left(policy=True)

    def test_a_policy_that_lets_services_start_keeps_postfix_away(self):
        self.policy("#!/bin/sh\nexit 0\n")
        done = self.run_script("install_mail_servers")
        self.assertEqual(1, done.returncode)
        self.assertIn("lets apt start services", done.stdout)
        self.assertEqual("", self.asked())


if __name__ == "__main__":
    unittest.main()
