"""Python's smtplib with email.message: smtplib_client.py OPTIONS (one JSON document).

{"port", "secure", "authority", "messages", "mode", "file"}; mode is "reuse" or "fresh" (a connection for each message).
Prints one JSON line as the other clients do.
"""

import json
import resource
import smtplib
import ssl
import sys
import time
from email.message import EmailMessage


def message_of(number, file):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "alice@example.test", "bob@example.test", f"Report {number}"
    text = f"Dear customer {number},\n"
    while len(text) < 1000:
        text += "the numbers of today are in this letter, and nothing else is in it.\n"
    message.set_content(text)
    if file:
        with open(file, "rb") as opened:
            message.add_attachment(opened.read(), maintype="application", subtype="octet-stream", filename="file.bin")
    return message


def peak_kib():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def cpu_s():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    options = json.loads(sys.argv[1])
    trust = ssl.create_default_context(cafile=options["authority"]) if options.get("secure") else None

    def connect():
        if trust:
            return smtplib.SMTP_SSL("127.0.0.1", options["port"], local_hostname="localhost", context=trust)
        return smtplib.SMTP("127.0.0.1", options["port"], local_hostname="localhost")

    began, cpu_before = time.monotonic(), cpu_s()
    client = None
    for number in range(options["messages"]):
        if client is None:
            client = connect()
        client.send_message(message_of(number, options.get("file")))
        if options["mode"] == "fresh":
            client.quit()
            client = None
    figures = {"messages": options["messages"], "wall_s": time.monotonic() - began, "cpu_s": cpu_s() - cpu_before,
               "peak_kib": peak_kib()}
    if client is not None:
        client.quit()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
