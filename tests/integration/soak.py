"""A flow that is killed at random moments and started again: what ran, what was said, and whether the two agree."""

import datetime
import random
import time


def milliseconds(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def killed_at_random(folder, every_s, seconds, seed):
    """Runs the flow for so long, killing and starting it again; ends cleanly. Returns all events in order."""
    dice = random.Random(seed)
    flow = folder.flow(every=f"{every_s}s", step={"wait_ms": int(every_s * 300)})
    events = []
    kills = 0
    end = time.monotonic() + seconds
    while True:
        with folder.start(flow) as run:
            run.until("next")
            rest = end - time.monotonic()
            alive = dice.uniform(0.6, 3.0) * every_s
            if rest <= alive:
                time.sleep(max(rest, 0))
                run.terminate()
                code = run.wait()
                events += run.events()
                return events, kills, code
            time.sleep(alive)
            run.kill()
            kills += 1
            events += run.events()
        time.sleep(dice.choice((0, dice.uniform(0, 2.5) * every_s)))


def check(test, folder, events, every_s, kills):
    """No run twice; each that began, was cut or missed is named; no time is left out."""
    of = {}
    for event in events:
        of.setdefault(event["event"], []).append(event)
    begun = folder.begun()
    test.assertEqual(len(begun), len(set(begun)), "a run was done twice")
    ended = {event["call_id"] for event in of.get("step", [])}
    cut = {event["call_id"] for event in of.get("cut", []) if "call_id" in event}
    # What was done before a run was cut: said by the next process where this one was killed before it could.
    for event in of.get("cut", []):
        run = f"{event['flow']}/{event['scheduled']}"
        ended |= {f"{run}/{done.split()[0]}" for done in event["done"].split(", ") if done}
    test.assertEqual(set(), set(begun) - ended - cut, "done, and named neither as ended nor as cut")
    # A step's end is said before it is written down; a kill between the two makes it unknown as well.
    test.assertLessEqual(len(ended & cut), kills, "named as ended and as cut")
    unbegun = [event["scheduled"] for event in of.get("cut", []) if "call_id" not in event and not event["done"]]
    runs = [event["scheduled"] for event in of.get("run", [])]
    for time in unbegun:  # said to run by a process that was killed before the first step, and run after all
        if runs.count(time) > 1:
            runs.remove(time)
    test.assertEqual(len(runs), len(set(runs)), "said to run twice")
    closed = {event["scheduled"] for kind in ("finished", "stopped", "cut") for event in of.get(kind, [])}
    ended_runs = {call.split("/")[1] for call in ended}
    test.assertEqual(set(), set(runs) - closed - ended_runs, "began and never ended")

    every = every_s * 1000
    late = {milliseconds(event["scheduled"]): event["late_ms"] for event in of.get("run", [])}
    times = {milliseconds(text) for text in runs}
    times |= {milliseconds(event["scheduled"]) for event in of.get("cut", [])}
    for event in of.get("missed", []) + of.get("skipped", []):
        first, last = milliseconds(event["first"]), milliseconds(event["last"])
        test.assertEqual(event["count"], (last - first) // every + 1)
        times |= set(range(first, last + 1, every))
    ordered = sorted(times)
    test.assertEqual(milliseconds(of["next"][0]["scheduled"]), ordered[0])
    for before, after in zip(ordered, ordered[1:]):
        # A run's start is where the next time counts from; of one that was cut before it was said, nobody knows it.
        latest = every + late.get(before, 3000) + 50
        test.assertLessEqual(after - before, latest, f"a time is missing between {before} and {after}")
        test.assertGreaterEqual(after - before, every, f"{before} and {after} are too close")
    return {kind: len(found) for kind, found in of.items()}
