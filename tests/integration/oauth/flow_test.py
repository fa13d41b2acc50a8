"""`wfc run` with an account that signed in: mail goes out, and what will end the sign-in reaches the flow's alert."""

import datetime
import email
import email.policy
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from oauth.served import Served, main  # noqa: E402


class Flow(Served):
    def flow(self, account):
        """A report to alice, whose account's warnings are told to carol."""
        step = {"component": "mail-send", "operation": "send", "settings": "account.json"}
        flow = {"format": 1, "id": "report", "schedule": "0 9 * * *", "timezone": "UTC",
                "steps": [{**step, "id": "mail",
                           "input": {"to": "alice@example.test", "subject": "report", "text": "figures"}},
                          {**step, "id": "alert",
                           "input": {"to": "carol@example.test", "subject": "{{payload.flow}}: {{payload.outcome}}",
                                     "text": "{{#payload.warnings}}{{.}}{{/payload.warnings}}"}}],
                "on": {"warning": "alert"}}
        file = os.path.join(account.folder, "report.json")
        with open(file, "w", encoding="utf-8") as out:
            json.dump(flow, out)
        return file

    def messages(self, user, count):
        return [email.message_from_bytes(each, policy=email.policy.default)
                for each in self.mail.messages(user, count)]

    def test_a_flow_sends_with_a_token_and_says_nothing_while_all_is_well(self):
        self.mail.empty_mailboxes()
        account = self.signed_in()
        code, output, log = account.run("run", self.flow(account), "--once")
        self.assertEqual(code, 0, output + log)
        self.assertEqual([each["Subject"] for each in self.messages("alice", 1)], ["report"])
        self.assertFalse(os.path.isdir(self.mail.maildir("carol")) and os.listdir(self.mail.maildir("carol")))

    def test_a_client_secret_that_ends_soon_is_told_before_it_does(self):
        self.mail.empty_mailboxes()
        ends = datetime.date.today() + datetime.timedelta(days=12)
        account = self.signed_in(client_secret_expires=ends.isoformat())
        code, output, log = account.run("run", self.flow(account), "--once")
        self.assertEqual(code, 0, output + log)
        self.messages("alice", 1)
        alerts = self.messages("carol", 1)
        self.assertIn(ends.isoformat(), alerts[0].get_content())
        code, output, log = account.run("run", self.flow(account), "--once")
        self.assertEqual(code, 0, output + log)
        self.messages("alice", 2)
        self.assertEqual(len(self.messages("carol", 1)), 1, "the same warning is told once a week")

    def test_a_flow_whose_sign_in_has_ended_says_so_before_it_runs(self):
        self.mail.empty_mailboxes()
        account = self.signed_in()
        self.assertEqual(account.account("sign-out")[0], 0)
        code, output, log = account.run("run", self.flow(account), "--once")
        self.assertEqual(code, 4, output + log)
        self.assertIn("Nobody has signed in", log + output)


if __name__ == "__main__":
    main()
