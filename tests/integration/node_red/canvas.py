"""Flows for tests: an account, a mail node with a sink on every port, and a source in front."""

PORTS = ("accepted", "partial", "rejected", "failed", "unknown")
TAB = {"id": "tab", "type": "tab", "label": "test"}


def account(port, node_id="account", host="127.0.0.1", **fields):
    """An account on an inbox: in clear, without a password."""
    return {"id": node_id, "type": "mail-send-account", "name": "inbox", "language": "en", "server_kind": "custom",
            "server_host": host, "server_port": str(port), "server_security": "none", "auth_method": "none",
            "from": "alice@example.test", **fields}


def mail(node_id="mail", wires=None, of="account", **fields):
    """A mail node. `wires`: one list per port; by default each port leads to the sink of its name."""
    return {"id": node_id, "type": "mail-send", "z": "tab", "name": "", "account": of, "outputs": len(PORTS),
            "wires": [[port] for port in PORTS] if wires is None else wires, "x": 200, "y": 100, **fields}


def sinks(*names):
    return [{"id": name, "type": "rig-sink", "z": "tab", "name": name, "x": 400, "y": 60} for name in names]


def source(*targets, node_id="source"):
    return {"id": node_id, "type": "rig-source", "z": "tab", "name": "", "wires": [list(targets)], "x": 60, "y": 100}


def sending(port, wires=None, **fields):
    """The whole: source → mail → a sink for each port, with the account given by the inbox's port."""
    return [TAB, account(port), source("mail"), mail(wires=wires, **fields), *sinks(*PORTS)]
