"""The project is formatted; and the checks of style bite."""

import json
import os
import shutil
import tempfile
import unittest

import batches
import style
import tree


class Format(tree.Fence):
    def test_is_that_of_the_style_file(self):
        self.holds(style.format_violations(tree.ROOT))

    def test_of_a_file_that_is_not_formatted_is_found(self):
        with open(os.path.join(tree.ROOT, ".clang-format"), encoding="utf-8") as file:
            settings = file.read()
        self.bites(style.format_violations, {".clang-format": settings, "sdk/a.cpp": "int  a ;\n",
                                             "sdk/b.cpp": "int b;\n"}, ["sdk/a.cpp: is not"])


class Tidy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = os.path.realpath(folder.name)
        shutil.copy(os.path.join(tree.ROOT, ".clang-tidy"), self.root)
        os.mkdir(os.path.join(self.root, "sdk"))
        self.write("sdk/bad.cpp", "#include <string>\n#include <utility>\nint f() {\n    std::string a = \"a\";\n"
                                  "    std::string b = std::move(a);\n    return int(a.size() + b.size());\n}\n")
        self.write("sdk/good.cpp", "int g() { return 1; }\n")
        self.compiled("sdk/bad.cpp", "sdk/good.cpp", "/usr/include/stdio.h")

    def compiled(self, *names, flags=""):
        self.write("compile_commands.json", json.dumps(
            [{"directory": self.root, "file": name, "command": f"c++ -std=c++20 {flags} -o x.o -c {name}"} for name in names]))

    def found(self, *names, **more):
        """What clang-tidy finds in these files, as one text."""
        self.compiled(*names, **more)
        return "\n".join(batches.violations(self.root, self.root, list(names)))

    def write(self, name, text):
        with open(os.path.join(self.root, name), "w", encoding="utf-8") as file:
            file.write(text)

    def test_finds_a_use_after_move_and_only_that(self):
        names = style.sources(self.root, self.root)
        self.assertEqual(["sdk/bad.cpp", "sdk/good.cpp"], names)
        found = list(batches.violations(self.root, self.root, names))
        self.assertEqual(1, len(found))
        self.assertIn("bugprone-use-after-move", found[0])

    def test_separates_files_that_do_not_compile_together(self):
        self.write("sdk/first.cpp", "namespace {\nint own() { return 1; }\n}\nint first() { return own(); }\n")
        self.write("sdk/second.cpp", "namespace {\nint own() { return 2; }\n}\nint second() { return own(); }\n")
        self.assertEqual("", self.found("sdk/first.cpp", "sdk/good.cpp", "sdk/second.cpp"))
        found = self.found("sdk/first.cpp", "sdk/second.cpp", "sdk/bad.cpp")
        self.assertIn("sdk/bad.cpp:6:", found)
        self.assertNotIn("own", found)

    def test_reports_what_does_not_compile_at_all(self):
        self.write("sdk/broken.cpp", "int broken() { return nothing; }\n")
        self.assertIn("sdk/broken.cpp:1:", self.found("sdk/broken.cpp", "sdk/good.cpp"))

    def test_finds_an_unused_using_declaration_although_another_file_uses_the_same(self):
        for name, used in (("uses", "vector<int>().size()"), ("not", "0")):
            self.write(f"sdk/{name}.cpp", f"#include <vector>\nnamespace {name}_here {{\nusing std::vector;\n"
                                          f"unsigned long f() {{ return {used}; }}\n}}\n")
        found = self.found("sdk/uses.cpp", "sdk/not.cpp")
        self.assertIn("sdk/not.cpp:3:", found)
        self.assertNotIn("sdk/uses.cpp:3:", found)

    def test_leaves_precompiled_headers_of_the_compiler_alone(self):
        flags = "-Winvalid-pch -include /nowhere/cmake_pch.hxx"
        self.assertEqual("", self.found("sdk/good.cpp", flags=flags))
        self.assertIn("bugprone-use-after-move", self.found("sdk/bad.cpp", "sdk/good.cpp", flags=flags))

    def test_takes_the_source_of_a_changed_header(self):
        self.assertEqual(["sdk/good.cpp"], style.sources(self.root, self.root, ["sdk/good.hpp", "sdk/README.md"]))


if __name__ == "__main__":
    unittest.main()
