"""The folder of blobs of `wfc serve`. Arguments: --build DIR."""

import os
import signal
import time

from serve_rig import Serve, main


class Blobs(Serve):
    def refused(self, host, file, words):
        line = host.ask("invoke", component="c", operation="copy", input={}, blobs={"in": file})
        self.assert_error(line, "blob", words)

    def refused_raw(self, host, file):
        """Names that no engine may say."""
        host.last_id += 1
        host.raw(b'{"id": %d, "type": "invoke", "component": "c", "operation": "copy", "input": {}, "blobs": {"in": "%s"}}\n' %
                 (host.last_id, file.encode()))
        self.assert_error(host.answer_to(host.last_id), "blob", "no bare name")

    def test_are_read_more_than_once_and_come_back_whole(self):
        host = self.chatter()
        content = os.urandom(300_000)
        result = host.invoke("c", "copy", {}, blobs={"in": host.write_blob("some.bin", content)}, save=["out"])
        self.assertEqual(len(content), result["document"]["bytes"])
        self.assertEqual(content, host.blob(result["blobs"]["out"]))
        self.assertEqual([result["blobs"]["out"]["file"]], os.listdir(host.blobs), "what was read is removed")
        host.ask("release", of=result["id"])
        self.assertEqual([], os.listdir(host.blobs))

    def test_that_nobody_saves_leave_nothing(self):
        host = self.chatter()
        self.assertEqual({}, host.invoke("c", "copy", {}, blobs={"in": host.write_blob("a", b"a")})["blobs"])
        self.assertEqual([], os.listdir(host.blobs))

    def test_of_a_call_that_failed_are_not_kept(self):
        host = self.host()
        host.load("t", "tally")
        host.configure("t", {"file": os.path.join(host.folder.name, "tally")})
        result = host.invoke("t", "note", {"outcome": "failed"}, blobs={"in": host.write_blob("a", b"a")}, save=["out"])
        self.assertEqual(("failed", {}), (result["status"], result["blobs"]))
        self.assertEqual([], os.listdir(host.blobs))

    def test_are_named_by_bare_names(self):
        host = self.chatter()
        for name in ("", ".", "..", "../blobs", "/etc/hostname", "a/b", ".hidden", "a b", "x" * 129, "ä"):
            with self.subTest(name):
                self.refused_raw(host, name)

    def test_are_regular_files_that_are_there(self):
        host = self.chatter()
        outside = os.path.join(host.folder.name, "outside")
        with open(outside, "w", encoding="ascii") as file:
            file.write("outside")
        os.symlink(outside, os.path.join(host.blobs, "link"))
        os.symlink("nowhere", os.path.join(host.blobs, "dangling"))
        os.mkfifo(os.path.join(host.blobs, "fifo"))
        os.mkdir(os.path.join(host.blobs, "folder"))
        for name, words in (("missing", "cannot be opened"), ("link", "symbolic link"), ("dangling", "symbolic link"),
                            ("fifo", "not a regular file"), ("folder", "not a regular file")):
            with self.subTest(name):
                self.refused(host, name, words)
        self.assertTrue(os.path.exists(outside))
        if os.geteuid() == 0:
            os.chown(os.path.join(host.blobs, host.write_blob("theirs", b"x")), 65534, 65534)
            self.refused(host, "theirs", "another user")

    def test_stay_with_the_engine_where_the_call_was_not_begun(self):
        host = self.chatter()
        host.write_blob("a", b"a")
        for members in ({"operation": "copi"}, {"operation": "copy", "blobs": {"in": "a", "b": "missing"}},
                        {"operation": "secret"}):
            line = host.ask("invoke", component="c", input={}, **{"blobs": {"in": "a"}, **members})
            self.assertEqual("error", line["type"])
            self.assertEqual(["a"], os.listdir(host.blobs))
        self.assertEqual(1, host.invoke("c", "copy", {}, blobs={"in": "a"})["document"]["bytes"])

    def test_belong_to_one_call(self):
        host = self.host()
        host.load("t", "tally")
        host.configure("t", {"file": os.path.join(host.folder.name, "tally")})
        first = host.start("t", "note", {"wait_ms": 60000}, blobs={"in": host.write_blob("a", b"a")})
        line = host.ask("invoke", component="t", operation="note", input={}, blobs={"in": "a"})
        self.assert_error(line, "blob", "another call")
        host.ask("cancel", of=first)
        host.answer_to(first)
        self.assertEqual([], os.listdir(host.blobs))


class Folders(Serve):
    def folders(self, home):
        return sorted(os.listdir(os.path.join(home, "blobs")))

    def test_go_with_their_process(self):
        host = self.host()
        host.write_blob("left", b"x")
        self.assertEqual(0, host.end())
        self.assertEqual([], self.folders(host.home))

    def test_of_a_process_that_was_killed_are_removed_at_the_next_start(self):
        killed = self.host()
        killed.write_blob("left", b"x")
        os.mkdir(os.path.join(killed.blobs, "folder"))
        killed.process.send_signal(signal.SIGKILL)
        killed.wait()
        self.assertEqual(1, len(self.folders(killed.home)))
        fresh = self.host(home=killed.home)
        self.assertEqual([os.path.basename(fresh.blobs)], self.folders(killed.home))

    def test_of_processes_that_live_are_left_alone(self):
        one = self.chatter()
        name = one.write_blob("a", b"abc")
        others = [self.chatter(home=one.home) for _ in range(3)]
        self.assertEqual(4, len(self.folders(one.home)))
        self.assertEqual(4, len({host.blobs for host in (one, *others)}))
        self.assertEqual(3, one.invoke("c", "copy", {}, blobs={"in": name})["document"]["bytes"])
        for host in others:
            self.assertEqual(0, host.end())
        self.assertEqual([os.path.basename(one.blobs)], self.folders(one.home))

    def test_are_removed_where_a_component_does_not_end(self):
        host = self.chatter()
        host.start("c", "stubborn", {})
        time.sleep(0.2)
        self.assertEqual(0, host.end())
        self.assertEqual([], self.folders(host.home))


if __name__ == "__main__":
    main()
