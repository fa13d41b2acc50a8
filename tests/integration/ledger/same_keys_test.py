"""The same key from several processes at once, again, with another content, and after a partial result."""

import os
import time

from fault_proxy import FaultProxy, Plan
from ledger_rig import Ledger, by_subject, kept_in, main, message

KEYS, PROCESSES = 20, 4
ALL = ["bob@example.test", "carol@example.test", "dave@example.test"]
CAROL_LATER = "rcpt <carol@example.test> reply 451 4.7.1 Please try again later\n"


class AtOnce(Ledger):
    def test_four_processes_with_the_same_keys_send_each_message_once(self):
        begin = time.monotonic()
        inbox = self.inbox()
        for number in range(KEYS):
            by_call_id = number % 2
            key = f"at-once-{number}"
            document = message(key) if by_call_id else message(key, idempotency_key=key)
            results = self.at_once(inbox.settings(), document, PROCESSES, *(["--call-id", key] if by_call_id else []))
            documents = [self.assert_outcome("accepted", each) for each in results]
            self.assertEqual([0] * PROCESSES, [each.code for each in results])
            first = [each for each in documents if not each.get("duplicate")]
            self.assertEqual(1, len(first), documents)
            for each in documents:
                for member in ("message_id", "reply", "accepted"):
                    self.assertEqual(first[0][member], each[member], member)
                self.assertEqual(each.get("duplicate", False), "first_at" in each, each)
            self.assertEqual(1, len({each["first_at"] for each in documents if "first_at" in each}))
        kept = by_subject(inbox.store)
        self.assertEqual({f"at-once-{number}": 1 for number in range(KEYS)},
                         {subject: len(found) for subject, found in kept.items()})
        print(f"{KEYS} keys x {PROCESSES} processes in {time.monotonic() - begin:.1f} s", flush=True)


class Content(Ledger):
    def assert_reused(self, result):
        self.assertEqual(65, result.code, result)
        self.assertEqual("/idempotency_key", result.document["error"].get("pointer"), result)

    def test_another_content_with_the_same_key_is_invalid_input_and_sends_nothing(self):
        inbox = self.inbox()
        first = message("a", idempotency_key="k", to=["bob@example.test", "carol@example.test"], html="<p>once</p>")
        self.assert_outcome("accepted", self.send(inbox.settings(), first))
        for changed in ({"subject": "b"}, {"text": "twice\n"}, {"html": "<p>twice</p>"}, {"to": "bob@example.test"},
                        {"to": ["carol@example.test", "bob@example.test"]}, {"bcc": "eve@example.test"},
                        {"reply_to": "x@example.test"}, {"headers": {"X-A": "b"}}, {"from": "bob@example.test"}):
            with self.subTest(changed):
                self.assert_reused(self.send(inbox.settings(), {**first, **changed}))
        self.assertTrue(self.assert_outcome("accepted", self.send(inbox.settings(), first))["duplicate"])
        self.assertEqual(1, len(kept_in(inbox.store)))

    def test_another_attachment_under_the_same_name_is_another_content(self):
        inbox = self.inbox()
        document = message("a", idempotency_key="k", attachments=[{"path": "a.txt"}])
        send = lambda content: self.wfc.invoke("send", inbox.settings(), document, files={"a.txt": content})  # noqa: E731
        self.assert_outcome("accepted", send(b"one"))
        self.assert_reused(send(b"two"))
        self.assertTrue(self.assert_outcome("accepted", send(b"one"))["duplicate"])
        self.assertEqual(1, len(kept_in(inbox.store)))

    def test_after_a_failure_the_key_may_be_used_for_another_content(self):
        inbox = self.inbox("mail reply 550 5.7.1 No\n")
        self.assertNotEqual(0, self.send(inbox.settings(), message("a", idempotency_key="k")).code)
        with open(os.path.join(inbox.scratch.name, "script"), "w", encoding="utf-8"):
            pass
        self.assert_outcome("accepted", self.send(inbox.settings(), message("b", idempotency_key="k")))
        self.assertEqual(["b"], [each.subject for each in kept_in(inbox.store)])

    def test_another_key_sends_the_same_content_again(self):
        inbox = self.inbox()
        for key in ("k", "l"):
            self.assertNotIn("duplicate", self.assert_outcome(
                "accepted", self.send(inbox.settings(), message("a", idempotency_key=key))))
        self.assertEqual(2, len({each.message_id for each in kept_in(inbox.store)}))

    def test_without_a_ledger_the_same_key_sends_again(self):
        inbox = self.inbox()
        settings = inbox.settings(delivery={"ledger": "off"})
        for _ in range(2):
            self.assertNotIn("duplicate", self.assert_outcome(
                "accepted", self.send(settings, message("a", idempotency_key="k"))))
        self.assertEqual(2, len(kept_in(inbox.store)))


class Rest(Ledger):
    def script(self, inbox, text):
        with open(os.path.join(inbox.scratch.name, "script"), "w", encoding="utf-8") as file:
            file.write(text)

    def test_a_partial_result_goes_on_with_the_rest_only(self):
        inbox = self.inbox(CAROL_LATER)
        settings = inbox.settings(delivery={"attempts": 1})
        document = message("a", idempotency_key="k", to=ALL)
        first = self.assert_outcome("partial", self.send(settings, document))
        self.assertEqual(["bob@example.test", "dave@example.test"], first["accepted"])
        self.script(inbox, "")
        second = self.assert_outcome("accepted", self.send(settings, document))
        self.assertNotIn("duplicate", second)
        self.assertEqual((first["message_id"], sorted(ALL)), (second["message_id"], sorted(second["accepted"])))
        third = self.assert_outcome("accepted", self.send(settings, document))
        self.assertTrue(third["duplicate"])
        self.assertEqual([["bob@example.test", "dave@example.test"], ["carol@example.test"]],
                         [each.recipients for each in kept_in(inbox.store)])
        self.assertEqual(1, len({each.message_id for each in kept_in(inbox.store)}))

    def test_an_unknown_result_stays_so_until_it_is_decided(self):
        inbox = self.inbox()
        with FaultProxy(inbox.port, [Plan(hold_from=5)]) as proxy:
            settings = inbox.settings(timeouts={"data": "1s"})
            settings["server"]["port"] = proxy.port
            document = message("a", idempotency_key="k")
            first = self.assert_outcome("unknown", self.send(settings, document))
            for _ in range(2):
                again = self.assert_outcome("unknown", self.send(settings, document))
                self.assertEqual(("ledger.unknown", first["message_id"]), (again["error"]["id"], again["message_id"]))
            self.assertEqual(1, len(kept_in(inbox.store)))
            resent = self.assert_outcome("accepted", self.send(settings, {**document, "on_unknown": "resend"}))
            self.assertEqual(first["message_id"], resent["message_id"])
            self.assertTrue(self.assert_outcome("accepted", self.send(settings, document))["duplicate"])
        self.assertEqual([first["message_id"]] * 2, [each.message_id for each in kept_in(inbox.store)])


if __name__ == "__main__":
    main()
