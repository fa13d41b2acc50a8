"""MailSend's nodes in a real Node-RED: they load, speak both languages, and the examples of the import menu send mail.
Arguments: --build DIR."""

import email
import email.policy
import glob
import json
import os
import sys
import unittest

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import Inbox  # noqa: E402
from node_red import canvas  # noqa: E402
from node_red.program import main, options  # noqa: E402
from node_red.rig import PACKAGE, NodeRed  # noqa: E402

MODULE = "node-red-contrib-mail-send"
EXAMPLES = sorted(glob.glob(os.path.join(PACKAGE, "examples", "*.json")))


def read(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file)


class Starts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.red = NodeRed(options.build)
        cls.red.__enter__()
        cls.addClassCleanup(cls.red.__exit__)

    def test_both_nodes_load_without_a_complaint(self):
        found = [each for each in self.red.get("/nodes") if each["module"] == MODULE]
        self.assertEqual(1, len(found), self.red.log())
        self.assertNotIn("err", found[0], self.red.log())
        self.assertTrue(found[0]["enabled"])
        self.assertEqual(["mail-send", "mail-send-account"], sorted(found[0]["types"]))
        self.assertNotIn("[error]", self.red.log())

    def test_the_catalogue_is_served_in_both_languages(self):
        labels = {}
        for language in ("en-US", "ja"):
            catalogue = self.red.get(f"/nodes/messages?lng={language}")[f"{MODULE}/mail-send"]
            labels[language] = catalogue["label"]["node"], catalogue["label"]["account"]
        self.assertEqual({"en-US": ("mail send", "mail account"), "ja": ("メール送信", "メールアカウント")}, labels)

    def test_the_help_is_served_in_both_languages(self):
        for language, words in (("en-US", "mail"), ("ja", "メール")):
            status, page = self.red.request("GET", f"/nodes/{MODULE}/mail-send", headers={
                "Accept": "text/html", "Accept-Language": language})
            self.assertEqual(200, status)
            for node in ("mail-send", "mail-send-account"):
                with self.subTest(language=language, node=node):
                    marks = [f'data-help-name="{node}"', f"data-help-name='{node}'"]
                    text = page.decode()
                    at = max(text.find(mark) for mark in marks)
                    self.assertGreater(at, 0, text[-3000:])
                    self.assertIn(words, text[at:text.find("</script>", at)])

    def test_the_editor_gets_every_script_and_the_icon(self):
        names = os.listdir(os.path.join(PACKAGE, "resources"))
        self.assertTrue(names)
        for path in [f"/resources/{MODULE}/{name}" for name in names] + [f"/icons/{MODULE}/mail.svg"]:
            self.assertEqual(200, self.red.request("GET", path)[0], path)

    def test_the_import_menu_lists_the_examples(self):
        found = json.dumps(self.red.get(f"/library/examples/flows/{MODULE}/"))
        for example in EXAMPLES:
            self.assertIn(os.path.basename(example).removesuffix(".json"), found)

    def test_every_example_deploys_as_it_is(self):
        for example in EXAMPLES:
            with self.subTest(example=os.path.basename(example)):
                before = len(self.red.log())
                self.red.deploy(read(example))
                self.assertNotIn("missing types", self.red.log()[before:])
        self.red.deploy([])

    def test_every_example_sends_mail_when_its_accounts_are_an_inbox(self):
        for example in EXAMPLES:
            with self.subTest(example=os.path.basename(example)), Inbox(options.build) as inbox:
                flow = [canvas.account(inbox.port, each["id"], **{"from": each["from"]})
                        if each["type"] == "mail-send-account" else each for each in read(example)]
                self.red.deploy(flow)
                self.red.inject(next(each["id"] for each in flow if each["type"] == "inject"))
                self.red.until(inbox.messages, "no mail arrived")
                message = email.message_from_bytes(inbox.messages()[0], policy=email.policy.default)
                self.check(os.path.basename(example), message)
                self.red.deploy([])

    def check(self, example, message):
        """What makes the example what its name says."""
        if example == "daily-report.json":
            self.assertRegex(message["Subject"], r"^Daily report \d{4}-\d\d-\d\d$")
            self.assertIn("Tea: 12", message.get_body(("plain",)).get_content())
            self.assertIn("<td>Coffee</td>", message.get_body(("html",)).get_content())
        elif example == "alert-with-inline-image.json":
            self.assertEqual("Alert: 87 °C", message["Subject"])
            self.assertIn('src="cid:chart"', message.get_body(("html",)).get_content())
            image = next(part for part in message.walk() if part.get_content_type() == "image/png")
            self.assertEqual(("<chart>", "inline", b"\x89PNG"), (
                image["Content-ID"], image.get_content_disposition(), image.get_content()[:4]))
        else:
            self.assertTrue(message.get_body(("plain",)).get_content().strip())

    def test_the_failure_branch_reports_through_the_second_account_and_says_what_to_do(self):
        flow = read(os.path.join(PACKAGE, "examples", "failure-branch.json"))
        refusal = "auth reply 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
        with Inbox(options.build, refusal, ["--auth-in-clear"]) as broken, Inbox(options.build) as working:
            first, second = [each for each in flow if each["type"] == "mail-send-account"]
            account = canvas.account(broken.port, first["id"], auth_method="password", auth_username="alice",
                                     auth_allow_cleartext=True)
            changed = {first["id"]: account, second["id"]: canvas.account(working.port, second["id"])}
            self.red.deploy([changed.get(each["id"], each) for each in flow], {first["id"]: {"auth_password": "wrong"}})
            self.red.inject(next(each["id"] for each in flow if each["type"] == "inject"))
            self.red.until(working.messages, "no report arrived")
            report = email.message_from_bytes(working.messages()[0], policy=email.policy.default)
            text = report.get_body(("plain",)).get_content()
            self.assertEqual(("Daily report: failed", []), (report["Subject"], broken.messages()))
            self.assertRegex(text, r"(?s)^\S.*\n  1\. .*MailSend: failed to send mail: 535 5\.7\.139 ")
            self.red.deploy([])


if __name__ == "__main__":
    main()
