"""The texts of manifests/errors: both languages in step, well punctuated, nothing named that is not there; ids never go."""

import glob
import json
import os
import re
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
MANIFESTS = os.path.join(HERE, *[".."] * 4, "manifests")

PLACE = re.compile(r"\{([a-z0-9_]+)\}")
PASSAGE = re.compile(r"\[[^\]]*\]")
ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'+,;=%{}-]*[A-Za-z0-9/}]")
COMMAND = re.compile(r"\bwfc (?:(?:account|secret) )?[a-z][a-z-]*")
SETTING = re.compile(r"\b(?:server|auth|tls|network|timeouts|delivery|message|privacy)(?:\.[a-z_0-9]+)+")
JAPANESE = "ぁ-んァ-ヶ一-龥ー"
SOURCES = {"observed by the component"}
# Where a provider's own menu says it; the account view says サインイン everywhere.
LOGIN_ALLOWED = set()


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def entries():
    out = []
    for name in load(MANIFESTS, "errors", "catalogue.json")["files"]:
        for entry in load(MANIFESTS, "errors", name)["entries"]:
            out.append({**entry, "file": name})
    return out


ENTRIES = entries()


def sentences(entry, language):
    """Cause and steps."""
    return [entry[language]["cause"], *entry[language]["steps"]]


def texts(entry, language):
    return [entry[language]["title"], *sentences(entry, language)]


def setting_names(schema, node, prefix=""):
    """Every setting with its parents: "auth", "auth.method" …"""
    while "$ref" in node:
        node = schema["definitions"][node["$ref"].split("/")[-1]]
    found = {prefix} if prefix else set()
    for name, inner in node.get("properties", {}).items():
        found |= setting_names(schema, inner, f"{prefix}.{name}" if prefix else name)
    for branch in node.get("oneOf", []) + node.get("anyOf", []):
        found |= setting_names(schema, branch, prefix)
    return found


class LanguagesAreInStep(unittest.TestCase):
    def each(self, what, measure):
        faults = []
        for entry in ENTRIES:
            english, japanese = (measure(entry, language) for language in ("en", "ja"))
            if english != japanese:
                faults.append(f"{entry['file']}, {entry['id']}: {what}: {english} in English, {japanese} in Japanese")
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_steps(self):
        self.each("number of steps", lambda entry, language: len(entry[language]["steps"]))

    def test_places(self):
        self.each("places", lambda entry, language: sorted(set(PLACE.findall(" ".join(texts(entry, language))))))

    def test_places_of_passages(self):
        def measure(entry, language):
            passages = PASSAGE.findall(" ".join(texts(entry, language)))
            return sorted({place for passage in passages for place in PLACE.findall(passage)})
        self.each("places in brackets", measure)

    def test_addresses_commands_and_settings(self):
        for what, expression in (("addresses", ADDRESS), ("commands", COMMAND), ("settings", SETTING)):
            self.each(what, lambda entry, language, e=expression: sorted(set(e.findall(" ".join(texts(entry, language))))))


class TextsAreWellWritten(unittest.TestCase):
    def each(self, what, broken, pick=texts, languages=("en", "ja")):
        faults = [f"{entry['file']}, {entry['id']}, {language}: {what}: {text}"
                  for entry in ENTRIES for language in languages for text in pick(entry, language)
                  if broken(text, language)]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_titles_are_short_and_have_no_full_stop(self):
        self.each("over 100 characters, or a full stop at the end",
                  lambda text, _: len(text) > 100 or text[-1] in ".。", lambda entry, language: [entry[language]["title"]])

    def test_no_double_blanks(self):
        self.each("two blanks", lambda text, _: "  " in text or text != text.strip())

    def test_sentences_end(self):
        def broken(text, language):
            said = re.sub(r"(\[[^\]]*\]\s*)+$", "", text).rstrip(" )")
            return bool(said) and said[-1] not in (".?!" if language == "en" else "。")
        self.each("has no full stop at its end", broken, sentences)

    def test_japanese_punctuation(self):
        wrong = re.compile(rf"[{JAPANESE}][,.;!?]\s*(?:[{JAPANESE}]|$)|[\uff61-\uff9f]|[,。、] [{JAPANESE}]")
        self.each("ASCII punctuation between Japanese characters, half-width katakana, or a blank after punctuation",
                  lambda text, _: wrong.search(text), languages=("ja",))

    def test_japanese_says_sign_in(self):
        faults = [f"{entry['file']}, {entry['id']}: ログイン is written サインイン here: {text}"
                  for entry in ENTRIES if entry["id"] not in LOGIN_ALLOWED
                  for text in texts(entry, "ja") if "ログイン" in text]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_english_is_spelled_in_one_way(self):
        """"organizations" is a value of auth.tenant, and "APIs my organization uses" a tab of Microsoft's."""
        american = re.compile(r"\borganiz(?!ations\b)(?!ation uses)|\b(?:behavior|center(?! >)|enrol+ment)\b")
        self.each("the spelling differs from the other texts", lambda text, _: american.search(text), languages=("en",))


class WhatIsNamedExists(unittest.TestCase):
    def test_settings(self):
        schema = load(MANIFESTS, "settings.schema.json")
        known = setting_names(schema, schema)
        faults = [f"{entry['file']}, {entry['id']}: there is no setting {name}"
                  for entry in ENTRIES for name in sorted(set(SETTING.findall(" ".join(texts(entry, "en")))))
                  if name not in known]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_links_and_sources(self):
        for entry in ENTRIES:
            self.assertRegex(entry.get("link", "https://x"), r"^https://[!-~]+$", entry["id"])
            if entry["source"] not in SOURCES:
                self.assertRegex(entry["source"], r"^https?://[!-~]+$", entry["id"])


class MatchersAreNoCopies(unittest.TestCase):
    """A matcher is made of telling words; one that holds a whole reply knows that reply and no other."""

    @staticmethod
    def examples():
        for path in sorted(glob.glob(os.path.join(HERE, "replies", "*.json"))):
            for row in load(path):
                said = " ".join(re.sub(r"^\d{3}[ -](\d\.\d+\.\d+ )?", "", line) for line in row["lines"])
                yield row["id"], " ".join(row["lines"]).lower(), said.lower()

    @staticmethod
    def alternatives(entry):
        """The words of each alternative that is nothing but words."""
        for expression in [entry["match"].get("text", ""), *entry["match"].get("details", {}).values()]:
            for part in expression.split("|"):
                plain = re.sub(r"\\([^A-Za-z0-9])", r"\1", part)
                if not re.search(r"[()*+?{}]|\[|\\", part.replace("\\.", "")):
                    yield plain.strip("^$").lower()

    def test_no_matcher_holds_a_whole_reply(self):
        faults = []
        expressions = {entry["id"]: re.sub(r"\\(.)", r"\1", entry["match"].get("text", "")).lower() for entry in ENTRIES}
        for identity, whole, said in self.examples():
            for owner, expression in expressions.items():
                if whole in expression or (len(said) > 30 and said in expression):
                    faults.append(f"{owner}: its text holds the whole example of {identity}: {said}")
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_no_long_sentence_of_a_matcher_stands_in_an_example(self):
        long_ones = [(entry["id"], words) for entry in ENTRIES for words in self.alternatives(entry) if len(words) > 60]
        faults = [f"{owner}: shorten {words}" for owner, words in long_ones
                  if any(words in said for _, _, said in self.examples())]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))


class IdsNeverGo(unittest.TestCase):
    def test_list_of_ids(self):
        with open(os.path.join(HERE, "ids.txt"), encoding="utf-8") as file:
            listed = file.read().split()
        self.assertEqual(listed, sorted(set(listed)), "ids.txt is sorted and has every id once")
        present = {entry["id"] for entry in ENTRIES}
        gone = sorted(set(listed) - present)
        self.assertEqual(gone, [], "ids never go: flows and pages name them. Put these entries back into manifests/errors")
        new = sorted(present - set(listed))
        self.assertEqual(new, [], "add these new ids to tests/unit/plugin/diagnosis/ids.txt, in order")


class AdviceIsSafe(unittest.TestCase):
    """Codes that lie, and replies that cost more the more often they are provoked."""

    CLEAR_NEVER = {  # 4yz that stays until somebody acts
        "aliyun.mail.from_mismatch", "aliyun.mail.unavailable", "basic.436", "basic.401", "basic.403", "outlook.tls.starttls_required",
        "outlook.tls.old_version", "mailgun.mail.sandbox", "mailgun.mail.not_allowed", "sendgrid.quota.credits", "generic.relay.denied",
        "gmail.tls.required_for_rcpt_domain", "gmail.quota.rcpt_per_message"}
    CLEAR_ALONE = {  # 5yz that a day cures
        "gmail.quota.daily_user", "gmail.quota.relay_daily", "outlook.quota.submission", "outlook.quota.sender_text",
        "outlook.quota.daily_recipients", "outlook.quota.tenant_external", "aliyun.quota"}
    PAUSED = {  # 5yz that ends alone, but only if its cause has ended before
        "outlook.sendas.throttled", "outlook.throttled.mailbox_full", "outlook.throttled.invalid_license",
        "outlook.throttled.too_many_recipients", "outlook.throttled.invalid_recipients", "outlook.throttled.other",
        "outlook.auth.too_many"}
    HARMFUL = {  # each further try makes it worse
        "outlook.auth.account_locked", "outlook.auth.credentials_wrong", "outlook.ban.spam_abuse",
        "outlook.ban.bad_outbound_sender", "outlook.ban.tenant_threshold", "outlook.spam.account_refused",
        "microsoft.AADSTS50053", "microsoft.AADSTS50126", "yahoo.mail.deferred_perm",
        "yahoo.auth.app_password", "aliyun.rcpt.honeypot"}
    HELD_BACK = {  # 4yz for the rate or the reputation of the sender
        "aliyun.spam.behaviour_temp", "enhanced.4_7_28", "generic.rate.volume", "gmail.data.suspicious_content",
        "gmail.rate.unusual", "icloud.rate", "outlook.rate.suspicious_ip", "sendgrid.rate.deferred",
        "yahoo.mail.deferred_ts"}
    PASSES = {  # for the load of a recipient or of this moment, whoever sends
        "generic.policy.greylist", "generic.rate.connections", "gmail.rcpt.receiving_too_fast",
        "outlook.limit.connections", "outlook.limit.rcpt_per_hour", "outlook.limit.recipient_thread",
        "ses.connect.too_many", "ses.quota.rate", "yahoo.rcpt.too_fast"}
    SPEAKS_OF_PENALTY = re.compile(r"throttl|repeated|lock the account|after too many|message after message|again and again|the pause", re.I)
    SHORT_BUT_RIGHT = {"outlook.limit.connections", "outlook.limit.recipient_thread"}  # free again within seconds

    def setUp(self):
        self.by_id = {entry["id"]: entry for entry in ENTRIES}

    def expect(self, ids, error_class, advices):
        for identity in sorted(ids):
            entry = self.by_id[identity]
            self.assertEqual(entry["class"], error_class, identity)
            self.assertIn(entry["retry"]["advice"], advices, identity)

    def test_codes_that_lie(self):
        self.expect(self.CLEAR_NEVER, "permanent", {"never", "after-fix"})
        self.expect(self.CLEAR_ALONE, "transient", {"after"})
        for identity in self.CLEAR_ALONE:
            self.assertGreaterEqual(self.by_id[identity]["retry"]["delay_ms"], 3600 * 1000, identity)
        self.expect(self.PAUSED, "transient", {"never", "after-fix"})

    def test_harmful_replies_are_not_repeated(self):
        for identity in sorted(self.HARMFUL):
            self.assertIn(self.by_id[identity]["retry"]["advice"], {"never", "after-fix"}, identity)

    def test_what_repeating_makes_worse_is_marked(self):
        for identity in sorted(self.HARMFUL | self.PAUSED | self.CLEAR_ALONE):
            self.assertTrue(self.by_id[identity].get("penalty"), identity)

    def test_what_holds_a_sender_back_is_marked(self):
        for identity in sorted(self.HELD_BACK):
            self.assertTrue(self.by_id[identity].get("penalty"), identity)

    def test_what_passes_by_itself_is_not_marked(self):
        for identity in sorted(self.PASSES):
            self.assertNotIn("penalty", self.by_id[identity], identity)

    def test_what_is_marked_waits_long_enough_or_not_at_all(self):
        for entry in ENTRIES:
            if entry.get("penalty") and "delay_ms" in entry["retry"]:
                self.assertGreaterEqual(entry["retry"]["delay_ms"], 60 * 1000, entry["id"])

    def test_own_conditions_are_no_penalty(self):
        self.assertEqual([], [entry["id"] for entry in ENTRIES if entry.get("penalty") and entry["file"] == "component.json"])

    def test_exchange_is_not_provoked(self):
        for entry in ENTRIES:
            said = entry["en"]["title"] + " " + entry["en"]["cause"]
            if entry["file"] != "outlook.json" or entry["id"] in self.SHORT_BUT_RIGHT or not self.SPEAKS_OF_PENALTY.search(said):
                continue
            waits = entry["retry"]["advice"] in ("backoff", "after")
            self.assertFalse(waits and entry["retry"]["delay_ms"] < 3600 * 1000, f"{entry['id']}: {said}")


if __name__ == "__main__":
    unittest.main()
