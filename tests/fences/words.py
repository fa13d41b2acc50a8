"""Words and paths that do not belong where they stand."""

import re

import tree

# Words of mail. The SDK knows nothing about mail: another component would have none of these.
MAIL = {"mail", "mails", "email", "mailbox", "mailboxes", "smtp", "imap", "recipient", "recipients", "mailsend",
        "starttls", "ehlo", "rcpt", "mime", "bcc", "postfix"}

# Absolute paths below a home or a checkout of one machine. Written so that it does not match itself.
PLACES = re.compile(r"(?<![\w.$}*])/(?:root|home/[\w.-]+|work(?:space)?|builds?|Users/[\w.-]+)/\w")


def standard_regex(root):
    """std::regex recurses on its input and can be made to overflow the stack; RE2 is the library here."""
    pattern = re.compile(r"std\s*::\s*w?(?:regex|smatch|cmatch|sregex)|#\s*include\s*<regex>")
    return [f"{name}:{number}: std::regex is not used here; use RE2"
            for name in tree.code(root) for number, text in tree.lines(root, name) if pattern.search(text)]


def mail_in_sdk(root):
    """No word of mail stands in the SDK, whether alone or as a part of a name; its README may speak of components."""
    found = []
    for name in tree.files(root):
        if not name.startswith("sdk/") or name.endswith(".md"):
            continue
        for number, text in tree.lines(root, name) + [(0, name)]:
            for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text):
                if word.lower() in MAIL:
                    found.append(f"{name}:{number}: '{word}' is a word of mail, and the SDK knows nothing about mail")
                    break
    return found


def workplace(root):
    """No absolute path of the machine on which the project was written is in the tree."""
    return [f"{name}:{number}: '{match.group(0)}' is a path of one machine"
            for name in tree.files(root) if name != "LICENSE"
            for number, text in tree.lines(root, name)
            for match in [PLACES.search(text)] if match]
