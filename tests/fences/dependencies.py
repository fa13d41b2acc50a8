"""Who may include what: libraries by folder, and the direction between folders."""

import posixpath
import re

import tree

# Library: how its headers begin, and the folders or files that may include it.
LIBRARIES = {
    "Poco": (r"Poco/", ("plugin/net/", "sdk/host/", "tests/", "examples/")),
    "OpenSSL": (r"openssl/", ("plugin/net/", "plugin/crypto/", "sdk/host/", "tests/", "examples/")),
    "nlohmann": (r"nlohmann/(?!json_fwd\.hpp)", (
        "plugin/settings/", "plugin/template/", "plugin/message/draft_", "plugin/diagnosis/", "plugin/outcome/", "plugin/oauth/", "plugin/ledger/", "plugin/governor/", "plugin/operations/",
        "sdk/manifest/", "sdk/host/", "sdk/flow/", "sdk/loader/", "sdk/metrics/", "sdk/panel/", "sdk/serve/", "sdk/tool/", "sdk/include/wfc/json.hpp", "sdk/include/wfc/json_tree.hpp", "tests/", "examples/")),
    "spdlog": (r"spdlog/", ("sdk/host/", "sdk/tool/")),
    "fmt": (r"fmt/", ("sdk/host/", "sdk/tool/")),
    "c-ares": (r"ares", ("plugin/net/", "tests/")),
    "Hyperscan": (r"hs(_|\.h)", ("plugin/diagnosis/", "tests/")),
    "RE2": (r"re2/", ("tests/",)),
    "gsasl": (r"gsasl", ("plugin/sasl/", "tests/")),
    "libsodium": (r"sodium", ("sdk/host/", "tests/")),
    "SQLite": (r"sqlite3", ("sdk/host/", "tests/")),
    "date": (r"date/", ("sdk/flow/", "tests/")),
    "prometheus": (r"prometheus/", ("sdk/metrics/",)),
}

# What a folder of the plugin may use besides itself and crypto, which every folder may use.
DIRECTION = {
    "outcome": (),
    "crypto": (),
    "diagnosis": ("outcome",),
    "sasl": ("outcome",),
    "message": ("outcome", "template"),
    "template": (),
    "settings": ("outcome", "message", "template", "sasl"),
    "net": ("outcome",),
    "smtp": ("net", "sasl", "outcome", "message"),
    "oauth": ("net", "outcome"),
    "ledger": ("net", "outcome", "message"),
    "governor": ("net", "outcome"),
    "api": ("net", "oauth", "outcome", "message"),
    "delivery": ("smtp", "api", "net", "oauth", "sasl", "message", "settings", "outcome", "diagnosis"),
}


def libraries(root):
    """Libraries stay in their folders."""
    found = []
    for name in tree.code(root):
        for number, included in tree.includes(root, name):
            for library, (headers, allowed) in LIBRARIES.items():
                if re.match(headers, included) and not name.startswith(allowed):
                    found.append(f"{name}:{number}: {library} is included here; it belongs in {', '.join(allowed)}")
    return found


def products(root):
    """The plugin uses nothing of the SDK but wfc/*, and the SDK nothing of the plugin."""
    folders = {part: {posixpath.dirname(name[len(part):]).split("/")[0] for name in tree.code(root, below=part)}
               for part in ("sdk/", "plugin/")}
    found = []
    for name in tree.code(root):
        for number, included in tree.includes(root, name):
            top = included.split("/")[0]
            if name.startswith("plugin/"):
                if top in folders["sdk/"] - folders["plugin/"] - {"include", ""} and "/" in included:
                    found.append(f"{name}:{number}: the plugin includes {included} of the SDK")
            elif name.startswith("sdk/"):
                if top in folders["plugin/"] - folders["sdk/"] - {""} and "/" in included:
                    found.append(f"{name}:{number}: the SDK includes {included} of the plugin")
                if name.startswith("sdk/include/") and "/" in included and top in folders["sdk/"]:
                    found.append(f"{name}:{number}: a public header includes {included}, which is not public")
            if re.search(r"(^|/)\.\.?(/|$)", included):
                found.append(f"{name}:{number}: {included} is a relative path; write it from plugin/ or sdk/")
    return found


def _edges(root):
    folders = {name.split("/")[1] for name in tree.code(root, below="plugin/") if name.count("/") > 1}
    for name in tree.code(root, below="plugin/"):
        user = name.split("/")[1] if name.count("/") > 1 else "operations"  # module.cpp, mail_send.cpp: see all
        for number, included in tree.includes(root, name):
            used = included.split("/")[0]
            if "/" in included and used in folders and used != user:
                yield user, used, f"{name}:{number}"


def direction(root):
    """Folders of the plugin use each other only downwards, and never in a circle."""
    found = []
    uses = {}
    for user, used, where in _edges(root):
        uses.setdefault(user, set()).add(used)
        if user == "operations" or used == "crypto":
            continue
        if user not in DIRECTION:
            found.append(f"{where}: the folder {user} is not known here; say what it may use")
        elif used not in DIRECTION[user]:
            found.append(f"{where}: {user} uses {used}; it may use {', '.join(DIRECTION[user]) or 'nothing'}")
    return found + [f"plugin: circle {circle}" for circle in _circles(uses)]


def _circles(uses):
    found = []
    done = set()

    def walk(folder, path):
        if folder in path:
            found.append(" -> ".join(path[path.index(folder):] + [folder]))
            return
        if folder in done:
            return
        for used in sorted(uses.get(folder, ())):
            walk(used, path + [folder])
        done.add(folder)

    for folder in sorted(uses):
        walk(folder, [])
    return found
