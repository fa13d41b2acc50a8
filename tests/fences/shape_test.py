"""Fences of shape and words: they hold for the project, and they bite."""

import unittest

import shape
import tree
import words


class TopLevel(tree.Fence):
    def test_holds_only_what_is_expected(self):
        self.holds(shape.top_level(tree.ROOT))

    def test_a_stray_file_is_found(self):
        self.bites(shape.top_level, {"notes.txt": "", "plugin/a.cpp": "", ".gitignore": ""}, ["notes.txt"])


class CodeFiles(tree.Fence):
    def test_have_at_most_300_lines(self):
        self.holds(shape.lengths(tree.ROOT))

    def test_a_file_of_301_lines_is_found(self):
        self.bites(shape.lengths, {"sdk/a.cpp": "\n" * 301, "sdk/b.cpp": "\n" * 300, "sdk/data.json": "\n" * 999},
                   ["sdk/a.cpp: 301 lines"])

    def test_do_not_use_the_standard_regex(self):
        self.holds(words.standard_regex(tree.ROOT))

    def test_a_standard_regex_is_found(self):
        self.bites(words.standard_regex, {"sdk/a.cpp": "#include <regex>\nstd::regex r;\nstd :: wregex w;\nRE2 s;\n"},
                   ["sdk/a.cpp:1", "sdk/a.cpp:2", "sdk/a.cpp:3"])


class Readmes(tree.Fence):
    def test_are_short_and_parallel(self):
        self.holds(shape.readmes(tree.ROOT))

    def test_a_heading_that_one_language_lacks_is_found(self):
        self.bites(shape.readmes, {"README.md": "# A\n```\n# not a heading\n```\n## B\n", "README.ja.md": "# A\n"},
                   ["README.ja.md: the outline # differs from that of README.md, # ``` ##"])

    def test_have_no_place_left_to_fill_in(self):
        self.holds(shape.placeholders(tree.ROOT))

    def test_a_placeholder_is_found(self):
        self.bites(shape.placeholders, {"README.md": "a@example.test\n@" "FIGURES@\n", "README.ja.md": "x\n"},
                   ["README.md:2: '@" "FIGURES@'"])

    def test_a_long_one_is_found(self):
        self.bites(shape.readmes, {"README.md": "x\n" * 321}, ["README.md: 321 lines"])


class UnitTests(tree.Fence):
    def test_mirror_the_folders_of_the_source(self):
        self.holds(shape.untested(tree.ROOT))

    def test_a_folder_without_tests_is_found(self):
        self.bites(shape.untested, {"plugin/a/a.cpp": "", "plugin/module.cpp": "", "sdk/b/b.cpp": "", "sdk/c/c.hpp": "",
                                    "tests/unit/sdk/b/CMakeLists.txt": "", "tests/unit/sdk/b/b_test.cpp": ""},
                   ["plugin/a: has no tests in tests/unit/plugin/a"])


class Words(tree.Fence):
    def test_of_mail_are_not_in_the_sdk(self):
        self.holds(words.mail_in_sdk(tree.ROOT))

    def test_of_mail_are_found_alone_and_in_names(self):
        self.bites(words.mail_in_sdk, {"sdk/a.cpp": "int port;\nint smtp_port;\nclass MailBoxSMTP;\n// The Recipient.\n",
                                       "plugin/a.cpp": "int smtp;\n"},
                   ["sdk/a.cpp:2: 'smtp'", "sdk/a.cpp:3: 'Mail'", "sdk/a.cpp:4: 'Recipient'"])

    def test_of_mail_are_found_in_file_names(self):
        self.bites(words.mail_in_sdk, {"sdk/host/email.hpp": ""}, ["sdk/host/email.hpp:0: 'email'"])

    def test_of_the_workplace_are_not_in_the_tree(self):
        self.holds(words.workplace(tree.ROOT))

    def test_of_the_workplace_are_found(self):
        place = "/".join(("", "home", "somebody", "mail"))
        self.bites(words.workplace, {"a.md": f"see {place}\n", "b.sh": f"cd ${{root}}{place}\n"},
                   [f"a.md:1: '{place[:-3]}'"])


if __name__ == "__main__":
    unittest.main()
