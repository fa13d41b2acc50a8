"""One line for each mail that arrives in the inbox's folder. Usage: arrivals.py FOLDER [LAST]

Names of mails sort by their arrival: those after LAST are shown, without it all. Ends when it is told to. What others wrote is
shown without control characters.
"""

import email
import email.policy
import json
import os
import sys
import time

LONGEST = 100  # characters of a subject


def shown(text):
    text = "".join(each if each.isprintable() else "·" for each in str(text))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def line(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    with open(os.path.join(folder, name[:-4] + ".json"), encoding="utf-8") as file:
        envelope = json.load(file)
    recipients = ", ".join(each["address"] for each in envelope["to"])
    attached = sum(1 for _ in message.iter_attachments())
    files = f", {attached} attachment{'s' if attached > 1 else ''}" if attached else ""
    return (f"  {time.strftime('%H:%M:%S')}  {shown(message['From'])} → {shown(recipients)}: "
            f"{shown(message['Subject'] or '(no subject)')}{files}  [{name}]")


def main(folder, last=""):
    while True:
        for name in sorted(name for name in os.listdir(folder) if name.endswith(".eml") and name > last):
            last = name
            try:
                print(line(folder, name), flush=True)
            except (OSError, ValueError, LookupError) as error:
                print(f"  {name} arrived, and cannot be shown: {shown(error)}", flush=True)
        time.sleep(0.2)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
