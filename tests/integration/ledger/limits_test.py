"""Providers' limits, kept by several processes together: by the inbox's arrival times and the proxy's count of connections."""

import concurrent.futures
import datetime
import time

from fault_proxy import FaultProxy, Plan
from ledger_rig import Ledger, kept_in, main, message

PROCESSES, PER_MINUTE = 4, 30


def seconds(received):
    return datetime.datetime.strptime(received, "%Y%m%dT%H%M%S.%fZ").timestamp()


class Minute(Ledger):
    def setUp(self):
        super().setUp()
        self.store = self.inbox()
        self.account = self.store.settings(delivery={"limits": {"messages_per_minute": PER_MINUTE}})

    def sends_until(self, host, name, end):
        number = 0
        while time.monotonic() < end:
            left_ms = max(1, round((end - time.monotonic()) * 1000))
            line = host.invoke("a", "send", message(f"{name} {number}"), timeout_ms=left_ms)
            if line["document"]["outcome"] != "accepted":  # its place would come too late
                self.assertEqual("limit.messages_per_minute", line["document"]["error"]["id"], line)
                return
            number += 1

    def at_full_speed(self, length):
        """Four processes send for so many seconds from the first message on; the arrival times."""
        hosts = [self.host(seconds=length + 60) for _ in range(PROCESSES)]
        for host in hosts:
            host.load("a", "mail-send")
            host.configure("a", self.account)
        end = time.monotonic() + length
        with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
            for job in [pool.submit(self.sends_until, host, f"p{place}", end) for place, host in enumerate(hosts)]:
                job.result()
        return [seconds(each.received) for each in kept_in(self.store.store)]

    def assert_never_more(self, times):
        for place in range(PER_MINUTE, len(times)):
            self.assertGreaterEqual(times[place] - times[place - PER_MINUTE], 60 - 0.002,  # arrivals are in whole ms
                                    f"{PER_MINUTE + 1} messages within a minute, to the {place + 1}th")


class PerMinute(Minute):
    def test_the_one_too_many_is_told_at_once_when_it_may_go(self):
        times = self.at_full_speed(8)
        self.assertEqual(PER_MINUTE, len(times))
        begin = time.monotonic()
        for options in (("--timeout", "5s"), ("--timeout", "20s")):
            result = self.send(self.account, message("one too many", idempotency_key="k"), *options)
            error = self.assert_outcome("failed", result)["error"]
            self.assertEqual(("limit.messages_per_minute", "after"), (error["id"], error["retry"]["advice"]), result)
            self.assertTrue(20 < error["retry"]["delay_ms"] / 1000 <= 61, result)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(PER_MINUTE, len(kept_in(self.store.store)))


class MinutesOfIt(Minute):
    def test_four_processes_never_send_more_and_hardly_less(self):
        length = 135
        times = self.at_full_speed(length)
        self.assert_never_more(times)
        # At once 30, and 30 more at the end of each minute: what nobody can exceed.
        possible = PER_MINUTE * (1 + int((length - 5) // 60))
        took = times[2 * PER_MINUTE] - times[0] if len(times) > 2 * PER_MINUTE else 0
        print(f"{len(times)} messages of {possible} in {length} s; two minutes' worth took {took:.2f} s", flush=True)
        self.assertGreaterEqual(len(times), 0.95 * possible)
        self.assertLessEqual(took, 120 / 0.95)


class Connections(Ledger):
    def test_six_calls_of_three_processes_are_never_more_than_two_at_the_server(self):
        store = self.inbox()
        with FaultProxy(store.port, [Plan(late={3: 0.1}) for _ in range(60)]) as proxy:
            account = store.settings(delivery={"max_connections": 2})
            account["server"]["port"] = proxy.port
            hosts = [self.host() for _ in range(3)]
            for host in hosts:
                host.load("a", "mail-send")
                host.configure("a", account)
            calls = [(host, host.start("a", "send", message(f"{place} {number}"), timeout_ms=60_000))
                     for number in range(4) for place, host in enumerate(hosts)]
            for host, call in calls:
                self.assertEqual("accepted", host.answer_to(call)["document"]["outcome"])
            self.assertEqual(2, proxy.most_at_once)
        self.assertEqual(12, len(kept_in(store.store)))


class KilledConnections(Ledger):
    def test_the_places_of_a_killed_process_are_free_again_when_their_lease_ends(self):
        store = self.inbox()
        account = store.settings(delivery={"max_connections": 1})
        with FaultProxy(store.port, [Plan(hold_from=0)]) as proxy:
            account["server"]["port"] = proxy.port
            with self.wfc.started("send", account, message("killed")) as running:
                while not proxy.records:
                    time.sleep(0.01)
                running.process.kill()
            short = self.assert_outcome("failed", self.send(account, message("short"), "--timeout", "2s"))
            self.assertEqual("limit.connections", short["error"]["id"])
            self.assert_outcome("accepted", self.send(account, message("long"), "--timeout", "50s"))


if __name__ == "__main__":
    main(long=("MinutesOfIt", "KilledConnections"))
