"""Running a client: what it says of itself counts, what it loses is an error; and which rows a machine can run."""

import os
import sys
import tempfile
import unittest

import clients
import measure
import plan


class Counting:
    """A sink that has counted so much before and after."""

    def __init__(self, messages, recipients=0, cpu_us=0):
        self.answers = [{"messages": 100, "recipients": 500, "cpu_us": 1000},
                        {"messages": 100 + messages, "recipients": 500 + recipients, "cpu_us": 1000 + cpu_us}]

    def counts(self):
        return self.answers.pop(0)


def python(text):
    return [sys.executable, "-c", text]


class MeasureTest(unittest.TestCase):
    def test_a_client_is_believed_about_itself_and_the_sink_about_what_arrived(self):
        said = python('print(\'{"messages":10,"wall_s":2.0,"cpu_s":0.5,"peak_kib":2048}\')')
        sample = measure.run(said, Counting(10, cpu_us=3000), {"messages": 10})
        self.assertEqual((5.0, 50_000, 2048), (sample.rate, sample.cpu_us, sample.peak_kib))
        self.assertAlmostEqual(0.003, sample.server_cpu_s)

    def test_a_silent_client_is_measured_from_outside(self):
        sample = measure.run(python("sum(range(300_000))"), Counting(10), {"messages": 10})
        self.assertGreater(sample.wall_s, 0)
        self.assertGreater(sample.cpu_s, 0)

    def test_a_message_or_a_recipient_that_got_lost_is_an_error(self):
        for sink in (Counting(9, 20), Counting(10, 19), Counting(11, 20)):
            with self.assertRaisesRegex(measure.Failed, "the sink counted"):
                measure.run(python(""), sink, {"messages": 10, "recipients": 20})

    def test_a_client_that_ends_badly_is_an_error_with_its_last_words(self):
        with self.assertRaisesRegex(measure.Failed, "ended with 3: gone"):
            measure.run(python("import sys; sys.stderr.write('gone'); sys.exit(3)"), Counting(10), {"messages": 10})

    def test_a_client_that_hangs_is_ended(self):
        with self.assertRaisesRegex(measure.Failed, "took longer"):
            measure.run(python("import time; time.sleep(60)"), Counting(10), {"messages": 10}, seconds=0.2)


class PlanTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = clients.Place(folder.name, folder.name, folder.name)

    def test_rows_of_peers_that_are_not_here_are_left_out(self):
        self.assertIn("nodemailer", clients.missing(self.place))
        names = {row.name for row in plan.compared(self.place, plan.Effort("quick"))}
        self.assertLessEqual({plan.ONE, plan.PIPELINED, "smtplib", "on", "off"}, names)
        self.assertFalse([name for name in names if name.startswith(("nodemailer", "libcurl"))])
        os.makedirs(os.path.join(self.place.modules, "node_modules", "nodemailer"))
        self.assertIn(plan.NODEMAILER, {row.name for row in plan.compared(self.place, plan.Effort("quick"))})

    def test_the_sink_is_to_count_the_warm_up_too_and_each_recipient(self):
        row = next(row for row in plan.alone(self.place, plan.Effort("quick")) if (row.group, row.name) == ("recipients", "100"))
        self.assertEqual((row.messages + row.warm_up) * 100, row.expected["recipients"])

    def test_only_a_full_run_goes_to_the_limits(self):
        def names(effort):
            return {row.name for row in plan.alone(self.place, plan.Effort(effort))}
        self.assertLessEqual({"1,000,000", "1 GiB"}, names("full"))
        self.assertLessEqual({"100,000", "100 MiB"}, names("usual") - names("quick"))
        self.assertFalse({"1,000,000", "1 GiB"} & names("usual"))

    def test_a_smoke_run_is_short(self):
        rows = plan.compared(self.place, plan.Effort("smoke"))
        self.assertEqual(1, plan.Effort("smoke").rounds)
        self.assertLessEqual(max(row.messages for row in rows), 5)

    def test_each_row_makes_a_command_for_its_port(self):
        for row in plan.compared(self.place, plan.Effort()) + plan.alone(self.place, plan.Effort()):
            command = row.command([4001, 4002, 4003, 4004], 7)
            self.assertTrue(any("400" in word for word in command), command)


if __name__ == "__main__":
    unittest.main()
