"""`wfc serve` and lines that are wrong, components that are wrong, and secrets. Arguments: --build DIR."""

import json
import os

from invoke import Inbox
from secrets_rig import CANARY, forms
from serve_rig import MESSAGE, NOBODY, Serve, main


class Lines(Serve):
    def error_for(self, host, line, identifier=None):
        """What is said about a line; the connection lives on."""
        before = len([each for each in host.lines if each["type"] == "error"])
        host.raw(line if line.endswith(b"\n") else line + b"\n")
        host.until(lambda _: len([each for each in host.lines if each["type"] == "error"]) > before, "an error")
        said = [each for each in host.lines if each["type"] == "error"][before]
        self.assertEqual(identifier, said.get("id"), said)
        self.assertEqual("released", host.ask("release", of=1)["type"])
        return said

    def test_lines_that_are_no_object(self):
        host = self.host()
        for line in (b"", b"hello", b"[]", b"12", b'"text"', b"null", b"{", b'{"id": 1', b"\x00\xff\xfe", b'{"type": "\xff"}',
                     b'{"id": 1e999, "type": "hello"}', b'{"type": "release", "type": "load"}'):
            with self.subTest(line):
                self.assert_error(self.error_for(host, line), "malformed")

    def test_a_line_that_nests_too_deeply(self):
        host = self.host()
        deep = b'{"id": 2, "input": ' + b"[" * 100000 + b"]" * 100000 + b"}"
        self.assert_error(self.error_for(host, deep), "malformed", "deeper than 64")

    def test_a_line_that_is_too_long_is_skipped(self):
        host = self.host()
        for more in (1, 3 << 20):
            self.assert_error(self.error_for(host, b"x" * ((8 << 20) + more)), "too-long", "8 MiB")
        host.load("c", "chatter")
        padding = "x" * ((8 << 20) - 200)
        call = host.start("c", "print", {"padding": padding})
        self.assertEqual("ok", host.answer_to(call)["status"], "one that is not too long is taken")

    def test_members_that_are_wrong_are_named(self):
        host = self.host()
        wrong = (
            ({}, "/id is missing", False), ({"id": 0}, "/id must be", False), ({"id": -1}, "/id must be", False),
            ({"id": 2**53}, "/id must be", False), ({"id": "5"}, "/id must be", False), ({"id": 1.5}, "/id must be", False),
            ({"type": 5}, "/type must be a string"), ({"type": None}, "/type must be a string"), ({"more": 1}, "/type is missing"),
            ({"type": "load", "component": "a"}, "/of is missing"),
            ({"type": "load", "component": "a/b", "of": "greet"}, "/component must be 1 to 128"),
            ({"type": "load", "component": "", "of": "greet"}, "/component must be 1 to 128"),
            ({"type": "load", "component": "x" * 129, "of": "greet"}, "/component must be 1 to 128"),
            ({"type": "load", "componet": "a", "of": "greet"}, "/component is missing"),
            ({"type": "load", "component": "a", "of": "greet", "color": 1}, "/color is not a known member"),
            ({"type": "configure", "component": "a", "settings": []}, "/settings must be an object"),
            ({"type": "configure", "component": "a", "settings": {}, "secrets": {"s": 1}}, "/secrets/s must be a string"),
            ({"type": "configure", "component": "a", "settings": {}, "secrets": {"s": ""}}, "/secrets/s is empty"),
            ({"type": "configure", "component": "a", "settings": {}, "secret": {}}, 'did you mean "secrets"?'),
            ({"type": "invoke", "component": "a", "operation": "b"}, "/input is missing"),
            ({"type": "invoke", "component": "a", "operation": "b", "input": "c"}, "/input must be an object"),
            ({"type": "invoke", "component": "a", "operation": "b", "input": {}, "timeout_ms": 0}, "/timeout_ms must be"),
            ({"type": "invoke", "component": "a", "operation": "b", "input": {}, "call": ""}, "/call must have"),
            ({"type": "invoke", "component": "a", "operation": "b", "input": {}, "blobs": {"n": 1}}, "/blobs/n must be a string"),
            ({"type": "invoke", "component": "a", "operation": "b", "input": {}, "save": "n"}, "/save must be a list"),
            ({"type": "invoke", "component": "a", "operation": "b", "input": {}, "save": ["n", "n"]}, "a name twice"),
            ({"type": "cancel"}, "/of is missing"), ({"type": "answer", "of": 1}, "/pasted is missing"),
            ({"type": "answer", "of": 1, "pasted": "x" * 70000}, "/pasted is longer"))
        for members, words, *known in wrong:
            with self.subTest(words):
                request = dict(members)
                if "id" not in request and request:
                    host.last_id += 1
                    request["id"] = host.last_id
                identifier = None if known else request["id"]
                self.assert_error(self.error_for(host, json.dumps(request).encode(), identifier), "malformed", words)

    def test_types_that_are_none_and_ids_that_came_before(self):
        host = self.host()
        host.last_id = 50
        self.assert_error(self.error_for(host, b'{"id": 50, "type": "invok"}', 50), "unknown-type", 'mean "invoke"')
        host.raw(b'{"id": 50, "type": "release", "of": 1}\n')
        host.until(lambda line: line["type"] == "released", "the id of a line that was not understood is still good")
        self.assert_error(self.error_for(host, b'{"id": 50, "type": "release", "of": 1}'), "stale-id", "greater than 5")
        self.assert_error(self.error_for(host, b'{"id": 49, "type": "release", "of": 1}'), "stale-id", "/id is 49")

    def test_an_error_never_carries_the_id_of_another_request(self):
        host = self.chatter()
        call = host.start("c", "print", {}, call="runs")
        for line in (b'{"id": %d, "type": "release", "of": 1}', b'{"id": %d, "type": "relaese"}', b'{"id": %d, "type": "cancel"}'):
            error = self.error_for(host, line % call)
            self.assertNotIn("id", error)
            self.assertIn(f"/id {'is ' if error['error']['id'] == 'stale-id' else ''}{call}", error["error"]["message"])
        self.assertEqual("result", host.answer_to(call)["type"])

    def test_a_wrong_line_with_the_largest_id_harms_nothing(self):
        host = self.host()
        for line in (b'{"id": 9007199254740991, "type": "releese"}', b'{"id": 9007199254740991, "type": "load"}'):
            self.assertEqual("error", self.error_for(host, line, 2**53 - 1)["type"])
        self.assertEqual("released", host.ask("release", of=1)["type"])

    def test_lengths_are_in_bytes(self):
        host = self.chatter()
        name = "注文番号" * 25
        self.assertEqual(100, len(name))
        self.assert_error(host.answer_to(host.start("c", "print", {}, call=name)), "malformed", "/call must have 1 to 256 bytes")
        self.assertEqual("ok", host.invoke("c", "print", {}, call=name[:85])["status"])

    def test_a_line_without_its_end_is_not_carried_out(self):
        host = self.host()
        host.raw(b'{"id": 2, "type": "load", "component": "a", "of": "greet"}')
        self.assertEqual(0, host.end())
        self.assert_error(host.lines[-1], "malformed", "no line feed")

    def test_lines_in_pieces_and_many_in_one_piece(self):
        host = self.host()
        for byte in b'{"id": 2, "type": "release", "of": 1}\r\n':
            host.raw(bytes([byte]))
        self.assertEqual("released", host.answer_to(2)["type"])
        host.raw(b"".join(b'{"id": %d, "type": "release", "of": 1}\n' % n for n in range(3, 1003)))
        host.answer_to(1002)
        self.assertEqual(list(range(2, 1003)), [line["id"] for line in host.lines if line["type"] == "released"])


class BadComponents(Serve):
    def test_one_that_prints_disturbs_nothing(self):
        host = self.chatter()
        self.assertEqual(11, host.invoke("c", "print", {})["document"]["written"])
        self.assertEqual(0, host.invoke("c", "read", {})["document"]["read"], "there is nothing to read for it")
        for words in ("from puts", "from write"):
            self.assertNotIn(words.encode(), host.output)
            self.assertIn(words, host.log())

    def test_results_that_are_none(self):
        host = self.chatter()
        for text in ("", "{", "[]", "5", "[" * 300, "{\"outcome\": \"\xff", '{"a":' * 300 + "1" + "}" * 300):
            with self.subTest(text[:20]):
                result = host.invoke("c", "result", {"text": text})
                self.assertEqual(("internal", "unknown", "failed", "host.contract_broken"),
                                 (result["status"], result["outcome"], result["port"], result["document"]["error"]["id"]))

    def test_results_on_many_lines_and_without_outcome(self):
        host = self.chatter()
        result = host.invoke("c", "result", {"text": '{\n "outcome": "failed",\n "z": 1,\n "a": 2\n}', "status": 1})
        self.assertEqual(["outcome", "z", "a"], list(result["document"]))
        result = host.invoke("c", "result", {"text": "{}"})
        self.assertNotIn("outcome", result)
        self.assertEqual("failed", result["port"])
        self.assertEqual("failed", host.invoke("c", "result", {"text": '{"outcome":"odd"}'})["port"])
        self.assertEqual("internal", host.invoke("c", "result", {"text": "{}", "status": 4711})["status"])

    def test_a_result_that_is_longer_than_a_line(self):
        host = self.chatter()
        for count in ((8 << 20) - 50, 9 << 20, 20 << 20):
            result = host.invoke("c", "result", {"bytes": count})
            self.assertEqual("internal", result["status"])
            self.assertIn("8 MiB", result["document"]["error"]["message"])
        self.assertEqual("ok", host.invoke("c", "result", {"bytes": (8 << 20) - 500})["status"])

    def test_a_result_of_very_many_members_costs_no_more_than_its_bytes(self):
        host = self.chatter()
        members = ",".join(f'"m{n}":{n}' for n in range(200_000))
        result = host.invoke("c", "result", {"text": '{"outcome":"failed",' + members + "}"})
        self.assertEqual(("failed", 200_001), (result["outcome"], len(result["document"])))

    def test_settings_that_it_cannot_take_for_another_reason_are_not_wrong(self):
        host = self.chatter()
        self.assertEqual("ok", host.configure("c", {})["status"])
        for status, error in ((6, "internal"), (5, "refused"), (10, "refused"), (4711, "refused")):
            line = host.ask("configure", component="c", settings={"fail_with": status})
            self.assert_error(line, error, "not in the mood")
        self.assertEqual("invalid-settings", host.configure("c", {"fail_with": 3})["status"])
        self.assertIn("status", host.invoke("c", "secret", {})["document"], "the old settings stay")

    def test_settings_that_nest_deeply_name_their_secrets_all_the_same(self):
        host = self.chatter()
        settings = {"$secret": "s"}
        for _ in range(40):
            settings = {"a": settings}
        refused = host.configure("c", settings, {"s": "value"})
        self.assertEqual("invalid-settings", refused["status"])
        self.assertIn("deeper than 32", json.dumps(refused["document"]))

    def test_log_lines_and_progress_are_objects_whatever_it_writes(self):
        host = self.chatter()
        calls = []
        for fields, kept in (('{"a": 1}', {"a": 1}), ("no JSON\n", {"text": "no JSON\n"}), ("[1]", {"text": "[1]"})):
            call = host.invoke("c", "log", {"fields": fields}, call=f"\u65e5 {len(calls)}")["id"]
            calls.append((call, f"\u65e5 {len(calls)}"))
            self.assertEqual([kept], [line["event"] for line in host.of(call, "progress")])
        said = [line for line in host.lines if line["type"] == "log" and line["event"] == "chatter.said"]
        self.assertEqual([{"a": 1}, {"text": "no JSON\n"}, {"text": "[1]"}], [line["fields"] for line in said])
        self.assertEqual({("warning", "c")}, {(line["level"], line["component"]) for line in said})
        self.assertEqual(calls, [(line["request"], line["call"]) for line in said], "which call it was")
        self.assertFalse([line for line in host.lines if line.get("event") == "chatter.debug"], "info is the default")

    def test_the_engine_chooses_what_is_logged(self):
        for level, events in (("debug", ["chatter.debug", "chatter.said"]), ("error", []), ("off", [])):
            host = self.chatter(log=level)
            host.invoke("c", "log", {"fields": "{}"})
            self.assertEqual(events, [line["event"] for line in host.lines if line["type"] == "log"])


class Files(Serve):
    def test_no_file_can_be_opened_unless_a_root_allows_it(self):
        host = self.chatter()
        path = os.path.join(host.folder.name, "there")
        with open(path, "w", encoding="ascii") as file:
            file.write("four")
        for name in ("there", path, "/etc/hostname"):
            self.assertNotIn("size", host.invoke("c", "file", {"path": name})["document"])
        other = self.chatter("--root", host.folder.name)
        self.assertEqual(4, other.invoke("c", "file", {"path": "there"})["document"]["size"])
        self.assertNotIn("size", other.invoke("c", "file", {"path": "../etc/hostname"})["document"])


class Secrets(Serve):
    def assert_silent(self, host):
        seen = {"the lines": host.output, "standard error": host.log().encode()}
        for name in ("environ", "cmdline"):
            try:
                with open(f"/proc/{host.process.pid}/{name}", "rb") as file:
                    seen[name] = file.read()
            except PermissionError:  # so it is closed to everybody but root
                pass
        for folder, _, names in os.walk(host.home):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    seen[name] = file.read()
        for where, content in seen.items():
            for form in forms(CANARY):
                self.assertNotIn(form, content, f"the secret stands in {where}")

    def test_is_used_and_shows_up_nowhere(self):
        settings = {**NOBODY, "auth": {"method": "password", "username": "alice", "password": {"$secret": "x.y"},
                                       "allow_cleartext": True}}
        host = self.host(log="trace")
        with Inbox(self.build, options=("--auth-in-clear", "--offer", "AUTH=PLAIN")) as inbox:
            host.load("m")
            settings["server"] = inbox.settings()["server"]
            self.assertEqual("ok", host.configure("m", settings, {"x.y": CANARY})["status"])
            self.assertEqual("accepted", host.invoke("m", "send", MESSAGE)["outcome"], host.lines[-1])
            host.invoke("m", "test-connection", {})
        host.invoke("m", "send", MESSAGE)
        self.assert_silent(host)

    def test_wrong_requests_do_not_repeat_it(self):
        host = self.host(log="trace")
        host.load("m")
        for members in ({"secrets": {"other": CANARY}}, {"secrets": {"s": [CANARY]}}, {"secrets": CANARY},
                        {"secrets": {"s": CANARY}, "wrong": 1}):
            host.last_id += 1
            host.raw(json.dumps({"id": host.last_id, "type": "configure", "component": "m", "settings": {},
                                 **members}).encode() + b"\n")
            self.assertEqual("error", host.answer_to(host.last_id)["type"])
        host.raw(b'{"id": 99, "type": "configure", "secrets": {"s": "' + CANARY.encode() + b'"\n')
        host.raw(b'{"id": 99, "type": "configure", "secrets": {"s": "' + CANARY.encode() + b'\n')
        host.last_id = 100
        host.ask("release", of=1)
        self.assert_silent(host)

    def test_is_seen_by_its_own_component_alone_and_until_new_settings(self):
        host = self.chatter(environment={"WFC_SECRET_A_B": "from outside"})
        host.load("d", "chatter")
        settings = {"secret": {"$secret": "a.b"}}
        host.configure("c", settings, {"a.b": CANARY})
        host.configure("d", settings)
        self.assertEqual(len(CANARY), host.invoke("c", "secret", {})["document"]["length"])
        self.assertEqual(len("from outside"), host.invoke("d", "secret", {})["document"]["length"])
        host.configure("c", {"secret": {"$secret": "a-b"}})
        self.assertEqual(len("from outside"), host.invoke("c", "secret", {})["document"]["length"])
        self.assert_error(host.ask("configure", component="c", settings=settings, secrets={"a_b": "x"}), "secrets", '"a_b"')


if __name__ == "__main__":
    main()
