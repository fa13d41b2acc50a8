"""`wfc panel` and components that nobody has seen yet: each gets a panel that works or one sentence. Arguments: --build DIR."""

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

from invoke import require, sanitizer_options

ARGUMENTS = None
SECRET = {"type": "object", "required": ["$secret"], "properties": {"$secret": {"type": "string"}}, "additionalProperties": False}
KEY = {"$ref": "#/definitions/secret", "x-secret": True, "writeOnly": True}
TEXT = {"type": "string"}


def closed(properties, **more):
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


def document(properties, **more):
    return closed(properties, definitions={"secret": SECRET}, **more)


def choice(*branches, **more):
    """A choice by "kind" of a, b, …; each branch the properties beside it."""
    return {"type": "object", "x-choice": "kind", **more, "oneOf": [
        closed({"kind": {"type": "string", "const": chr(ord("a") + index)}, **each}, required=["kind"])
        for index, each in enumerate(branches)]}


def whole(schema):
    return {**schema, "definitions": {"secret": SECRET}}


TREE = {"tree": closed({"left": {"$ref": "#/definitions/tree"}, "right": {"$ref": "#/definitions/tree"}})}

# What is odd about the settings → the names of the fields that come of it.
FITS = {
    "nothing at all": (document({}), []),
    "a number that is no whole one": (document({"size": {"type": "number", "default": 0.5}}), ["size"]),
    "numbers to choose from": (document({"size": {"enum": [1, 2.5, True, None, "x"]}}), ["size"]),
    "members that begin with digits": (document({"2fa": TEXT, "_x": TEXT, "a-b": TEXT}), ["settings_2fa", "settings__x", "a_b"]),
    "members of every object": (document({name: TEXT for name in ("toString", "constructor", "valueOf", "hasOwnProperty")}),
                                [f"settings_{name}" for name in ("toString", "constructor", "valueOf", "hasOwnProperty")]),
    "members of every node": (document({"id": TEXT, "wires": TEXT, "account": TEXT}),
                              ["settings_id", "settings_wires", "settings_account"]),
    "words of JavaScript": (document({name: TEXT for name in ("class", "function", "var", "default", "true", "null", "new")}),
                            ["class", "function", "var", "default", "true", "null", "new"]),
    "letters that are none of ASCII": (document({"größe": TEXT}), ["gr____e"]),
    "a choice at the root": (whole(choice({"town": TEXT}, {"town": TEXT, "key": KEY})), ["kind", "town", "key"]),
    "a reference at the root": ({"$ref": "#/definitions/all", "definitions": {"all": closed({"town": TEXT})}}, ["town"]),
    "a choice that may stay open": (document({"w": choice({"town": TEXT}, {"town": TEXT})}), ["w_kind", "w_town"]),
    "what has one value and must be there": (document({"v": {"const": 2}, "town": TEXT}, required=["v"]), ["v", "town"]),
    "what contains itself in a list": ({**document({"t": {"$ref": "#/definitions/list"}}), "definitions": {
        "list": closed({"more": {"type": "array", "items": {"$ref": "#/definitions/list"}}})}}, ["t_more"]),
    "ends of scripts": (document({"v": {"type": "string", "enum": ["</script><script>alert(1)", "a'b\"c\\", "\u2028", "-->"]}}),
                        ["v"]),
    "a yes or no that must be told": (document({"really": {"type": "boolean"}}, required=["really"]), ["really"]),
}

# What is odd → how the sentence about it begins, after the name of the tool.
REFUSED = {
    "a secret in the node": ({"input": document({"key": KEY})}, "input /key: only settings can hold secrets"),
    "a secret in a form": ({"form": document({"key": KEY})}, "ask /key: only settings can hold secrets"),
    "a secret in a list": ({"settings": document({"users": {"type": "array", "items": closed({"key": KEY})}})},
                           "settings /users: has a secret in it"),
    "a secret and a text under one name": ({"settings": document({"w": choice({"town": TEXT}, {"town": KEY})})},
                                           "settings /w/town: the branches of a choice differ in the kind"),
    "two lengths under one name": (
        {"settings": document({"w": choice({"town": {**TEXT, "maxLength": 3}}, {"town": {**TEXT, "maxLength": 4}})})},
        "settings /w/town: the branches of a choice differ in the maxLength"),
    "a tree": ({"settings": {**document({"t": {"$ref": "#/definitions/tree"}}), "definitions": TREE}},
               "settings /t/left: is a part of itself"),
    "too many values": ({"settings": document({"v": {"enum": [f"value {index}" for index in range(40_000)]}})},
                        "settings /v: has more than 1000 values"),
    "too many fields": ({"settings": document({f"f{index}": TEXT for index in range(3_000)})},
                        "odd's settings.json has an object with more members"),
    "an empty value": ({"settings": document({"v": {"type": "string", "enum": ["", "a"]}})}, 'settings /v: the value ""'),
    "an option like a field": ({"input": document({"loud": TEXT})}, 'the option "loud" has a name that the field "loud"'),
    "an option like the type of a field": ({"input": document({"lou": TEXT, "town": TEXT}), "option": "lou_type"},
                                           'the option "lou_type" has a name that the field "lou"'),
    "a text that is evaluated": ({"texts": {"component": "See $t(label.account)"}}, "the text label.node of the panel has"),
}


class Odd(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def ended(self, settings=None, input=None, form=None, texts=None, option="loud"):
        component = self.folder / "components/odd"
        shutil.rmtree(component, ignore_errors=True)
        component.mkdir(parents=True)
        manifest = {
            "format": 1, "type": "odd", "version": "1.0.0", "abi": {"major": 1, "minor": 0},
            "library": {"linux-x86_64": "lib.so"}, "settings": "settings.json", "texts": {"en": "en.json"},
            "operations": [{"id": "go", "kind": "flow", "input": "input.json", "ports": ["done", "failed"]},
                           {"id": "ask", "kind": "action", "input": "form.json"}]}
        for name, content in (("component", manifest), ("settings", settings), ("input", input), ("form", form)):
            (component / f"{name}.json").write_text(json.dumps(content or document({})))
        (component / "en.json").write_text(json.dumps(texts or {"component": "Odd"}))
        environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", **sanitizer_options()}
        return subprocess.run(
            [os.path.join(ARGUMENTS.build, "wfc"), "panel", "odd", "--target", "node-red", "--package", "node-red-contrib-odd",
             "--option", option, "--out", str(self.folder / "out"), "--components", str(component.parent)],
            env=environment, text=True, capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)

    def test_what_can_be_shown_has_a_dialog_that_a_browser_reads(self):
        for odd, (settings, names) in FITS.items():
            with self.subTest(odd):
                ended = self.ended(settings)
                self.assertEqual((0, ""), (ended.returncode, ended.stderr))
                page = (self.folder / "out/odd.html").read_text(encoding="utf-8")
                [script] = re.findall(r'<script type="text/javascript">\n(.*?)</script>', page, re.S)
                (self.folder / "script.js").write_text(script, encoding="utf-8")
                checked = subprocess.run(["node", "--check", str(self.folder / "script.js")], capture_output=True, text=True,
                                         timeout=60, check=False)
                self.assertEqual((0, ""), (checked.returncode, checked.stderr))
                fields = json.loads((self.folder / "out/panel.json").read_text())["settings"]["fields"]
                self.assertEqual(names, [field["name"] for field in fields])
                seen = [field["name"] for field in fields if not field.get("written")]
                self.assertEqual(["name", *seen], re.findall(r'<div class="form-row wfc-row" data-field="(\w+)"',
                                                            page.split("</script>")[0]))

    def test_the_rest_is_refused_in_one_sentence(self):
        for odd, (parts, sentence) in REFUSED.items():
            with self.subTest(odd):
                ended = self.ended(**parts)
                self.assertEqual(69, ended.returncode, ended.stderr)
                self.assertTrue(ended.stderr.startswith(f"wfc: {sentence}"), ended.stderr)
                self.assertEqual(1, ended.stderr.count("\n"))
                self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    require(None if shutil.which("node") else "node is not installed")
    unittest.main(argv=[sys.argv[0], *rest])
