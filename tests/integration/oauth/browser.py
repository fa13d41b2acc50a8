#!/usr/bin/python3 -B
"""Stands in for a browser ($BROWSER): signs in, consents, comes back, and keeps the last page in a file.

OAUTH_USER says who signs in, OAUTH_PAGE where the page goes, OAUTH_DENY=1 says no, OAUTH_LANGUAGES which languages the
browser asks for.
"""

import os
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from oauth.rig import Person  # noqa: E402

if os.fork():  # a browser's starter returns at once
    sys.exit(0)
url = sys.argv[1]
redirect = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["redirect_uri"][0]
person = Person(os.environ.get("OAUTH_USER", "alice@example.test"), os.environ.get("OAUTH_LANGUAGES", "en"))
status, headers, page = person.visit(person.consent(url, redirect, os.environ.get("OAUTH_DENY") == "1"))
with open(os.environ["OAUTH_PAGE"], "w", encoding="utf-8") as file:
    file.write("\n".join(f"{name}: {value}" for name, value in headers.items()) + "\n\n" + page)
