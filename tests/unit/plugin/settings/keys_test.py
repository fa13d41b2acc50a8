"""One table of keys drives schema, parser and texts of the settings; this half asks the schema and the texts, and that none has a
key more than the table."""
import copy
import json
import pathlib
import sys
import unittest

from jsonschema import Draft7Validator

ROOT = pathlib.Path(sys.argv.pop(1))


def load(path):
    with open(ROOT / path, encoding="utf-8") as file:
        return json.load(file)


TABLE = load("tests/unit/plugin/settings/keys.json")
SCHEMA = load("manifests/settings.schema.json")


def with_key(row, value):
    """The settings of the row's base with its good or bad value."""
    settings = copy.deepcopy(TABLE["bases"][row["base"]])
    *parents, last = row["key"].split("/")[1:]
    at = settings
    for name in parents:
        at = at[int(name)] if isinstance(at, list) else at.setdefault(name, {})
    at[last] = row[value]
    return settings


def resolved(schema):
    while "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    return schema


def keys(schema, key=""):
    """(key, property) of everything below `schema`; items of a list have the key of the list."""
    schema = resolved(schema)
    for branch in schema.get("oneOf", []):
        yield from keys(branch, key)
    if "items" in schema:
        yield from keys(schema["items"], key)
    for name, member in schema.get("properties", {}).items():
        below = f"{key}/{name}"
        yield below, member
        # A secret and an address are one key each.
        if "x-secret" not in member and "address" not in resolved(member).get("properties", {}):
            yield from keys(member, below)


def without_index(key):
    return key.replace("/0/", "/")


class Keys(unittest.TestCase):
    def test_schema_and_table_have_the_same_keys(self):
        table = [without_index(row["key"]) for row in TABLE["keys"]]
        self.assertEqual(len(table), len(set(table)), "a key stands twice")
        self.assertEqual(set(table), {key for key, _ in keys(SCHEMA)})

    def test_texts_and_table_have_the_same_keys(self):
        endings = (".help", ".placeholder")
        for language in ("en", "ja"):
            texts = load(f"manifests/text/{language}.json")
            own = {key.removeprefix("settings") for key in texts
                   if key.startswith("settings/") and ".enum." not in key and not key.endswith(endings)}
            self.assertEqual({without_index(row["key"]) for row in TABLE["keys"]}, own, language)
            for row in TABLE["keys"]:
                self.assertIn(f"settings{without_index(row['key'])}.help", texts, language)

    def test_a_full_validator_judges_every_key_as_the_table_says(self):
        Draft7Validator.check_schema(SCHEMA)
        validator = Draft7Validator(SCHEMA)
        for row in TABLE["keys"]:
            with self.subTest(row["key"]):
                self.assertEqual([], [fault.message for fault in validator.iter_errors(with_key(row, "good"))])
                self.assertEqual(row.get("beyond_schema", False), validator.is_valid(with_key(row, "bad")))

    def test_every_key_that_holds_a_secret_is_marked_and_no_other(self):
        marked = {key for key, member in keys(SCHEMA) if member.get("x-secret")}
        table = {row["key"] for row in TABLE["keys"]
                 if isinstance(row["good"], dict) and set(row["good"]) == {"$secret"}}
        self.assertEqual(table, marked)

    def test_defaults_stand_where_leaving_out_means_a_value(self):
        # The port has none: left out, it depends on the security (465 or 587).
        defaults = {key: member["default"] for key, member in keys(SCHEMA) if "default" in member}
        self.assertEqual(defaults, {
            "/server/security": "auto", "/auth": {"method": "none"}, "/auth/allow_cleartext": False,
            "/delivery/on_partial": "report", "/delivery/deadline": "5m",
            "/delivery/attempts": 4, "/delivery/messages_per_connection": 100, "/delivery/idle_timeout": "10s",
            "/delivery/pipelining": "on", "/delivery/chunking": "on", "/delivery/in_flight": 8, "/delivery/dsn": "off",
            "/delivery/ledger": "on", "/delivery/ledger_retention": "30d",
            "/delivery/on_unknown": "report", "/privacy/hide_addresses": False, "/language": "en",
            "/message/priority": "normal", "/tls/min_version": "1.2", "/timeouts/connect": "10s",
            "/timeouts/greeting": "30s", "/timeouts/command": "60s", "/timeouts/data": "10m"})


if __name__ == "__main__":
    unittest.main()
