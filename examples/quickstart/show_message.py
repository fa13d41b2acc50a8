"""Shows a message as it arrived: its headers, and its parts as a tree. Usage: show_message.py FILE"""

import email
import email.policy
import sys


def parts(part, depth=0):
    """One line for each part: type, name, size of the decoded content, and its beginning."""
    indent = "  " * depth
    if part.is_multipart():
        print(f"{indent}{part.get_content_type()}")
        for child in part.iter_parts():
            parts(child, depth + 1)
        return
    content = part.get_payload(decode=True)
    name = f" {part.get_filename()!r}" if part.get_filename() else ""
    beginning = content.decode(part.get_content_charset("utf-8"), "replace").strip().splitlines()[:1]
    print(f"{indent}{part.get_content_type()}{name}, {part['content-transfer-encoding'] or '7bit'}, "
          f"{len(content)} octets: {(beginning or [''])[0]}")


def main():
    with open(sys.argv[1], "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    for name, value in message.items():
        print(f"{name}: {value}")
    print()
    parts(message)


main()
