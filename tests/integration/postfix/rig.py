"""A private Postfix and Dovecot for tests that talk to a real server.

    with Rig() as rig:
        rig.ports["starttls"]                 # see PORTS
        rig.messages("alice", 1)              # what arrived, waits for it

Guarantees: everything lives in one temporary directory and on loopback ports chosen at start; /etc/postfix and
/etc/dovecot are neither read nor written; both servers are children of this process and are stopped by pid. It needs
root, because both drop privileges, and the packages postfix, dovecot-core, dovecot-imapd,
dovecot-submissiond and openssl; `missing()`
says in one sentence what is not there.
"""

import glob
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

from ports import free_ports, release
from postfix import configuration

MASTER = "/usr/lib/postfix/sbin/master"
DOVECOT = "/usr/sbin/dovecot"

# mx: no AUTH, local domain only; starttls, tls: submission; unsized: as starttls, without SIZE in the reply to EHLO;
# ascii: as starttls, without 8BITMIME and SMTPUTF8; short: as starttls, with the line length of Postfix's own default;
# clear: AUTH without TLS (downgrade tests); submission: Dovecot's own, where tokens are taken; imap, imaps.
PORTS = ("mx", "starttls", "unsized", "ascii", "short", "tls", "clear", "submission", "imap", "imaps")

DOMAIN = "example.test"
PASSWORDS = {"alice": "alice-secret", "bob": "böb s3cret", "carol": "carol-secret", "花子": "hanako-secret"}


def missing():
    """Why the rig cannot run here, as a sentence, or None."""
    if os.geteuid() != 0:
        return "Postfix and Dovecot need root to drop their privileges, and this run is not root"
    for path, package in ((MASTER, "postfix"), (DOVECOT, "dovecot-core"), ("/usr/lib/dovecot/imap", "dovecot-imapd"),
                          ("/usr/lib/dovecot/submission", "dovecot-submissiond")):
        if not os.path.exists(path):
            return f"the package {package} is not installed"
    return None if shutil.which("openssl") else "the package openssl is not installed"


class Rig:
    """The pair of servers. `size_limit` is Postfix's message_size_limit in octets; with `introspection_url` both take
    access tokens that the server there knows, besides passwords."""

    def __init__(self, size_limit=50_000_000, passwords=None, introspection_url=None,
                 token_mechanisms="xoauth2 oauthbearer"):
        self.size_limit = size_limit
        self.introspection_url = introspection_url
        self.token_mechanisms = token_mechanisms
        self.passwords = dict(PASSWORDS if passwords is None else passwords)
        self.directory = None
        self.ports = {}
        self._children = []

    def __enter__(self):
        for attempt in range(3):
            try:
                self._start()
                return self
            except RuntimeError:  # most likely a port was taken between choosing it and listening on it
                log = self.log()
                self.stop()
                if attempt == 2:
                    raise RuntimeError(f"Postfix and Dovecot did not start:\n{log}") from None

    def __exit__(self, *_):
        self.stop()

    @property
    def ca_file(self):
        return os.path.join(self.directory, "ca", "ca.pem")

    def maildir(self, user):
        return os.path.join(self.directory, "mail", user, "new")

    def messages(self, user, count, seconds=10):
        """The messages in a mailbox as bytes, oldest first, once there are `count` of them."""
        end = time.monotonic() + seconds
        while True:
            files = sorted(glob.glob(os.path.join(self.maildir(user), "*")), key=os.path.getmtime)
            if len(files) >= count:
                break
            if time.monotonic() > end:
                raise TimeoutError(f"{len(files)} of {count} messages for {user} after {seconds} s\n{self.log()}")
            time.sleep(0.02)
        found = []
        for file in files:
            with open(file, "rb") as message:
                found.append(message.read())
        return found

    def empty_mailboxes(self):
        """Takes away all mail that has arrived, so that the next test counts from zero."""
        for file in glob.glob(os.path.join(self.directory, "mail", "*", "*", "*")):
            os.remove(file)

    def log(self, lines=40):
        """The last lines of both servers' logs."""
        text = []
        for file in sorted(glob.glob(os.path.join(self.directory or "/nonexistent", "log", "*"))):
            with open(file, encoding="utf-8", errors="replace") as log:
                text += log.readlines()[-lines:]
        return "".join(text)

    def _start(self):
        self.ports = dict(zip(PORTS, free_ports(len(PORTS))))
        self.directory = tempfile.mkdtemp(prefix="rig-")
        os.chmod(self.directory, 0o755)  # the servers' own users walk through it
        self._prepare()
        log = open(os.path.join(self.directory, "log", "output"), "ab")
        with log:
            for command in ([DOVECOT, "-F", "-c", os.path.join(self.directory, "dovecot.conf")],
                            [MASTER, "-c", os.path.join(self.directory, "postfix"), "-d"]):
                self._children.append(subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                    env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}))
        for name in ("imap", "mx", "starttls"):
            self._wait_for_greeting(self.ports[name])

    def _prepare(self):
        mail = pwd.getpwnam("mail")
        postfix = pwd.getpwnam("postfix")
        for folder in ("ca", "log", "mail", "dovecot", "data", "queue", "postfix"):
            os.mkdir(os.path.join(self.directory, folder))
        os.chmod(os.path.join(self.directory, "dovecot"), 0o755)
        os.chown(os.path.join(self.directory, "mail"), mail.pw_uid, mail.pw_gid)
        os.chown(os.path.join(self.directory, "data"), postfix.pw_uid, -1)
        for folder in configuration.QUEUES:
            path = os.path.join(self.directory, "queue", folder)
            os.mkdir(path, 0o700)
            if folder != "pid":
                os.chown(path, postfix.pw_uid, -1)
            if folder == "public":
                os.chmod(path, 0o755)
        configuration.make_certificates(os.path.join(self.directory, "ca"))
        configuration.write(self.directory, self.ports, self.passwords, self.size_limit, mail, self.introspection_url,
                            self.token_mechanisms)

    def _wait_for_greeting(self, port, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if any(child.poll() is not None for child in self._children):
                raise RuntimeError("a server ended while it was starting")
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
                    greeting = connection.recv(1024)
                    connection.sendall(b"QUIT\r\n" if greeting.startswith(b"220") else b"a LOGOUT\r\n")
                    while connection.recv(1024):  # a server that is still starting takes seconds to stop
                        pass
                    if greeting:
                        return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"no greeting on port {port}")

    def stop(self):
        """Ends both servers with all their processes and removes the directory. May be called twice."""
        for child in reversed(self._children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in reversed(self._children):
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            try:  # what a killed master may have left: the group is ours, made by start_new_session
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self._children = []
        if self.directory:
            shutil.rmtree(self.directory, ignore_errors=True)
            self.directory = None
            release(self.ports.values())


def trusting_context(ca_file):
    """A TLS context that trusts only the rig's CA, for clients written in Python."""
    return ssl.create_default_context(cafile=ca_file)
