"""`wfc serve` killed with calls at every stage: the next one is asked for the same calls, and sends each message at most once."""

import time

from fault_proxy import FaultProxy, Plan
from ledger_rig import Host, Ledger, by_subject, kept_in, main, message

HELD = (0, 1, 2, 3, 4, 5, 5, None)  # of each call, the reply that does not come: 0 is the greeting, 5 that to the end of data
ENDED, ALL = 3, len(HELD)


class KilledHost(Ledger):
    def killed(self, keys):
        """Kills a host in which each of the calls has come to its stage; the document of the one that was answered."""
        plans = [Plan() if each is None else Plan(hold_from=each) for each in HELD]
        with FaultProxy(self.store.port, plans) as proxy, Host(self.build, home=self.home) as host:
            account = self.store.settings(delivery={"pipelining": "off", "messages_per_connection": 1, "max_connections": ALL})
            account["server"]["port"] = proxy.port
            host.load("a", "mail-send")
            host.configure("a", account)
            ids = [self.start(host, key) for key in keys]
            answered = host.until(lambda line: line.get("type") == "result", "the result of the call without a fault")
            self.until(lambda: len(proxy.records) == ALL and all(map(self.at_its_stage, proxy.records))
                       and len(kept_in(self.store.store)) == ENDED)
            host.process.kill()
            host.wait()
            host.faults.clear()  # the line it was cut in
            self.assertEqual([answered], [line for line in host.lines if line.get("type") == "result"])
            return keys[ids.index(answered["id"])], answered["document"]

    @staticmethod
    def at_its_stage(record):
        held = record.plan.hold_from
        if held == 5:
            return record.server_has_the_end()
        return held is None or len(record.trace.replies) == held

    def until(self, reached):
        end = time.monotonic() + 60
        while not reached():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    @staticmethod
    def start(host, key):
        return host.start("a", "send", message(key), timeout_ms=60_000, call=key)

    def asked(self, keys):
        """The documents of the same calls, all at once in a new host."""
        with Host(self.build, home=self.home, seconds=90) as host:
            host.load("a", "mail-send")
            host.configure("a", self.store.settings())
            ids = [self.start(host, key) for key in keys]
            return {key: host.answer_to(each)["document"] for key, each in zip(keys, ids)}

    def test_eight_calls_of_a_killed_host_are_sent_once_by_the_next_one(self):
        self.store = self.inbox()
        keys = [f"call-{number}" for number in range(ALL)]
        answered, first = self.killed(keys)
        self.assertEqual("accepted", first["outcome"])
        for sent_now in (HELD.index(5), 0):  # those that had not come to their end; when asked once more, none
            documents = self.asked(keys)
            unknown = [key for key, each in documents.items() if each["outcome"] == "unknown"]
            self.assertEqual(HELD.count(5), len(unknown), documents)
            self.assertEqual({"ledger.unknown"}, {documents[key]["error"]["id"] for key in unknown})
            accepted = [each for each in documents.values() if each["outcome"] == "accepted"]
            self.assertEqual(ALL, len(unknown) + len(accepted), documents)
            self.assertEqual(sent_now, sum(not each.get("duplicate") for each in accepted), documents)
            self.assertEqual((True, first["message_id"], first["reply"]),
                             tuple(documents[answered].get(name) for name in ("duplicate", "message_id", "reply")))
            self.assertEqual({key: 1 for key in keys},
                             {subject: len(found) for subject, found in by_subject(self.store.store).items()})


if __name__ == "__main__":
    main()
