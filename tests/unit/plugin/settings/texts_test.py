"""Every field, word, operation, port and group of the manifest has a text, in English and in Japanese, and no text is left over."""
import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) / "manifests"
OPTIONAL = (".help", ".placeholder")


def load(name):
    with open(ROOT / name, encoding="utf-8") as file:
        return json.load(file)


MANIFEST = load("component.json")
DOCUMENTS = sorted({name.removesuffix(".schema.json") for name in
                    [MANIFEST["settings"], *(each["input"] for each in MANIFEST["operations"] if "input" in each)]})


def resolved(schema, root):
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    return schema


def words(schema):
    """What a person chooses from: enumerations of strings, and the constants of a choice."""
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return [value for value in values if isinstance(value, str)]


def fields(schema, root, key):
    """(key, schema) of every property below `schema`; list items and branches of a choice add nothing to the key."""
    schema = resolved(schema, root)
    for branch in schema.get("oneOf", []):
        yield from fields(branch, root, key)
    if "items" in schema:
        yield from fields(schema["items"], root, key)
    for name, member in schema.get("properties", {}).items():
        below = f"{key}/{name}"
        yield below, resolved(member, root)
        # A secret and an address are one field each: what they are made of is drawn by the panel.
        drawn = "x-secret" in member or "address" in resolved(member, root).get("properties", {})
        if not drawn:
            yield from fields(member, root, below)


def account_keys(result, settings):
    """Labels of the view "account", and of the words that may stand in it."""
    oauth2 = next(each["properties"] for each in resolved(settings["properties"]["auth"], settings)["oneOf"]
                  if each["properties"]["method"]["const"] == "oauth2")
    members = dict(resolved(result["properties"]["account"], result)["properties"])
    del members["error"]  # has its own explanation
    keys = {"account/" + name for name in members}
    keys |= {f"account/{name}.enum.{word}" for name, member in members.items() if member.get("type") == "boolean"
             for word in ("true", "false")}
    keys |= {f"account/{name}.enum.{word}" for name in ("provider", "grant") for word in oauth2[name]["enum"]}
    basis = ("client_id", "client_secret", "certificate", "tenant", "scopes", "endpoints/token", "publishing")
    return keys | {f"account/changed_since.enum./auth/{name}" for name in basis}


def report_keys(definitions):
    """Names of stages and of those who must act, in the view "report"."""
    return {f"report/{name}.{word}" for name in ("stage", "actor") for word in definitions[name]["enum"]}


def expected():
    keys = {"component", "node", "account", "node/use_headers"}
    for document in DOCUMENTS:
        schema = load(document + ".schema.json")
        keys |= {"groups/" + group for group in schema.get("x-groups", [])}
        for key, member in fields(schema, schema, document):
            keys.add(key)
            keys |= {f"{key}.enum.{word}" for word in words(member)}
    keys |= account_keys(load("result.schema.json"), load("settings.schema.json"))
    keys |= report_keys(load("result.schema.json")["definitions"])
    for operation in MANIFEST["operations"]:
        keys |= {"operations/" + operation["id"]} | {"ports/" + port for port in operation.get("ports", [])}
    return keys


class Texts(unittest.TestCase):
    def setUp(self):
        self.texts = {language: load(f"text/{language}.json") for language in ("en", "ja")}

    def test_both_languages_have_the_same_keys(self):
        self.assertEqual(set(self.texts["en"]), set(self.texts["ja"]))

    def test_nothing_of_the_manifest_lacks_a_text(self):
        keys = expected()
        self.assertGreater(len(keys), 100)
        self.assertEqual(set(), keys - set(self.texts["en"]))

    def test_no_text_is_left_over(self):
        known = expected()
        for key in self.texts["en"]:
            base = next((key.removesuffix(end) for end in OPTIONAL if key.endswith(end)), key)
            self.assertIn(base, known)

    def test_every_field_has_a_help_text(self):
        for document in DOCUMENTS:
            schema = load(document + ".schema.json")
            for key, _ in fields(schema, schema, document):
                self.assertIn(key + ".help", self.texts["en"])

    def test_texts_are_texts(self):
        for language, texts in self.texts.items():
            for key, text in texts.items():
                self.assertIsInstance(text, str, key)
                self.assertEqual(text.strip(), text, f"{language} {key}")
                self.assertNotEqual("", text, f"{language} {key}")
        helps = [text for key, text in self.texts["ja"].items() if key.endswith(".help")]
        for text in helps:
            self.assertRegex(text, "[\u3040-\u30ff\u4e00-\u9fff]")

    def test_japanese_stands_apart_from_latin_letters_and_digits(self):
        japanese = "[\u3005\u3040-\u30fa\u30fc-\u30ff\u4e00-\u9fff]"  # not the dot between words
        tight = re.compile(f"{japanese}[A-Za-z0-9]|[A-Za-z0-9]{japanese}")
        for key, text in self.all_of("ja"):
            self.assertNotRegex(text, tight, key)

    def test_one_thing_has_one_name(self):
        for key, text in self.all_of("en"):
            if key.endswith(".placeholder"):
                continue  # a host called login
            self.assertNotRegex(text, "OAuth(?!2)|[Ll]og ?in|[Aa]pplication password", key)
        for key, text in self.all_of("ja"):
            self.assertNotRegex(text, "OAuth(?!2)|ログイン|アプリ パスワード|アプリケーションパスワード", key)

    def test_braces_of_a_template_hold_the_same_in_both_languages(self):
        for key, text in self.texts["en"].items():
            self.assertEqual(re.findall("{{.*?}}", text), re.findall("{{.*?}}", self.texts["ja"][key]), key)

    def all_of(self, language):
        """(key, text) of the texts in `language`, those of the providers' facts (but for their names) among them."""
        found = list(self.texts[language].items())

        def walk(value, path):
            if isinstance(value, dict) and language in value:
                found.append((path, value[language]))
            elif isinstance(value, dict):
                for name, member in value.items():
                    if name != "name" or "regions" in path:
                        walk(member, f"{path}/{name}")
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    walk(item, f"{path}/{index}")

        walk(load("providers.json")["providers"], "providers")
        return found

    def test_groups_of_fields_are_groups_of_the_panel(self):
        for document in DOCUMENTS:
            schema = load(document + ".schema.json")
            used = {member["x-group"] for member in schema["properties"].values() if "x-group" in member}
            self.assertEqual(set(schema.get("x-groups", [])), used)

    def test_files_of_the_manifest_exist(self):
        named = [MANIFEST["settings"], MANIFEST["icon"], *MANIFEST["texts"].values()]
        for operation in MANIFEST["operations"]:
            named += [operation[role] for role in ("input", "output") if role in operation]
        for name in named:
            self.assertTrue((ROOT / name).is_file(), name)
            self.assertFalse(re.search(r"\.\.|^/", name), name)


if __name__ == "__main__":
    unittest.main()
