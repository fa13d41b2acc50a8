"""The schemas judge the table of cases as it says; a full draft-07 validator is the judge."""
import json
import pathlib
import sys
import unittest

from jsonschema import Draft7Validator

ROOT = pathlib.Path(sys.argv.pop(1))
CASES = ROOT / "tests/unit/plugin/settings/cases.json"


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def expanded(value):
    """{"$repeat": [what, times]} stands for long strings and lists."""
    if isinstance(value, dict):
        if set(value) == {"$repeat"}:
            what, times = value["$repeat"]
            return expanded(what) * times
        return {name: expanded(member) for name, member in value.items()}
    if isinstance(value, list):
        return [expanded(member) for member in value]
    return value


class Schemas(unittest.TestCase):
    def schema(self, name):
        schema = load(ROOT / "manifests" / name)
        Draft7Validator.check_schema(schema)
        return Draft7Validator(schema)

    def judge(self, schema, cases):
        validator = self.schema(schema)
        self.assertGreaterEqual(len(cases), 80)
        for case in cases:
            with self.subTest(case["name"]):
                faults = [fault.message[:200] for fault in validator.iter_errors(expanded(case["document"]))]
                if (case["valid"] or case.get("beyond_schema")) and not case.get("schema_refuses"):
                    self.assertEqual([], faults)
                else:
                    self.assertNotEqual([], faults)

    def test_settings_are_judged_as_the_table_says(self):
        self.judge("settings.schema.json", load(CASES)["settings"])

    def test_inputs_are_judged_as_the_table_says(self):
        self.judge("send.input.schema.json", load(CASES)["inputs"])

    def test_the_input_of_test_connection_takes_one_recipient(self):
        validator = self.schema("test-connection.input.schema.json")
        for good in ({}, {"format": 1}, {"to": "a@example.test"}):
            self.assertTrue(validator.is_valid(good), good)
        for bad in ({"to": ["a@example.test"]}, {"to": ""}, {"too": 5}, [], {"format": 2}):
            self.assertFalse(validator.is_valid(bad), bad)

    def test_defaults_of_messages_take_what_inputs_take(self):
        settings = load(ROOT / "manifests/settings.schema.json")["properties"]["message"]["properties"]
        inputs = load(ROOT / "manifests/send.input.schema.json")["properties"]
        of_one_call = {"format", "payload", "idempotency_key", "on_unknown"}
        self.assertEqual(set(inputs) - of_one_call, set(settings))
        # Only an input says of itself that it is a template; these defaults are in any case.
        self.assertEqual({"type": "boolean", "const": False}, settings.pop("render"))
        for name, member in settings.items():
            bare = {word: value for word, value in inputs[name].items() if word not in ("x-group", "x-expression", "x-host")}
            if name in ("text", "html"):
                bare["maxLength"] = 1048576  # more than that the settings themselves may not hold
            self.assertEqual(bare, member, name)

    def test_results_of_the_contract_validate(self):
        validator = self.schema("result.schema.json")
        accepted = {"format": 1, "outcome": "accepted", "message_id": "<1@example.test>",
                    "accepted": ["bob@example.test"], "rejected": [],
                    "reply": {"code": 250, "enhanced": "2.0.0", "text": "queued as 4F2"},
                    "attempts": [{"address": "192.0.2.1", "reused": False, "timing_ms": {"connect": 1}}],
                    "server": {"host": "mail.example.test", "tls": "TLSv1.3", "auth": "PLAIN"},
                    "timing_ms": {"total": 9}, "warnings": [], "something_new": {}}
        error = {"id": "x.y", "stage": "auth", "class": "permanent", "retry": {"advice": "after-fix"},
                 "message": "MailSend: failed to send mail: 535 5.7.8 no",
                 "smtp": {"code": 535, "enhanced": "5.7.8", "text": "no", "lines": ["535 5.7.8 no"]},
                 "explanation": {"title": "t", "cause": "c", "steps": ["s"], "actor": "sender"}}
        failed = {"format": 1, "outcome": "failed", "error": error}
        self.assertTrue(validator.is_valid(accepted))
        self.assertTrue(validator.is_valid(failed))
        for member, word in (("stage", "login"), ("class", "fatal"), ("retry", {"advice": "soon"})):
            self.assertFalse(validator.is_valid({**failed, "error": {**error, member: word}}), member)
        self.assertFalse(validator.is_valid({**accepted, "outcome": "sent"}))

    def test_results_about_tokens_validate(self):
        validator = self.schema("result.schema.json")
        explanation = {"title": "t", "cause": "c", "steps": ["s"], "actor": "sender"}
        refused = {"id": "token.refused", "stage": "token", "class": "permanent", "retry": {"advice": "after-fix"},
                   "message": "MailSend: failed to send mail: no", "explanation": explanation,
                   "oauth": {"error": "invalid_grant", "description": "d", "uri": "u", "codes": [50173], "trace_id": "t",
                             "correlation_id": "c", "timestamp": "t", "http_status": 400, "endpoint": "token"}}
        error = {"id": "x.y", "stage": "auth", "class": "permanent", "retry": {"advice": "after-fix"},
                 "message": "MailSend: failed to send mail: 535 5.7.8 no",
                 "smtp": {"code": 535, "text": "no", "lines": ["535 no"], "challenge": {"status": "401", "scope": "s"}},
                 "explanation": explanation, "cause": {**refused, "cause": refused}}
        failed = {"format": 1, "outcome": "failed", "error": error}
        account = {"format": 1, "outcome": "succeeded", "account": {
            "provider": "google", "grant": "authorization-code", "username": "a@b.test", "signed_in": True,
            "signed_in_as": "a@b.test", "scopes": ["s"], "issued_at": "2026-11-22T09:00:00Z", "changed_since": [],
            "revoked": False, "warnings": ["w"]}}
        self.assertTrue(validator.is_valid(failed))
        self.assertTrue(validator.is_valid(account))
        error["smtp"]["challenge"] = "no JSON"
        self.assertTrue(validator.is_valid(failed))
        error["smtp"]["challenge"] = {"status": 401}
        self.assertFalse(validator.is_valid(failed))
        error["smtp"]["challenge"] = "no JSON"
        error["cause"]["cause"] = {**refused, "stage": "login"}
        self.assertFalse(validator.is_valid(failed))
        account["account"]["signed_in"] = "yes"
        self.assertFalse(validator.is_valid(account))

    def test_closed_sets_stand_once_and_match_the_code(self):
        schema = load(ROOT / "manifests/result.schema.json")
        source = (ROOT / "plugin/outcome/vocabulary.cpp").read_text(encoding="utf-8")
        text = json.dumps(schema)
        for name in ("outcome", "class", "advice", "actor", "stage"):
            words = schema["definitions"][name]["enum"]
            self.assertEqual(1, text.count(json.dumps(words)), name)
            for word in words:
                self.assertIn(f'"{word}"', source)


if __name__ == "__main__":
    unittest.main()
