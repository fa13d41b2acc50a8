"""Lets a copy of examples/flows run on this machine: its accounts go to the local inbox, and its schedule is short.

Usage: local_flow.py FOLDER PORT EVERY
"""

import json
import pathlib
import sys


def change(path, **members):
    """Replaces members of the document in `path`."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for name, value in members.items():
        document[name] = value
    path.write_text(json.dumps({name: value for name, value in document.items() if value is not None}, indent=2,
                               ensure_ascii=False), encoding="utf-8")


def main():
    folder, port, every = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    server = {"kind": "custom", "host": "localhost", "port": port, "security": "starttls"}
    for account in (folder / "accounts").glob("*.json"):
        change(account, server=server, tls={"ca_file": "ca.pem"})
    change(folder / "daily-report.json", schedule=None, every=every)


main()
