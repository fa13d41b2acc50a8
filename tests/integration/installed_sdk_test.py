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
    install(scratch / "first")
    tree = scratch / "moved here"
    (scratch / "first").rename(tree)


def install(prefix):
    """What `cmake --install` does, but its list of files goes beside `prefix`: tests at the same time share the build."""
    script = (options.build / "cmake_install.cmake").read_text(encoding="utf-8")
    listed = str(options.build) + "/${CMAKE_INSTALL_MANIFEST}"
    if script.count(listed) != 1:
        raise AssertionError("this version of cmake writes the list of what it installs in another way")
    (scratch / "install.cmake").write_text(script.replace(listed, f"{scratch}/${{CMAKE_INSTALL_MANIFEST}}"))
    run("cmake", f"-DCMAKE_INSTALL_PREFIX={prefix}", "-P", scratch / "install.cmake")


def write(name, files):
    """The folder of a project of its own."""
    source = scratch / name
    for path, text in files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text, encoding="utf-8")
    return source


def configure(name, code, *arguments, languages="C"):
    """The ending of cmake for a project whose CMakeLists.txt goes on with `code`, and all it said on one line."""
    lines = f"cmake_minimum_required(VERSION 3.25)\nproject(x LANGUAGES {languages})\n{code}\n"
    source = write(name, {"CMakeLists.txt": lines, "data": "data"})
    done = subprocess.run(["cmake", "-S", source, "-B", source / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={tree}",
                           *arguments], capture_output=True, text=True)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def build(source):
    directory = pathlib.Path(tempfile.mkdtemp(dir=scratch))
    cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (options.build / "CMakeCache.txt").read_text(), re.M))
    flags = f"-fsanitize={cache['MAILSEND_SANITIZE']}" if cache.get("MAILSEND_SANITIZE") else ""
    run("cmake", "-S", source, "-B", directory, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={tree}",
        *(f"-DCMAKE_{language}_COMPILER={cache[f'CMAKE_{language}_COMPILER']}" for language in ("C", "CXX")),
        *(f"-DCMAKE_{language}_FLAGS={flags}" for language in ("C", "CXX")))
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
        files = dict(re.findall(r"<!-- (\S+) -->\n```\w*\n(.*?)```", readme, re.S))
        self.assertEqual({"shout.cpp", "component.json", "CMakeLists.txt", "keeps.hpp", "host.cpp", "shout_test.cpp"},
                         set(files))
        directory = build(write("readme", files))
        said = run(directory / "host", directory / "components")
        self.assertEqual({"format": 1, "outcome": "succeeded", "text": "hello!"}, json.loads(said))
        run("ctest", "--test-dir", directory, "--no-tests=error")
        environment = {**os.environ, "WFC_HOME": str(scratch / "home")}
        said = run(tree / "bin" / "wfc", "invoke", "shout", "shout", "--components", directory / "components",
                   "--input", "-", input='{"text":"hello"}', env=environment)
        self.assertIn(f"prints `{said.strip()}`", readme)

    def test_its_headers_for_hosts_need_no_others_and_no_language_level_of_their_own(self):
        headers = sorted(str(path.relative_to(tree / "include" / "wfc-sdk"))
                         for path in (tree / "include" / "wfc-sdk").rglob("*.*"))
        self.assertIn("loader/loader.hpp", headers)
        for private in ("manifest/component_path.hpp", "manifest/schema_parts.hpp", "loader/negotiate.hpp"):
            self.assertNotIn(private, headers)
        build(write("headers", {
            "includes.cpp": "".join(f'#include "{header}"\n' for header in headers) +
                            "static_assert(__cplusplus >= 202002L);\nint main() {}\n",
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.25)\nproject(x LANGUAGES CXX)\nfind_package(wfc REQUIRED)\n"
                              "add_executable(includes includes.cpp)\n"
                              "target_link_libraries(includes wfc::loader wfc::testhost)\n"}))

    def test_nothing_in_it_points_back_to_where_it_was_built(self):
        for path in tree.rglob("*.cmake"):
            text = path.read_text(encoding="utf-8")
            for place in (str(ROOT), str(options.build), str(scratch)):
                self.assertNotIn(place, text, path)

    def test_no_program_in_it_looks_for_libraries_where_it_was_built(self):
        programs = [tree / "bin" / "wfc", *(tree / "lib" / "wfc" / "components").rglob("*.so")]
        self.assertEqual(2, len(programs))
        for path in programs:
            self.assertNotRegex(run("readelf", "--dynamic", "--wide", path), r"\(R(UN)?PATH\)", path)

    def test_its_version_is_that_of_the_abi(self):
        header = (tree / "include" / "wfc" / "component.h").read_text(encoding="utf-8")
        major, minor = (int(re.search(rf"#define WFC_ABI_{word} (\d+)u", header)[1]) for word in ("MAJOR", "MINOR"))
        self.assertEqual(0, configure("same", f"find_package(wfc {major}.{minor}.0 EXACT REQUIRED)")[0])
        code, said = configure("older", f"find_package(wfc {major + 1} REQUIRED)")
        self.assertNotEqual(0, code)
        self.assertIn(f"wfcConfig.cmake, version: {major}.{minor}.0", said)


class WithoutNlohmannJson(unittest.TestCase):
    """The C++ parts for hosts read JSON with it; components need it only if they use it themselves."""

    ABSENT = "-DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON"

    def test_a_component_in_cxx_is_built(self):
        code, said = configure("plain", "find_package(wfc 1 REQUIRED)\nif(NOT TARGET wfc::include OR TARGET wfc::loader)\n"
                               "message(FATAL_ERROR wrong)\nendif()", self.ABSENT, languages="CXX")
        self.assertEqual(0, code, said)

    def test_a_host_that_names_its_part_is_told_what_is_missing(self):
        for languages, arguments in (("CXX", [self.ABSENT]), ("C", [])):
            code, said = configure("host-" + languages, "find_package(wfc 1 REQUIRED COMPONENTS loader)", *arguments,
                                   languages=languages)
            self.assertNotEqual(0, code)
            self.assertIn("wfc::loader needs a project with the language CXX, and nlohmann_json 3.11 (Debian: "
                          "nlohmann-json3-dev)", said)
        code, said = configure("unknown", "find_package(wfc 1 REQUIRED COMPONENTS include lodaer)")
        self.assertNotEqual(0, code)
        self.assertIn("wfc has no component lodaer", said)


class EmbedFiles(unittest.TestCase):
    def refused(self, code, languages="C ASM"):
        name = f"embed-{len(list(scratch.glob('embed-*')))}"
        ended, said = configure(name, "find_package(wfc REQUIRED)\nadd_library(x INTERFACE)\n" + code, languages=languages)
        self.assertNotEqual(0, ended, said)
        return said

    def test_needs_the_assembler_and_says_so(self):
        self.assertIn("embed_files(x …) needs an assembler: add ASM to the LANGUAGES of project()",
                      self.refused("embed_files(x a=data)", "C"))

    def test_refuses_what_is_no_symbol_and_file(self):
        for pair in ("data", "=data", "a=", "1a=data", "a-b=data", "a b=data", "../a=data"):
            self.assertIn(f'"{pair}" must be SYMBOL=FILE', self.refused(f'embed_files(x "{pair}")'))
        self.assertIn("names no file", self.refused("embed_files(x)"))
        for missing in ("missing", "."):
            self.assertIn("there is no file", self.refused(f"embed_files(x a={missing})"))

    def test_refuses_a_symbol_twice(self):
        for code in ("embed_files(x a=data a=data)", "embed_files(x a=data)\nembed_files(x b=data a=data)"):
            self.assertIn("the symbol a is embedded twice", self.refused(code))

    def test_adds_to_a_target_as_often_as_it_is_called(self):
        main = """#include <stdio.h>
extern const char first[], first_end[], Second_2[], Second_2_end[];
int main(void) {
    printf("%.*s%.*s", (int)(first_end - first), first, (int)(Second_2_end - Second_2), Second_2);
}
"""
        directory = build(write("twice", {
            "main.c": main, "1.txt": "one ", "a file": "two",
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.25)\nproject(twice LANGUAGES C ASM)\n"
                              "find_package(wfc 1 REQUIRED)\nadd_executable(twice main.c)\n"
                              'embed_files(twice first=1.txt)\nembed_files(twice "Second_2=a file")\n'}))
        self.assertEqual("one two", run(directory / "twice"))

    def test_embeds_what_a_command_makes_and_again_when_that_changes(self):
        main = """#include <stdio.h>
extern const char made[], made_end[];
int main(void) { printf("%.*s", (int)(made_end - made), made); }
"""
        source = write("made", {
            "main.c": main, "words": "first",
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.25)\nproject(made LANGUAGES C ASM)\n"
                              "find_package(wfc 1 REQUIRED)\nadd_executable(made main.c)\n"
                              "set(out ${CMAKE_CURRENT_BINARY_DIR}/copy)\n"
                              "add_custom_command(OUTPUT ${out} DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/words\n"
                              "  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/words ${out})\n"
                              "embed_files(made made=${out})\n"})
        directory = build(source)
        self.assertEqual("first", run(directory / "made"))
        (source / "words").write_text("and another")
        run("cmake", "--build", directory)
        self.assertEqual("and another", run(directory / "made"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    options, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
