"""MailSend against a real Postfix with Dovecot's SASL. Arguments: --build DIR, the folder with `wfc`."""

import argparse
import concurrent.futures
import email
import email.policy
import sys
import unittest

import invoke
from postfix import rig

SIZE_LIMIT = 300_000
options = argparse.Namespace(build=None)


def setUpModule():
    global server, wfc
    wfc = invoke.Wfc(options.build)
    server = rig.Rig(size_limit=SIZE_LIMIT)
    server.__enter__()
    unittest.addModuleCleanup(server.stop)


class Sending(unittest.TestCase):
    def setUp(self):
        server.empty_mailboxes()

    def send(self, port, to, security="starttls", user="alice", password=None, auth=None, text="Hello.\n", **more):
        settings = {
            "server": {"kind": "custom", "host": "localhost", "port": server.ports[port], "security": security},
            "auth": {"method": "password", "username": f"{user}@example.test", "password": {"$secret": "p"},
                     **(auth or {})},
            "from": "Alice <alice@example.test>",
        }
        if security != "none":
            settings["tls"] = {"ca_file": "ca.pem"}
        if auth and auth.get("method") == "none":
            settings["auth"] = auth
        with open(server.ca_file, "rb") as file:
            files = {"ca.pem": file.read(), **more.pop("files", {})}
        message = {"to": to, "subject": "Test", "text": text, **more}
        return wfc.invoke("send", settings, message, {"p": password or rig.PASSWORDS[user]}, files)

    def assert_outcome(self, result, code, outcome):
        self.assertEqual((code, outcome), (result.code, (result.document or {}).get("outcome")),
                         f"{result}\n{server.log()}")

    def assert_refused(self, result, code, outcome, words):
        """The server's words are in the message whole and unchanged."""
        self.assert_outcome(result, code, outcome)
        self.assertIn(f"MailSend: failed to send mail: {words}", result.document["error"]["message"])


class TestConnection(Sending):
    """The same way without a message."""

    def check(self, to, **auth):
        settings = {
            "server": {"kind": "custom", "host": "localhost", "port": server.ports["starttls"], "security": "starttls"},
            "auth": {"method": "password", "username": "alice@example.test", "password": {"$secret": "p"}, **auth},
            "from": "Alice <alice@example.test>", "tls": {"ca_file": "ca.pem"}}
        with open(server.ca_file, "rb") as file:
            files = {"ca.pem": file.read()}
        result = wfc.invoke("test-connection", settings, {"to": to}, {"p": rig.PASSWORDS["alice"]}, files)
        return result, {row["stage"]: row for row in result.document["report"]}

    def test_asks_about_a_recipient_and_sends_nothing(self):
        result, rows = self.check("bob@example.test")
        self.assert_outcome(result, 0, "succeeded")
        self.assertEqual("SCRAM-SHA-256", rows["auth"]["text"])
        self.assertIn("bob@example.test: 250 2.1.5", rows["rcpt"]["text"])

    def test_names_a_recipient_that_does_not_exist(self):
        result, rows = self.check("nobody@example.test")
        self.assert_outcome(result, 4, "failed")
        self.assertEqual(("ok", "failed"), (rows["mail"]["verdict"], rows["rcpt"]["verdict"]), str(result))
        self.assertEqual(result.document["error"]["id"], rows["rcpt"]["error"]["id"])


class Accepted(Sending):
    def test_over_starttls(self):
        result = self.send("starttls", "bob@example.test")
        self.assert_outcome(result, 0, "accepted")
        self.assertIn(b"with ESMTPSA", server.messages("bob", 1)[0])
        self.assertTrue(result.document["server"]["tls"].startswith("TLSv1."), result)

    def test_over_implicit_tls(self):
        self.assert_outcome(self.send("tls", "bob@example.test", "implicit-tls"), 0, "accepted")
        self.assertIn(b"with ESMTPSA", server.messages("bob", 1)[0])

    def test_with_every_mechanism(self):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            with self.subTest(mechanism):
                for port, security in (("starttls", "starttls"), ("tls", "implicit-tls")):
                    result = self.send(port, "bob@example.test", security, auth={"mechanism": mechanism})
                    self.assert_outcome(result, 0, "accepted")
                    self.assertEqual(mechanism, result.document["server"]["auth"])

    def test_with_the_best_mechanism_unless_one_is_named(self):
        result = self.send("starttls", "bob@example.test")
        self.assertEqual("SCRAM-SHA-256", result.document["server"]["auth"])

    def test_in_clear_with_a_mechanism_that_keeps_the_password_back(self):
        result = self.send("clear", "bob@example.test", "none", auth={"allow_cleartext": True})
        self.assertEqual("SCRAM-SHA-256", result.document["server"]["auth"])

    def test_every_mechanism_takes_a_password_outside_ascii(self):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            with self.subTest(mechanism):
                result = self.send("starttls", "alice@example.test", user="bob", auth={"mechanism": mechanism},
                                   **{"from": "bob@example.test"})
                self.assert_outcome(result, 0, "accepted")

    def test_text_outside_ascii_arrives_with_and_without_8bitmime(self):
        text = "Grüße, 日報, 🎉\n" + "ä" * 2000 + "\n"
        for port in ("starttls", "ascii"):
            with self.subTest(port):
                server.empty_mailboxes()
                self.assert_outcome(self.send(port, "bob@example.test", text=text), 0, "accepted")
                arrived = email.message_from_bytes(server.messages("bob", 1)[0], policy=email.policy.default)
                self.assertEqual(text, arrived.get_body(("plain",)).get_content().replace("\r\n", "\n"))

    def test_an_address_outside_ascii_arrives_where_the_server_has_smtputf8(self):
        result = self.send("starttls", "花子 <花子@example.test>")
        self.assert_outcome(result, 0, "accepted")
        self.assertIn("UTF8SMTP", server.messages("花子", 1)[0].decode())

    def test_with_a_password_outside_ascii(self):
        result = self.send("starttls", "alice@example.test", user="bob", **{"from": "bob@example.test"})
        self.assert_outcome(result, 0, "accepted")

    def test_in_clear_only_when_told_so_twice(self):
        refused = self.send("clear", "bob@example.test", "none")
        self.assertIn(refused.code, (4, 78), str(refused))
        allowed = self.send("clear", "bob@example.test", "none", auth={"allow_cleartext": True})
        self.assert_outcome(allowed, 0, "accepted")

    def test_without_auth_where_the_server_takes_it(self):
        self.assert_outcome(self.send("mx", "bob@example.test", auth={"method": "none"}), 0, "accepted")

    def test_a_message_arrives_as_it_was_written(self):
        report = bytes(range(256)) * 100
        result = self.send(
            "starttls", ["Bob <bob@example.test>"], cc=["花子 <carol@example.test>"], bcc=["alice@example.test"],
            subject="日報 · تقرير · 🎉 " + "long " * 40, text=".dot\nfrom here\n" + "x" * 1500 + "\nÄ\n",
            html="<p>日報</p>", files={"report.bin": report},
            attachments=[{"path": "report.bin", "name": "レポート 🎉.bin", "type": "application/octet-stream"}])
        self.assert_outcome(result, 0, "accepted")
        self.assertEqual({"bob@example.test", "carol@example.test", "alice@example.test"},
                         set(result.document["accepted"]))
        arrived = [server.messages(user, 1)[0] for user in ("alice", "bob", "carol")]
        for content in arrived:
            message = email.message_from_bytes(content, policy=email.policy.default)
            self.assertEqual([], [part.defects for part in message.walk() if part.defects])
            self.assertIsNone(message["bcc"])
            self.assertEqual("日報 · تقرير · 🎉 " + ("long " * 40).strip(), message["subject"].strip())
            self.assertEqual("花子", message["cc"].addresses[0].display_name)
            self.assertEqual(result.document["message_id"], message["message-id"])
            text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
            self.assertEqual(".dot\nfrom here\n" + "x" * 1500 + "\nÄ\n", text)
            self.assertEqual("<p>日報</p>", message.get_body(("html",)).get_content().strip())
            attachment = list(message.iter_attachments())[0]
            self.assertEqual("レポート 🎉.bin", attachment.get_filename())
            self.assertEqual(report, attachment.get_content())

    def test_sixteen_at_once_all_arrive_once(self):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            results = list(pool.map(lambda n: self.send("starttls", "bob@example.test", subject=f"Number {n}"),
                                    range(16)))
        for result in results:
            self.assert_outcome(result, 0, "accepted")
        subjects = [email.message_from_bytes(content)["subject"] for content in server.messages("bob", 16)]
        self.assertEqual(sorted(f"Number {n}" for n in range(16)), sorted(subjects))


class Refused(Sending):
    def test_wrong_password_is_explained(self):
        result = self.send("starttls", "bob@example.test", password="not-her-secret")
        self.assert_refused(result, 4, "failed", "535 5.7.8 Error: authentication failed")
        error = result.document["error"]
        self.assertEqual(("auth", "permanent", 535, "5.7.8"),
                         (error["stage"], error["class"], error["smtp"]["code"], error["smtp"]["enhanced"]))
        self.assertTrue(error["explanation"]["title"] and error["explanation"]["steps"], result)
        self.assertNotIn("not-her-secret", result.output + result.log)

    def test_wrong_password_is_refused_with_every_mechanism(self):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            with self.subTest(mechanism):
                result = self.send("starttls", "bob@example.test", password="wrong", auth={"mechanism": mechanism})
                self.assert_refused(result, 4, "failed", "535 5.7.8 Error: authentication failed")

    def test_an_address_outside_ascii_is_not_sent_to_a_server_without_smtputf8(self):
        result = self.send("ascii", ["花子@example.test"])
        self.assert_outcome(result, 4, "failed")
        self.assertEqual("mail.smtputf8_missing", result.document["error"]["id"])
        self.assertEqual([], server.messages("花子", 0))

    def test_one_unknown_user_of_two_is_partial(self):
        result = self.send("starttls", ["bob@example.test", "nobody@example.test"])
        self.assert_outcome(result, 2, "partial")
        self.assertEqual(["bob@example.test"], result.document["accepted"])
        refused = result.document["rejected"][0]
        self.assertEqual("nobody@example.test", refused["recipient"])
        self.assertIn("550 5.1.1 <nobody@example.test>: Recipient address rejected", refused["error"]["message"])
        server.messages("bob", 1)

    def test_an_unknown_user_alone_is_rejected(self):
        result = self.send("starttls", "nobody@example.test")
        self.assert_refused(result, 3, "rejected", "550 5.1.1 <nobody@example.test>")
        self.assertEqual("rcpt", result.document["error"]["stage"])

    def test_relaying_without_auth_is_denied(self):
        result = self.send("mx", "somebody@elsewhere.test", auth={"method": "none"})
        self.assert_refused(result, 3, "rejected", "554 5.7.1 <somebody@elsewhere.test>: Relay access denied")

    def test_submission_without_auth_is_denied(self):
        result = self.send("starttls", "bob@example.test", auth={"method": "none"})
        self.assert_refused(result, 3, "rejected", "554 5.7.1")

    def send_too_much(self, port):
        return self.send(port, "bob@example.test", files={"big.bin": bytes(SIZE_LIMIT)},
                         attachments=[{"path": "big.bin"}])

    def test_a_message_over_the_announced_size_is_not_sent(self):
        result = self.send_too_much("starttls")
        self.assert_outcome(result, 4, "failed")
        self.assertEqual(("mail.size_exceeded", "mail"), (result.document["error"]["id"], result.document["error"]["stage"]))

    def test_a_message_over_the_size_limit_is_rejected_by_a_server_that_announced_none(self):
        result = self.send_too_much("unsized")
        self.assert_refused(result, 3, "rejected", "552 5.3.4")
        self.assertIn(result.document["error"]["stage"], ("data", "dot"))  # a chunk, or the last one

    def test_a_certificate_of_an_unknown_authority_is_not_trusted(self):
        settings = {"server": {"kind": "custom", "host": "localhost", "port": server.ports["starttls"],
                               "security": "starttls"}, "auth": {"method": "none"}, "from": "alice@example.test"}
        result = wfc.invoke("send", settings, {"to": "bob@example.test", "subject": "Test", "text": "x"})
        self.assert_outcome(result, 4, "failed")
        self.assertEqual("tls", result.document["error"]["stage"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    options, rest = parser.parse_known_args()
    invoke.require(rig.missing())
    unittest.main(argv=[sys.argv[0]] + rest)
