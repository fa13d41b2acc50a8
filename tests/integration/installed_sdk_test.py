"""The SDK as others get it: installed, moved elsewhere, found by find_package(wfc). Arguments: --build DIR."""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
options = argparse.Namespace(build=None)


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def setUpModule():
    global scratch, tree
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="wfc-installed-"))
    unittest.addModuleCleanup(shutil.rmtree, scratch)
    run("cmake", "--install", options.build, "--prefix", scratch / "first")
    tree = scratch / "moved here"
    (scratch / "first").rename(tree)


def project(name, files):
    """A project of its own, configured against the installed tree and built; its build directory."""
    source = scratch / name
    for path, text in files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text, encoding="utf-8")
    return build(source)


def build(source):
    directory = pathlib.Path(tempfile.mkdtemp(dir=scratch))
    sanitizers = re.search(r"^MAILSEND_SANITIZE:\w+=(.*)$", (options.build / "CMakeCache.txt").read_text(), re.M)
    flags = f"-fsanitize={sanitizers[1]}" if sanitizers and sanitizers[1] else ""
    run("cmake", "-S", source, "-B", directory, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={tree}",
        f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}")
    run("cmake", "--build", directory)
    return directory


class Installed(unittest.TestCase):
    def test_the_component_in_c_has_at_most_80_lines(self):
        code = ROOT / "examples" / "minimal-component" / "greet.c"
        self.assertLessEqual(len(code.read_text().splitlines()), 80)

    def test_the_component_in_c_is_built_against_it_and_runs(self):
        source = scratch / "minimal-component"
        shutil.copytree(ROOT / "examples" / "minimal-component", source)
        directory = build(source)
        (scratch / "settings.json").write_text('{"greeting": "Hello"}')
        (scratch / "input.json").write_text('{"name": "Alice"}')
        environment = {**os.environ, "WFC_HOME": str(scratch / "home")}
        said = run(tree / "bin" / "wfc", "invoke", "greet", "hello", "--components", directory / "components",
                   "--settings", scratch / "settings.json", "--input", scratch / "input.json", env=environment)
        self.assertEqual({"format": 1, "outcome": "succeeded", "text": "Hello, Alice!"}, json.loads(said))

    def test_its_tool_finds_the_component_that_was_installed_with_it(self):
        self.assertIn("mail-send", run(tree / "bin" / "wfc", "describe"))

    def test_the_examples_of_the_sdk_readme_are_built_against_it_and_run(self):
        readme = (ROOT / "sdk" / "README.md").read_text(encoding="utf-8")
        blocks = dict(re.findall(r"<!-- (\S+) -->\n```\w*\n(.*?)```", readme, re.S))
        files = {name: blocks[name] for name in ("shout.cpp", "component.json", "host.cpp", "CMakeLists.txt")}
        directory = project("readme", files)
        said = run(directory / "host", directory / "components")
        self.assertEqual({"format": 1, "outcome": "succeeded", "text": "hello!"}, json.loads(said))

    def test_nothing_in_it_points_back_to_where_it_was_built(self):
        for path in tree.rglob("*.cmake"):
            text = path.read_text(encoding="utf-8")
            for place in (str(ROOT), str(options.build), str(scratch)):
                self.assertNotIn(place, text, path)

    def test_an_older_major_version_is_not_taken_for_it(self):
        source = scratch / "older"
        source.mkdir()
        (source / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(x LANGUAGES C)\nfind_package(wfc 2 REQUIRED)\n")
        done = subprocess.run(["cmake", "-S", source, "-B", source / "build", f"-DCMAKE_PREFIX_PATH={tree}"],
                              capture_output=True, text=True)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("wfcConfig.cmake, version: 1.", done.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    options, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
