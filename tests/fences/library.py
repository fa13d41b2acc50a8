"""What the built files show to the dynamic linker."""

import re
import subprocess

EXPORT = re.compile(r"wfc_module_v\d+")


def _run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exports(library):
    """A component exports one symbol, its entry, with the interface's major in its name; nothing is 'unique'."""
    names = []
    found = []
    for line in _run("nm", "-D", "--defined-only", library).splitlines():
        kind, name = line.split()[-2:]
        names.append(name)
        if kind == "u":
            found.append(f"{library}: {name} is STB_GNU_UNIQUE, so the library could never be unloaded")
    if len(names) != 1 or not EXPORT.fullmatch(names[0].split("@")[0]):
        found.append(f"{library}: exports {', '.join(names) or 'nothing'}; it must export its entry and nothing else")
    return found


def needed(library, forbidden=("spdlog", "fmt", "prometheus", "PocoNetSSL", "PocoXML", "PocoData", "asan", "tsan")):
    """A component needs only libraries that it is meant to use."""
    return [f"{library}: needs {name}" for name in re.findall(r"\(NEEDED\).*\[(.+)\]", _run("readelf", "-dW", library))
            if any(word in name for word in forbidden)]


def run_path(file):
    """No built file looks for libraries in a place of the machine that built it."""
    paths = re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", _run("readelf", "-dW", file))
    return [f"{file}: looks for libraries in {part}" for path in paths for part in path.split(":")
            if not part.startswith("$ORIGIN")]
