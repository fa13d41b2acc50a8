"""clang-format over the project's own C and C++ files, and which of them clang-tidy is for (batches.py runs it)."""

import json
import os
import subprocess

import tree


def format_violations(root):
    """Files that clang-format would change."""
    names = tree.code(root)
    found = []
    for start in range(0, len(names), 50):
        result = subprocess.run(["clang-format", "--dry-run", "-Werror", "--style=file", *names[start:start + 50]],
                                cwd=root, capture_output=True, text=True)
        if result.returncode != 0:
            broken = dict.fromkeys(line.split(":")[0] for line in result.stderr.splitlines() if ": error: " in line)
            found += [f"{name}: is not as .clang-format wants it; run clang-format -i {name}" for name in broken]
            if not broken:
                found.append(f"clang-format failed: {result.stderr}")
    return found


def changed(root):
    """Files that differ from the last commit but one, or from where this branch left main; all where git cannot say."""
    def git(*arguments):
        result = subprocess.run(["git", "-C", root, "-c", f"safe.directory={root}", *arguments],
                                capture_output=True, text=True)
        return result.stdout.split("\n")[:-1] if result.returncode == 0 else None

    head = git("rev-parse", "HEAD")
    for base in (git("merge-base", "HEAD", "main"), git("rev-parse", "--verify", "HEAD~1")):
        if base and base != head:
            names = (git("diff", "--name-only", base[0]) or []) + (git("ls-files", "--others", "--exclude-standard") or [])
            return sorted(set(names))
    return tree.files(root)


def sources(root, build, names=None):
    """The compiled files of the product, of `names` if given; a header stands for the source of its own name."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        compiled = {os.path.relpath(os.path.realpath(os.path.join(entry["directory"], entry["file"])),
                                    os.path.realpath(root)) for entry in json.load(file)}
    own = {name for name in compiled if name.startswith(("sdk/", "plugin/", "examples/"))
           and name.endswith((".c", ".cpp"))}
    if names is None:
        return sorted(own)
    stems = {os.path.splitext(name)[0] for name in names if name.endswith(tree.NATIVE)}
    return sorted(name for name in own if os.path.splitext(name)[0] in stems)
