"""Every preset validates against its schema, and what it says to people it says in both languages."""
import json
import pathlib
import re
import sys
import unittest

from jsonschema import Draft7Validator

ROOT = pathlib.Path(sys.argv.pop(1)) / "manifests"


def load(name):
    with open(ROOT / name, encoding="utf-8") as file:
        return json.load(file)


def texts(value, path=""):
    """(path, {"en", "ja"}) of every text below `value`."""
    if isinstance(value, dict):
        if "en" in value or "ja" in value:
            yield path, value
            return
        for name, member in value.items():
            yield from texts(member, f"{path}/{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}/{index}")


class Providers(unittest.TestCase):
    def setUp(self):
        schema = load("providers.schema.json")
        Draft7Validator.check_schema(schema)
        self.validator = Draft7Validator(schema)
        self.document = load("providers.json")
        self.providers = self.document["providers"]

    def faults(self, document):
        return [f"{list(fault.path)} {fault.message[:200]}" for fault in self.validator.iter_errors(document)]

    def test_every_provider_is_valid(self):
        self.assertGreaterEqual(len(self.providers), 45)
        self.assertEqual([], self.faults(self.document))

    def test_the_schema_refuses_what_is_wrong(self):
        good = self.providers[0]
        for change in ({"port": 25}, {"checked": "yesterday"}, {"verified": "surely"}, {"name": {"en": "x"}},
                       {"submissions": []}, {"user_name": {"form": "literal"}}, {"user_name": {"form": "any"}},
                       {"host": "Smtp.example.test"}, {"regions": []}, {"default_region": "eu"}, {"source": []},
                       {"writes": {"/server/host": "smtp.example.test"}}, {"writes": {}}, {"locks": ["/server/port"]}):
            with self.subTest(change):
                self.assertNotEqual([], self.faults({**self.document, "providers": [{**good, **change}, *self.providers[1:45]]}))

    def test_every_text_stands_in_both_languages(self):
        count = 0
        for provider in self.providers:
            for path, text in texts(provider):
                count += 1
                with self.subTest(provider["id"] + path):
                    self.assertEqual({"en", "ja"}, set(text))
                    for words in text.values():
                        self.assertEqual(words.strip(), words)
                    if not re.search("name$", path):
                        self.assertRegex(text["ja"], "[\u3040-\u30ff\u4e00-\u9fff]")
                        self.assertNotRegex(text["en"], "[\u3040-\u30ff]")
        self.assertGreater(count, 150)

    def test_what_is_unconfirmed_is_there(self):
        for provider in self.providers:
            for place in provider.get("unconfirmed", []):
                with self.subTest(f"{provider['id']} {place}"):
                    member, _, rest = place.partition("/")
                    self.assertIn(member, provider)
                    inside = provider[member]
                    if not rest:
                        continue
                    if isinstance(inside, dict):
                        self.assertIn(rest, inside)
                    elif rest.isdigit():
                        self.assertLess(int(rest), len(inside))
                    else:
                        self.assertIn(rest, [item["id"] for item in inside])

    def test_notes_call_choices_by_their_names(self):
        for language in ("en", "ja"):
            texts = load(f"text/{language}.json")
            own_details = texts["settings/server/kind.enum.custom"]
            providers = {provider["id"]: provider for provider in self.providers}
            for name in ("zoho", "ionos"):
                self.assertRegex(providers[name]["notes"][language], f'["「]{own_details}["」]')
            yahoo_jp = providers["yahoo-jp"]["name"][language]
            self.assertRegex(providers["yahoo"]["notes"][language], f'["「]{yahoo_jp}["」]')

    def test_no_date_is_of_the_future_of_the_look(self):
        for provider in self.providers:
            for name in provider["source"]:
                if name in self.document["sources"]:
                    self.assertLessEqual(self.document["sources"][name]["date"][:7], provider["checked"][:7])

    def test_the_settings_name_the_file(self):
        branches = load("settings.schema.json")["properties"]["server"]["oneOf"]
        files = [branch["properties"]["provider"]["x-options"] for branch in branches if "provider" in branch["properties"]]
        self.assertEqual(["providers.json"], files)

    def test_providers_that_the_catalogue_of_errors_knows_are_presets(self):
        ids = {provider["id"] for provider in self.providers}
        for fingerprint in load("errors/catalogue.json")["providers"]:
            self.assertLessEqual(set(fingerprint["presets"]), ids, fingerprint["id"])


if __name__ == "__main__":
    unittest.main()
