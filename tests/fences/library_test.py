"""Fences of the built files. Arguments: --library FILE --tool FILE, the built component and the tool."""

import argparse
import os
import subprocess
import sys
import tempfile
import unittest

import library
import tree

paths = argparse.Namespace(library=None, tool=None)


class Component(tree.Fence):
    def test_exports_its_entry_alone(self):
        self.holds(library.exports(paths.library))

    def test_needs_no_library_that_belongs_to_a_host(self):
        self.holds([sentence for sentence in library.needed(paths.library) if not sanitizer(sentence)])

    def test_and_tool_are_free_of_the_build_machine(self):
        self.holds(library.run_path(paths.library) + library.run_path(paths.tool))


class Samples(tree.Fence):
    def build(self, text, *flags):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        built = os.path.join(folder.name, "sample.so")
        subprocess.run(["c++", "-shared", "-fPIC", "-x", "c++", "-", "-o", built, *flags], input=text, text=True,
                       check=True)
        return built

    def test_a_second_export_is_found(self):
        built = self.build('extern "C" { int wfc_module_v1; int other; }')
        self.assertIn("other", "".join(library.exports(built)))
        self.assertEqual([], library.exports(self.build('extern "C" { int wfc_module_v1; }')))

    def test_a_unique_symbol_is_found(self):
        built = self.build("inline int &one() { static int value; return value; }\nint use() { return ++one(); }")
        self.assertIn("STB_GNU_UNIQUE", "".join(library.exports(built)))

    def test_a_run_path_into_the_build_tree_is_found(self):
        built = self.build("int a;", "-Wl,-rpath,/somewhere/build:$ORIGIN/../lib")
        self.assertEqual([f"{built}: looks for libraries in /somewhere/build"], library.run_path(built))

    def test_a_forbidden_library_is_found(self):
        built = self.build("int a;", "-Wl,--no-as-needed", "-lfmt")
        self.assertIn("needs libfmt", "".join(library.needed(built)))


def sanitizer(sentence):
    """In a sanitizer's build the component needs the sanitizer, which is right there."""
    return "lib" + "asan" in sentence or "lib" + "tsan" in sentence


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", required=True)
    parser.add_argument("--tool", required=True)
    paths, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
