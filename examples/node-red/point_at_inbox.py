"""Puts the example flow into a Node-RED that has none, and tells its account where the inbox listens now.

Usage: point_at_inbox.py URL FLOWS PORT CA_FILE

What is in Node-RED already stays as it is, but for the port and the CA file of the account "inbox". Credentials go over its
API, so that Node-RED encrypts them before it writes them.
"""

import json
import sys
import urllib.request

ACCOUNT = "example-account"


def ask(url, body=None, kind="full"):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + "/flows", data, {
        "Content-Type": "application/json", "Node-RED-API-Version": "v2", "Node-RED-Deployment-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def main(url, name, port, ca_file):
    there = ask(url)
    flows, kind = there["flows"], "nodes"
    if not any(node["type"] != "tab" for node in flows):
        with open(name, encoding="utf-8") as file:
            flows, kind = json.load(file), "full"
    changed = False
    for node in flows:
        if node["id"] == ACCOUNT and (node["server_port"], node["tls_ca_file"]) != (port, ca_file):
            node.update(server_port=port, tls_ca_file=ca_file)
            changed = True
            if kind == "full":  # the inbox takes any password
                node["credentials"] = {"auth_password": "any-password"}
    if changed:
        ask(url, {"flows": flows, "rev": there["rev"]}, kind)


if __name__ == "__main__":
    main(*sys.argv[1:])
