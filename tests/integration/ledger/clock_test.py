"""Clocks that jump between two calls: nothing is sent twice, no limit opens early, and nothing is blocked for the jump's length.

Needs libfaketime (package faketime). The monotonic clock stays what it is, as when a machine's wall clock is set.
"""

import os
import time

from fault_proxy import FaultProxy, Plan
from ledger_rig import main, require
from state_rig import FAKETIME, State


class Clock(State):
    def setUp(self):
        super().setUp()
        require(None if os.path.exists(FAKETIME) else "faketime is not installed")

    def killed_in(self, key, reached, plan):
        """A call that is killed once the proxy's record says so; its claim is left behind."""
        account = self.store.settings()
        with FaultProxy(self.store.port, [plan]) as proxy:
            account["server"]["port"] = proxy.port
            with self.wfc.started("send", account, self.key(key)) as running:
                end = time.monotonic() + 30
                while not (proxy.records and reached(proxy.records[0])):
                    self.assertLess(time.monotonic(), end)
                    time.sleep(0.002)
                running.process.kill()
                running.process.communicate()

    def test_what_was_sent_stays_sent_wherever_the_clock_goes(self):
        first = self.sent("k")
        for offset in ("+1h", "-1h", "+29d", "-400d", "+0"):
            with self.subTest(offset):
                again = self.assert_outcome("accepted", self.send(self.account, self.key("k"), wfc=self.at(offset)))
                self.assertEqual((True, first["message_id"]), (again.get("duplicate"), again["message_id"]))
        self.assertEqual(1, self.count("k"))

    def test_a_dead_call_is_not_sent_again_wherever_the_clock_goes(self):
        self.killed_in("k", lambda record: record.trace.begun, Plan(hold_from=5))
        back = self.send(self.account, self.key("k"), "--timeout", "2s", wfc=self.at("-1h"))
        self.assertEqual("ledger.busy", back.document["error"]["id"], back)
        for offset in ("+1h", "-1h", "+0"):
            result = self.send(self.account, self.key("k"), "--timeout", "50s", wfc=self.at(offset))
            self.assertEqual("ledger.unknown", self.assert_outcome("unknown", result)["error"]["id"], result)
        self.assertEqual(1, self.count("k"))

    def test_a_claim_from_a_future_that_never_comes_ends_after_half_a_minute(self):
        self.killed_in("k", lambda record: record.trace.replies, Plan(hold_from=1))
        begin = time.monotonic()
        result = self.send(self.account, self.key("k"), "--timeout", "55s", wfc=self.at("-1h"))
        self.assert_outcome("accepted", result)
        self.assertLess(time.monotonic() - begin, 45)
        self.assertEqual(1, self.count("k"))

    def test_a_jump_opens_no_window_early_and_closes_none_for_its_length(self):
        self.account["delivery"] = {"limits": {"messages_per_minute": 2}}
        for number in range(2):
            self.sent(f"k{number}")
        for offset in ("+1h", "-1h", "+1h", "+0"):
            with self.subTest(offset):
                result = self.send(self.account, self.key("k2"), "--timeout", "1s", wfc=self.at(offset))
                self.assert_outcome("failed", result)
                error = result.document["error"]
                self.assertEqual("limit.messages_per_minute", error["id"], result)
                self.assertLessEqual(error["retry"]["delay_ms"], 61_000)
        self.assertEqual(0, self.count("k2"))


if __name__ == "__main__":
    main()
