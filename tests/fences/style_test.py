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
        self.write("compile_commands.json", json.dumps(
            [{"directory": self.root, "file": name, "command": f"c++ -std=c++20 -c {name}"}
             for name in ("sdk/bad.cpp", "sdk/good.cpp", "/usr/include/stdio.h")]))

    def write(self, name, text):
        with open(os.path.join(self.root, name), "w", encoding="utf-8") as file:
            file.write(text)

    def test_finds_a_use_after_move_and_only_that(self):
        names = style.sources(self.root, self.root)
        self.assertEqual(["sdk/bad.cpp", "sdk/good.cpp"], names)
        found = list(batches.violations(self.root, self.root, names))
        self.assertEqual(1, len(found))
        self.assertIn("bugprone-use-after-move", found[0])

    def test_finds_it_too_where_two_sources_do_not_compile_together(self):
        self.write("sdk/good.cpp", "static int f() { return 1; }\nint g() { return f(); }\n")
        found = list(batches.violations(self.root, self.root, ["sdk/bad.cpp", "sdk/good.cpp"]))
        self.assertEqual(1, len(found))
        self.assertIn("bugprone-use-after-move", found[0])

    def test_finds_a_name_that_a_source_brings_in_and_does_not_use(self):
        self.write("sdk/good.cpp", "namespace a { int x(); }\nusing a::x;\nint g() { return 1; }\n")
        self.assertIn("misc-unused-using-decls", "".join(batches.violations(self.root, self.root, ["sdk/good.cpp", "sdk/bad.cpp"])))

    def test_takes_the_source_of_a_changed_header(self):
        self.assertEqual(["sdk/good.cpp"], style.sources(self.root, self.root, ["sdk/good.hpp", "sdk/README.md"]))


if __name__ == "__main__":
    unittest.main()
