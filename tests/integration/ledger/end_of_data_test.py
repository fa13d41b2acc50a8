"""What is said of a message whose call is cut or killed around the note that its end of data follows.

The moments are not left to chance: a lock on the state file holds back a note, the proxy a reply. They are the same whether the
message goes by DATA or by BDAT, where the end of data is a chunk of its own.
"""

import time

from fault_proxy import FaultProxy, Plan
from ledger_rig import main
from state_rig import State

GREETING, END = 0, 5  # numbers of replies


class ByData(State):
    delivery = {"chunking": "off"}

    def setUp(self):
        super().setUp()
        self.account = self.settings()

    def settings(self, **delivery):
        return self.store.settings(delivery={**self.delivery, **delivery})

    def until(self, reached):
        end = time.monotonic() + 30
        while not reached():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.002)

    def through(self, proxy):
        account = self.settings()
        account["server"]["port"] = proxy.port
        return account

    def dot_at(self, key):
        """Where the end of data begins in the bytes of a call whose key is as long."""
        with FaultProxy(self.store.port) as proxy:
            self.assert_outcome("accepted", self.send(self.through(proxy), self.key(key)))
        return proxy.records[0].trace.endings[0].begin

    def cut_before_the_note(self, account, key, how="fin"):
        """The result of a call whose connection is cut where its end of data would begin, the state file being locked since
        the claim was made, and what went through the proxy."""
        plan = Plan(cut_up=self.dot_at(key.upper()), how=how, late={GREETING: 1})
        with FaultProxy(self.store.port, [plan]) as proxy:
            account["server"]["port"] = proxy.port
            with self.wfc.started("send", account, self.key(key)) as running:
                self.until(lambda: proxy.records)
                lock = self.locked()
                self.until(lambda: proxy.records[0].cut_at)
                time.sleep(0.1)
                lock.close()
                return running.result(), proxy.records

    def test_a_cut_while_the_note_is_made_leaves_no_doubt(self):
        for how in ("fin", "rst"):
            with self.subTest(how):
                key = f"dot-{how}"
                result, records = self.cut_before_the_note(self.settings(), key, how)
                document = self.assert_outcome("accepted", result)
                self.assertEqual(["up", None], [each.cut for each in records])
                self.assertEqual([], records[0].trace.endings)
                self.assertEqual(2, len(document["attempts"]), document)
                self.assertEqual(1, self.count(key))
                self.assertTrue(self.assert_outcome("accepted", self.send(self.account, self.key(key)))["duplicate"])

    def test_a_call_that_may_not_try_again_says_failed_and_the_next_one_sends(self):
        key = "dot-one"
        self.assert_outcome("failed", self.cut_before_the_note(self.settings(attempts=1), key)[0])
        self.assertEqual(0, self.count(key))
        begin = time.monotonic()
        self.sent(key)
        self.assertLess(time.monotonic() - begin, 20)  # nobody waits for the claim of a call that has ended
        self.assertEqual(1, self.count(key))

    def killed(self, key, plan, lock_when, kill_when):
        """Kills the call once both have come, the state file being locked in between."""
        with FaultProxy(self.store.port, [plan]) as proxy, \
                self.wfc.started("send", self.through(proxy), self.key(key)) as running:
            self.until(lambda: proxy.records and lock_when(proxy.records[0]))
            lock = self.locked()
            self.until(lambda: kill_when(proxy.records[0]))
            running.process.kill()
            running.process.communicate()
            lock.close()

    def test_a_kill_is_unknown_from_the_note_of_the_end_to_that_of_the_reply(self):
        place = self.dot_at("dot-xxx")
        self.killed("dot-bef", Plan(late={GREETING: 1}), lambda record: True, lambda record: record.trace.sent == place)
        self.killed("dot-dot", Plan(hold_from=END), lambda record: record.trace.begun, lambda record: record.server_has_the_end())
        self.killed("dot-rep", Plan(late={END: 0.5}), lambda record: record.trace.begun,
                    lambda record: record.trace.endings[0].reply)
        keys = ("dot-bef", "dot-dot", "dot-rep")
        calls = [self.enterContext(self.wfc.started("send", self.account, self.key(key), options=("--timeout", "50s")))
                 for key in keys]
        documents = [each.result().document for each in calls]
        self.assertEqual(["accepted", "unknown", "unknown"], [each["outcome"] for each in documents], documents)
        self.assertNotIn("duplicate", documents[0])
        self.assertEqual([1, 1, 1], [self.count(key) for key in keys])


class ByChunks(ByData):
    delivery = {"chunking": "on"}

    def test_a_call_that_may_not_try_again_says_failed_and_the_next_one_sends(self):
        """A server that loses its way in a group is spoken to once more, one command at a time, whatever may be tried again."""
        key = "dot-one"
        document = self.assert_outcome("accepted", self.cut_before_the_note(self.settings(attempts=1), key)[0])
        self.assertEqual(2, len(document["attempts"]), document)
        self.assertEqual(1, self.count(key))


if __name__ == "__main__":
    main()
