"""The package as npm and Node-RED's library want it: node-red-dev's checks that need no internet, and what they leave out.

Of node-red-dev 0.1.6: P01 licence, P04 naming, P05 keyword, P06 Node-RED's version, P07 Node's version, N02 examples, D01 to
D03 dependencies. N01 and P08 compare with the catalogue of all published nodes; P03 wants the address of a repository.
Arguments: --build DIR.
"""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from node_red.program import main  # noqa: E402
from node_red.rig import HERE, NODE_RED, PACKAGE, ROOT, TESTS_ONLY, missing, node  # noqa: E402

CHECKS = ("P01", "P04", "P05", "P06", "P07", "N02", "D01", "D02", "D03")


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def keys(catalogue, above=""):
    found = set()
    for key, value in catalogue.items():
        found |= keys(value, f"{above}{key}.") if isinstance(value, dict) else {above + key}
    return found


def examples():
    return {os.path.basename(name): read(name) for name in glob.glob(os.path.join(PACKAGE, "examples", "*.json"))}


class Package(unittest.TestCase):
    def setUp(self):
        self.package = read(PACKAGE, "package.json")

    def test_node_red_dev_has_nothing_to_say_about_it(self):
        with tempfile.TemporaryDirectory() as directory:
            card = os.path.join(directory, "card.json")
            done = subprocess.run(
                [node(), "-r", os.path.join(HERE, "validate.js"),
                 os.path.join(TESTS_ONLY, "node_modules", "node-red-dev", "bin", "run"),
                 "validate", "--path", PACKAGE, "--output", card],
                cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
                env={**os.environ, "HOME": directory, "NODE_RED": NODE_RED, "NODE_RED_TESTS": TESTS_ONLY})
            shown = done.stdout + done.stderr
            self.assertTrue(os.path.exists(card), shown)
            results = read(card)
        self.assertEqual({check: True for check in CHECKS}, {check: results[check]["test"] for check in CHECKS}, shown)
        self.assertEqual(["mail-send"], results["N02"]["nodes"])

    def test_names_keywords_and_licence_are_as_they_should_be(self):
        self.assertEqual("node-red-contrib-mail-send", self.package["name"])
        self.assertIn("node-red", self.package["keywords"])
        self.assertEqual("Apache-2.0", self.package["license"])
        with open(os.path.join(PACKAGE, "LICENSE"), encoding="utf-8") as own, \
                open(os.path.join(ROOT, "LICENSE"), encoding="utf-8") as projects:
            self.assertEqual(projects.read(), own.read())
        self.assertNotIn("dependencies", self.package)
        self.assertNotIn("scripts", self.package)

    def test_it_has_the_version_of_the_component(self):
        self.assertEqual(read(ROOT, "manifests", "component.json")["version"], self.package["version"])
        self.assertEqual(self.package["version"], read(PACKAGE, "panel.json")["version"])

    def test_every_node_has_a_file_and_every_file_that_is_needed_is_packed(self):
        for name in self.package["node-red"]["nodes"].values():
            self.assertTrue(os.path.exists(os.path.join(PACKAGE, name)), name)
        with tempfile.TemporaryDirectory() as home:
            packed = subprocess.run(["npm", "pack", "--dry-run", "--json", "--ignore-scripts", PACKAGE], cwd=home,
                                    env={**os.environ, "HOME": home, "npm_config_cache": home}, capture_output=True,
                                    text=True, timeout=120, check=True)
        names = {each["path"] for each in json.loads(packed.stdout)[0]["files"]}
        there = {os.path.relpath(os.path.join(folder, name), PACKAGE)
                 for folder, _, files in os.walk(PACKAGE) for name in files}
        self.assertEqual(there, names)

    def test_both_languages_have_the_same_words_and_help_for_every_node(self):
        catalogues = {}
        for language in ("en-US", "ja"):
            catalogues[language] = keys(read(PACKAGE, "locales", language, "mail-send.json"))
            with open(os.path.join(PACKAGE, "locales", language, "mail-send.html"), encoding="utf-8") as file:
                helped = re.findall(r"data-help-name=[\"']([^\"']+)", file.read())
            self.assertEqual(["mail-send", "mail-send-account"], sorted(helped))
        self.assertEqual(catalogues["en-US"], catalogues["ja"])

    def test_the_examples_are_those_that_the_readme_names(self):
        self.assertEqual(["alert-with-inline-image.json", "daily-report.json", "failure-branch.json", "oauth2-account.json"],
                         sorted(examples()))

    def test_ids_of_examples_are_unique_and_lead_somewhere(self):
        seen = {}
        for name, flow in examples().items():
            own = {each["id"] for each in flow}
            for each in flow:
                self.assertNotIn(each["id"], seen, f"{name} and {seen.get(each['id'])}")
                seen[each["id"]] = name
                targets = [target for wire in each.get("wires", []) for target in wire]
                for target in [*targets, each.get("z", each["id"]), each.get("account", each["id"])]:
                    self.assertIn(target, own, f"{name}: {each['id']}")

    def test_examples_hold_known_fields_and_no_secret(self):
        panel = read(PACKAGE, "panel.json")
        secrets = {field["name"] for field in panel["settings"]["fields"] if field["kind"] == "secret"}
        settings = {field["name"] for field in panel["settings"]["fields"]} - secrets
        fields = {field["name"] for field in panel["input"]["fields"]}
        for name, flow in examples().items():
            for each in flow:
                self.assertNotIn("credentials", each, name)
                if each["type"] == panel["account"]:
                    self.assertEqual(set(), set(each) - settings - {"id", "type", "name", "language"}, name)
                if each["type"] == panel["node"]:
                    known = fields | {field + "_type" for field in fields}
                    self.assertEqual(set(), set(each) - known - {
                        "id", "type", "z", "name", "account", "outputs", "x", "y", "wires"}, name)
                    self.assertEqual((len(panel["ports"]),) * 2, (each["outputs"], len(each["wires"])), name)


if __name__ == "__main__":
    main(missing(tests_only=True))
