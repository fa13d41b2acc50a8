"""clang-tidy over many sources in little time: those of one folder that are compiled alike are read as one source.

Most of what clang-tidy takes goes into the headers, again for each file that includes them; a folder at once has them once.
Guarantees the findings of one run for each file: sources that do not compile together (two have something of the same name)
are separated, and the check that the rest of a batch can blind, whether a using-declaration is used, runs file by file.
It does not see that a file lacks an include which another of its batch has; a build without precompiled headers does.
"""

import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import tempfile

BATCH = 25
WORKERS = 2
FILE_BY_FILE = "misc-unused-using-decls"
USING = re.compile(r"^\s*using\s+(?!namespace\b)[\w:]+\s*[;,]", re.MULTILINE)
DOES_NOT_COMPILE = re.compile(r"^(\S[^:\n]*):\d+:\d+: error: .*\[clang-diagnostic-error\]$", re.MULTILINE)
ANY_CHECK = "-*,cert-msc50-cpp"  # clang-tidy wants one; this one costs nothing


def flags_of(entry):
    """The arguments of an entry of compile_commands.json: without its input, its output and GCC's precompiled header."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    kept = []
    rest = iter(words[1:])
    for word in rest:
        if word in ("-o", "-c"):
            next(rest)
        elif word == "-include":
            header = next(rest)
            if not header.endswith("cmake_pch.hxx"):
                kept += [word, header]
        elif word != "-Winvalid-pch":
            kept.append(word)
    return tuple(kept)


class Tidy:
    """Runs clang-tidy with commands of its own, which it keeps in a folder that is there as long as it is used as a context."""

    def __init__(self, root, build):
        self.root = os.path.realpath(root)
        with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
            entries = json.load(file)
        self.commands = {}
        for entry in entries:
            path = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
            self.commands.setdefault(os.path.relpath(path, self.root), (entry["directory"], flags_of(entry)))

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *problem):
        self.folder.cleanup()

    def batches(self, names):
        """The names, those of a batch together."""
        alike = {}
        for name in names:
            apart = name if name.endswith(".c") else os.path.dirname(name)
            alike.setdefault((apart, self.commands[name]), []).append(name)
        return [found[start:start + BATCH] for found in alike.values() for start in range(0, len(found), BATCH)]

    def run(self, names, checks=None):
        """The ending of clang-tidy on the names as one source, and what it said."""
        directory, flags = self.commands[names[0]]
        with tempfile.TemporaryDirectory(dir=self.folder.name) as folder:
            source = os.path.join(self.root, names[0])
            if len(names) > 1:
                source = os.path.join(folder, "batch.cpp")
                with open(source, "w", encoding="utf-8") as file:
                    file.writelines(f'#include "{self.root}/{name}"  // NOLINT(bugprone-suspicious-include)\n'
                                    for name in names)
            with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
                json.dump([{"directory": directory, "file": source, "arguments": ["c++", *flags, "-c", source]}], file)
            done = subprocess.run(
                ["clang-tidy", "--quiet", "-p", folder, f"--config-file={self.root}/.clang-tidy",
                 "--extra-arg=-Wno-unknown-warning-option",  # the build may be GCC's, with warnings of its own
                 "--extra-arg=-ferror-limit=0", *([f"--checks={checks}"] if checks else []), source],
                cwd=self.root, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def compiling_together(self, names):
        """The names in as many lists as it takes for each to compile as one source."""
        if len(names) == 1:
            return [names]
        code, said = self.run(names, ANY_CHECK)
        broken = {os.path.relpath(os.path.realpath(path), self.root) for path in DOES_NOT_COMPILE.findall(said)}
        if code == 0 and not broken:
            return [names]
        apart = [name for name in names if name in broken]
        if len(apart) in (0, len(names)):
            apart = names[len(names) // 2:]
        return [*self.compiling_together([name for name in names if name not in apart]), *self.compiling_together(apart)]

    def violations(self, names):
        """What clang-tidy finds in a batch: one text for each list of files that compiles, where it has something to say."""
        found = []
        for together in self.compiling_together(names):
            code, said = self.run(together)
            if code != 0:
                found.append(f"{' '.join(together)}:\n{said}")
            if len(together) > 1:
                found += self.file_by_file(together)
        return found

    def file_by_file(self, names):
        """The using-declarations that no code of their own file uses."""
        found = []
        for name in names:
            with open(os.path.join(self.root, name), encoding="utf-8") as file:
                if not USING.search(file.read()):
                    continue
            code, said = self.run([name], f"-*,{FILE_BY_FILE}")
            if code != 0:
                found.append(f"{name}:\n{said}")
        return found


def violations(root, build, names):
    """What clang-tidy finds in the named sources, as it is found: texts that name the file and the line."""
    with Tidy(root, build) as tidy, concurrent.futures.ThreadPoolExecutor(max_workers=WORKERS) as pool:
        batches = sorted(tidy.batches(names), key=len, reverse=True)
        for found in pool.map(tidy.violations, batches):
            yield from found
