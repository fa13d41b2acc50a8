"""Shows who a message is from and to, its subject and its text. Usage: show_text.py FILE"""

import email
import email.policy
import sys

with open(sys.argv[1], "rb") as file:
    message = email.message_from_binary_file(file, policy=email.policy.default)
for name in ("From", "To", "Subject"):
    print(f"{name}: {message[name]}")
print()
print(message.get_body(("plain",)).get_content().strip())
