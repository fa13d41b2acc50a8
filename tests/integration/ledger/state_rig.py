"""Processes for which the home is full, read-only or at another time, and what the tests with them share."""

import os
import shlex
import sqlite3
import subprocess
import tempfile

from ledger_rig import Ledger, Wfc, kept_in, message

FAKETIME = "/usr/bin/faketime"


class State(Ledger):
    def setUp(self):
        super().setUp()
        self.store = self.inbox()
        self.account = self.store.settings(delivery={"chunking": "off"})  # so that the end of data waits for the reply to DATA

    def behind(self, *words, **environment):
        """The tool, started behind a command."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        script = os.path.join(folder, "wfc")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/bash\ntrap '' XFSZ\nexec {shlex.join([*words, self.wfc.tool])} \"$@\"\n")
        os.chmod(script, 0o700)
        wfc = Wfc(self.build, environment={**self.wfc.environment, **environment})
        wfc.tool = script
        return wfc

    def with_files_up_to(self, size):
        return self.behind("prlimit", f"--fsize={size}")

    def without_rights_of_root(self):
        """Root writes where nobody may; this one does not."""
        if os.geteuid() != 0:
            return self.wfc
        return self.behind("setpriv", "--bounding-set", "-dac_override,-dac_read_search",
                           "--inh-caps", "-dac_override,-dac_read_search")

    def at(self, offset):
        """With the wall clock set by an offset such as "+2h"; the monotonic one goes on as it does."""
        return self.behind(FAKETIME, "-f", offset, FAKETIME_DONT_FAKE_MONOTONIC="1")

    def key(self, key, **more):
        return message(key, idempotency_key=key, **more)

    def sent(self, key, **more):
        """Sends the key undisturbed and for the first time."""
        document = self.assert_outcome("accepted", self.send(self.account, self.key(key, **more)))
        self.assertNotIn("duplicate", document)
        return document

    def assert_no_state(self, result):
        """The call failed because of the state file, said so, and named it."""
        self.assertGreater(result.code, 0, result)
        self.assert_outcome("failed", result)
        self.assertEqual("host.state", result.document["error"]["id"], result)
        self.assertIn(self.state_file, f"{result.output}{result.log}")

    def count(self, key):
        return sum(each.subject == key for each in kept_in(self.store.store))

    def locked(self):
        """Another process writes, and does not end. The lock is a connection, to be closed."""
        connection = sqlite3.connect(self.state_file, isolation_level=None)
        self.addCleanup(connection.close)
        connection.execute("BEGIN EXCLUSIVE")
        return connection

    def tiny_disk(self, size):
        """Puts a file system of its own under the home; False where that is not allowed."""
        if os.geteuid() != 0:
            return False
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", self.home]
        if subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode != 0:
            return False
        self.addCleanup(subprocess.run, ["umount", "-l", self.home], check=True)
        return True
