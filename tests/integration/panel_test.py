"""`wfc panel`: the committed files are current, and what it makes of a component fits together. Arguments: --build DIR."""

import argparse
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from invoke import ROOT, require, sanitizer_options

ARGUMENTS = None
PACKAGE = pathlib.Path(ROOT, "examples/node-red/node-red-contrib-mail-send")
MAIL = ("mail-send", "node-red-contrib-mail-send", "use_headers")
GREET = ("greet", "node-red-contrib-greet", "loud")


def wfc(*arguments):
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", **sanitizer_options()}
    return subprocess.run([os.path.join(ARGUMENTS.build, "wfc"), "panel", *arguments], env=environment, text=True,
                          capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)


def panel(component, folder, *more):
    name, package, flag = component
    return wfc(name, "--target", "node-red", "--package", package, "--option", flag, "--out", str(folder),
               "--components", os.path.join(ARGUMENTS.build, "components"), *more)


def files_below(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in pathlib.Path(folder).rglob("*") if path.is_file()}


class Page(html.parser.HTMLParser):
    """The parts of a page of Node-RED: templates by name, scripts to load, the script itself."""

    def __init__(self, text):
        super().__init__()
        self.templates, self.loaded, self.script, self.place = {}, [], "", None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag != "script":
            return
        if "src" in given:
            self.loaded.append(given["src"])
        self.place = given.get("data-template-name") or given.get("data-help-name") or "" if "src" not in given else None

    def handle_endtag(self, tag):
        if tag == "script":
            self.place = None

    def handle_data(self, data):
        if self.place == "":
            self.script += data
        elif self.place is not None:
            self.templates[self.place] = self.templates.get(self.place, "") + data


class Rows(html.parser.HTMLParser):
    """What a template refers to; every element is closed in its turn."""

    VOID = {"input", "br", "link"}

    def __init__(self, text):
        super().__init__()
        self.keys, self.ids, self.labels, self.fields, self.open = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in self.VOID:
            self.open.append(tag)
        if "data-i18n" in given:
            self.keys += [re.sub(r"^\[\w+\]", "", key) for key in given["data-i18n"].split(";")]
        self.ids += [given["id"]] if "id" in given else []
        self.labels += [given["for"]] if "for" in given else []
        self.fields += [given["data-field"]] if "data-field" in given else []

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes something else")


def leaves(tree, before=""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{before}{key}.")
        else:
            yield before + key


class Generated:
    """What stands in a package's folder."""

    def __init__(self, folder, name):
        self.folder = pathlib.Path(folder)
        self.table = json.loads((self.folder / "panel.json").read_text(encoding="utf-8"))
        self.page = Page((self.folder / f"{name}.html").read_text(encoding="utf-8"))
        self.catalogues = {language: json.loads((self.folder / f"locales/{language}/{name}.json").read_text(encoding="utf-8"))
                           for language in ("en-US", "ja")}
        self.help = {language: Page((self.folder / f"locales/{language}/{name}.html").read_text(encoding="utf-8")).templates
                     for language in ("en-US", "ja")}

    def registered(self, folder):
        script = pathlib.Path(folder, "script.js")
        script.write_text(self.page.script, encoding="utf-8")
        subprocess.run(["node", "--check", str(script)], check=True, timeout=60)
        program = os.path.join(ROOT, "tests/integration/registered.js")
        ran = subprocess.run(["node", program, str(script)], capture_output=True, text=True, check=True, timeout=60)
        return json.loads(ran.stdout)


class Panel(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def made(self, component):
        out = pathlib.Path(self.folder, component[0])
        ended = panel(component, out)
        self.assertEqual((0, "", ""), (ended.returncode, ended.stdout, ended.stderr))
        return Generated(out, component[0])

    def both(self):
        yield Generated(PACKAGE, MAIL[0])
        yield self.made(GREET)

    def test_the_committed_files_are_current(self):
        ended = panel(MAIL, PACKAGE, "--check")
        self.assertEqual((0, ""), (ended.returncode, ended.stderr), "wfc panel writes them anew; see sdk/README.md")

    def test_two_runs_give_the_same_bytes(self):
        one, two = os.path.join(self.folder, "one"), os.path.join(self.folder, "two")
        for folder in (one, two):
            self.assertEqual(0, panel(GREET, folder).returncode)
        self.assertEqual(files_below(one), files_below(two))
        self.assertIn("greet.html", files_below(one))

    def test_check_names_what_is_stale_and_writes_nothing(self):
        generated = self.made(GREET)
        (generated.folder / "panel.json").write_text("{}")
        (generated.folder / "locales/ja/greet.json").unlink()
        before = files_below(generated.folder)
        ended = panel(GREET, generated.folder, "--check")
        self.assertEqual(1, ended.returncode)
        for name in ("panel.json", "locales/ja/greet.json"):
            self.assertIn(f"wfc: {generated.folder / name} is not what wfc panel writes\n", ended.stderr)
        self.assertEqual(2, ended.stderr.count("\n"))
        self.assertEqual(before, files_below(generated.folder))

    def test_registers_what_the_table_says(self):
        for generated in self.both():
            with self.subTest(generated.table["type"]):
                [ran] = generated.registered(self.folder)
                self.assertEqual(generated.table, ran["panel"])
                account, node = (ran["definitions"][generated.table[each]] for each in ("account", "node"))
                fields = [field for field in generated.table["settings"]["fields"] if not field.get("written")]
                secret = [field["name"] for field in fields if field["kind"] == "secret"]
                plain = [field["name"] for field in fields if field["kind"] != "secret"]
                self.assertEqual({name: {"type": "password"} for name in secret}, account["credentials"])
                self.assertEqual({"name", "language", *plain}, set(account["defaults"]))
                typed = [*(field["name"] for field in generated.table["input"]["fields"]), "call_id"]
                flags = generated.table["flags"]
                self.assertEqual({"name", "account", *typed, *(f"{name}_type" for name in typed), *flags}, set(node["defaults"]))
                self.assertEqual(generated.table["account"], node["defaults"]["account"]["type"])
                self.assertEqual([f"ports.{port}.label" for port in generated.table["ports"]], node["outputLabels"])
                self.assertEqual(["Nora", "label.node"], node["label"])

    def test_every_field_has_one_row_and_every_label_its_control(self):
        for generated in self.both():
            table = generated.table
            for node, form, prefix, more in ((table["account"], "settings", "node-config-input-", ["name"]),
                                             (table["node"], "input", "node-input-",
                                              ["name", "account", "call_id", *table["flags"]])):
                with self.subTest(node):
                    rows = Rows(generated.page.templates[node])
                    fields = [field["name"] for field in table[form]["fields"] if not field.get("written")]
                    self.assertEqual(sorted(fields + more), sorted(rows.fields))
                    self.assertEqual(sorted(set(rows.ids)), sorted(rows.ids))
                    self.assertEqual({prefix + name for name in fields + more}, set(rows.labels))
                    self.assertLessEqual(set(rows.labels), set(rows.ids))
                    self.assertEqual([], rows.open)

    def test_no_key_is_shown_raw(self):
        for generated in self.both():
            keys = {language: set(leaves(catalogue)) for language, catalogue in generated.catalogues.items()}
            self.assertEqual(keys["en-US"], keys["ja"])
            used = [key for template in generated.page.templates.values() for key in Rows(template).keys]
            used += re.findall(r'"((?:label|ports)\.[^"]*)"', generated.page.script)
            self.assertGreater(len(used), 10)
            self.assertEqual(set(), set(used) - keys["ja"])

    def test_words_of_the_scripts_are_in_the_catalogue(self):
        known = set(leaves(Generated(PACKAGE, MAIL[0]).catalogues["ja"]))
        said = set()
        for script in [*PACKAGE.glob("lib/*.js"), *PACKAGE.glob("resources/*.js")]:
            said |= set(re.findall(r"""['"`](panel\.[a-z0-9_-]+\.[a-z0-9_.-]*[a-z0-9])['"`]""", script.read_text(encoding="utf-8")))
        self.assertGreater(len(said), 20)
        self.assertEqual(set(), said - known)

    def test_all_scripts_of_the_package_are_loaded(self):
        generated = Generated(PACKAGE, MAIL[0])
        scripts = sorted(path.name for path in PACKAGE.glob("resources/*.js"))
        self.assertEqual([f"resources/{MAIL[1]}/{name}" for name in scripts], generated.page.loaded)
        self.assertIn("panel.js", scripts)

    def test_help_is_there_in_both_languages(self):
        for generated in self.both():
            for language, pages in generated.help.items():
                with self.subTest(generated.table["type"] + language):
                    self.assertEqual({generated.table["node"], generated.table["account"]}, set(pages))
                    for page in pages.values():
                        self.assertEqual([], Rows(page).open)
                        self.assertIn("<h3>", page)
        self.assertRegex(Generated(PACKAGE, MAIL[0]).help["ja"]["mail-send"], "[\u3040-\u30ff]")

    def test_says_what_is_wrong(self):
        taken = os.path.join(self.folder, "file")
        pathlib.Path(taken).write_text("x")
        for code, sentence, ended in (
                (64, 'there is no target "n8n"; node-red is one',
                 wfc("greet", "--target", "n8n", "--package", "x", "--out", self.folder)),
                (69, 'there is no component "gret" in ', panel(("gret", *GREET[1:]), self.folder)),
                (69, '"No Name" is no name of an npm package', panel(("greet", "No Name", "loud"), self.folder)),
                (69, 'the option "inputs" has a name that the engine uses itself', panel((*GREET[:2], "inputs"), self.folder)),
                (66, "cannot be written", panel(GREET, taken))):
            with self.subTest(sentence):
                self.assertEqual(code, ended.returncode, ended.stderr)
                self.assertIn(sentence, ended.stderr)
                self.assertEqual(1, ended.stderr.count("\n"))
        self.assertEqual(["file"], os.listdir(self.folder))

    def test_a_component_that_cannot_have_a_panel_is_refused_in_one_sentence(self):
        component = pathlib.Path(self.folder, "components/greet")
        shutil.copytree(os.path.join(ROOT, "examples/minimal-component"), component)
        manifest = json.loads((component / "component.json").read_text())
        manifest["operations"].append({"id": "look", "kind": "action", "view": "film"})
        (component / "component.json").write_text(json.dumps(manifest))
        ended = wfc("greet", "--target", "node-red", "--package", "x", "--out", os.path.join(self.folder, "out"),
                    "--components", str(component.parent))
        self.assertEqual(69, ended.returncode)
        self.assertIn('/operations/1/view must be one of "report" "message" "account" "text"', ended.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    require(None if shutil.which("node") else "node is not installed")
    unittest.main(argv=[sys.argv[0], *rest])
