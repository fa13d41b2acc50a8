"""A full disk, a locked, a damaged and a read-only state file: a clear error that names it, nothing sent where it could not be
noted before the end of data, and nothing sent twice.
"""

import concurrent.futures
import os
import random
import time

from fault_proxy import FaultProxy, Plan
from ledger_rig import main
from state_rig import State

END = 5  # the reply to the end of data; 4 is the one to DATA


def busy(result):
    return result.document.get("error", {}).get("id") == "ledger.busy"


class FullDisk(State):
    def test_what_does_not_fit_is_not_sent_and_what_was_sent_is_not_sent_again(self):
        self.sent("before")
        keys = {}
        for size in (0, 1, 1024, 4096, 8192, 12288, 16384, 24576, 32768, 40960, 49152, 65536):
            key = f"up to {size}"
            result = self.send(self.account, self.key(key), wfc=self.with_files_up_to(size))
            there = self.count(key)
            self.assertIn(result.document["outcome"], ("accepted", "failed"), result)
            self.assertEqual(result.document["outcome"] == "accepted", there == 1, result)
            if there == 0:
                self.assert_no_state(result)
            keys[key] = result.document
        said = [each["outcome"] for each in keys.values()]
        self.assertEqual({"accepted", "failed"}, set(said), said)
        self.no_second_send(keys, "50s")
        self.assertTrue(self.assert_outcome("accepted", self.send(self.account, self.key("before")))["duplicate"])

    def test_a_disk_that_fills_up_is_said_and_sends_nothing_twice(self):
        if not self.tiny_disk("400k"):
            print("\nNOT RUN: bad_state_test.py: a disk that fills up needs the right to mount one", flush=True)
            return
        self.sent("before")
        keys, ballast = {}, os.path.join(self.home, "ballast")
        with open(ballast, "wb") as file:
            for number in range(60):  # eight more pages at a time, until nothing goes
                key = f"disk {number}"
                result = self.send(self.account, self.key(key))
                keys[key] = result.document
                if result.document["outcome"] != "accepted":
                    self.assert_no_state(result)
                    self.assertEqual(0, self.count(key), result)
                    break
                try:
                    file.write(bytes(8 * 4096))
                    file.flush()
                except OSError:
                    pass
            else:
                self.fail("the disk did not fill up")
        os.remove(ballast)
        self.no_second_send(keys, "2s")

    def no_second_send(self, keys, patience):
        """The same calls when there is room again: none of the messages is there twice; with patience none is lost."""
        def again(key):
            return self.send(self.account, self.key(key), "--timeout", patience)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            results = dict(zip(keys, pool.map(again, keys)))
        for key, result in results.items():
            with self.subTest(key):
                self.assertLessEqual(self.count(key), 1, result)
                if busy(result) and patience == "2s":
                    continue  # a claim that could not be given back lasts half a minute
                self.assertIn(result.document["outcome"], ("accepted", "unknown"), result)
                if keys[key]["outcome"] == "accepted":
                    self.assertTrue(result.document.get("duplicate") or result.document["outcome"] == "unknown", result)
                else:
                    self.assertEqual(("accepted", 1), (result.document["outcome"], self.count(key)), result)


class Locked(State):
    def through(self, plan):
        proxy = self.enterContext(FaultProxy(self.store.port, [plan]))
        self.account["server"]["port"] = proxy.port
        return proxy

    def until(self, what):
        end = time.monotonic() + 30
        while not what():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.002)

    def again(self, key):
        return self.send(self.account, self.key(key), "--timeout", "2s")

    def test_by_another_process_from_the_start_sends_nothing(self):
        self.sent("before")
        lock = self.locked()
        self.assert_no_state(self.send(self.account, self.key("new")))
        self.send(self.account, self.key("before"))  # reading may do
        self.assertEqual((1, 0), (self.count("before"), self.count("new")))
        lock.close()
        self.assertTrue(self.assert_outcome("accepted", self.again("before"))["duplicate"])
        self.assertNotIn("duplicate", self.assert_outcome("accepted", self.again("new")))
        self.assertEqual((1, 1), (self.count("before"), self.count("new")))

    def test_before_the_end_of_data_sends_nothing(self):
        self.sent("before")
        proxy = self.through(Plan(late={END - 1: 1.0}))
        with self.wfc.started("send", self.account, self.key("new")) as running:
            self.until(lambda: proxy.records and proxy.records[0].down_received > proxy.records[0].down_forwarded > 100)
            lock = self.locked()
            self.assert_no_state(running.result())
        self.assertEqual([], proxy.records[0].trace.endings)
        lock.close()
        self.assertEqual(0, self.count("new"))
        again = self.again("new")
        self.assertTrue(busy(again) or again.document["outcome"] == "accepted", again)
        self.assertEqual(again.document["outcome"] == "accepted", self.count("new") == 1)

    def test_after_the_end_of_data_the_result_stands_with_a_warning_and_nothing_is_sent_again(self):
        self.sent("before")
        proxy = self.through(Plan(late={END: 1.0}))
        with self.wfc.started("send", self.account, self.key("new")) as running:
            self.until(lambda: proxy.records and proxy.records[0].trace.begun)
            lock = self.locked()
            result = running.result()
        self.assert_outcome("accepted", result)
        self.assertTrue(any("ledger" in each for each in result.document.get("warnings", [])), result)
        lock.close()
        again = self.again("new")
        self.assertTrue(busy(again) or again.document["outcome"] == "unknown" or again.document.get("duplicate"), again)
        self.assertEqual(1, self.count("new"))


class Damaged(State):
    def setUp(self):
        super().setUp()
        for number in range(8):
            self.sent(f"key {number}")
        with open(self.state_file, "rb") as file:
            self.sound = file.read()
        self.dice = random.Random(self.seed)

    def damage(self, begin, length):
        with open(self.state_file, "r+b") as file:
            file.seek(begin)
            file.write(self.dice.randbytes(length))

    def restore(self):
        for name in os.listdir(self.home):
            if name.startswith("state.sqlite-"):
                os.remove(os.path.join(self.home, name))
        with open(self.state_file, "wb") as file:
            file.write(self.sound)

    def test_a_header_of_random_bytes_is_an_error_that_names_the_file_and_leaves_it_alone(self):
        self.damage(0, 100)
        with open(self.state_file, "rb") as file:
            before = file.read()
        for key in ("key 0", "new"):
            self.assert_no_state(self.send(self.account, self.key(key)))
        with open(self.state_file, "rb") as file:
            self.assertEqual(before, file.read())
        self.assertEqual((1, 0), (self.count("key 0"), self.count("new")))

    def test_pages_of_random_bytes_never_send_again(self):
        page = 4096
        said = {"duplicate": 0, "host.state": 0, "other": 0}
        for begin in range(page, len(self.sound), page):
            with self.subTest(seed=self.seed, page=begin // page):
                self.restore()
                self.damage(begin, page)
                result = self.send(self.account, self.key("key 3"))
                self.assertGreaterEqual(result.code, 0, f"crashed: {result}")
                self.assertEqual(1, self.count("key 3"), f"sent again: {result}")
                error = result.document.get("error", {}).get("id")
                said["duplicate" if result.document.get("duplicate") else "host.state" if error == "host.state" else "other"] += 1
        self.assertEqual(0, said["other"], said)
        self.assertGreater(said["host.state"], 0, said)

    def test_a_file_that_was_cut_short_never_sends_again(self):
        for length in (len(self.sound) // 2, 4096, 100, 10):
            with self.subTest(length):
                self.restore()
                os.truncate(self.state_file, length)
                self.assert_no_state(self.send(self.account, self.key("key 3")))
                self.assertEqual(1, self.count("key 3"))


class ReadOnly(State):
    def test_a_folder_that_cannot_be_written_sends_nothing_and_names_the_file(self):
        self.sent("before")
        os.chmod(self.state_file, 0o400)
        os.chmod(self.home, 0o500)
        self.addCleanup(os.chmod, self.home, 0o700)
        result = self.send(self.account, self.key("new"), wfc=self.without_rights_of_root())
        self.assertEqual("host.state", result.document["error"]["id"], result)
        self.assertIn(self.home, f"{result.output}{result.log}")
        self.assertEqual(0, self.count("new"))
        os.chmod(self.home, 0o700)
        os.chmod(self.state_file, 0o600)
        self.assert_outcome("accepted", self.send(self.account, self.key("new")))
        self.assertEqual(1, self.count("new"))

    def test_no_home_at_all_is_an_error_with_a_key_of_ones_own(self):
        wfc = self.behind("env", "-u", "HOME", "WFC_HOME=/proc/nowhere")
        result = self.send(self.account, self.key("new"), wfc=wfc)
        self.assertEqual("host.state", result.document["error"]["id"], result)
        self.assertEqual(0, self.count("new"))


if __name__ == "__main__":
    main()
