"""Reads [[schema, [document, ...]], ...] from a file and prints 1 or 0 for each: does a full draft-07 validator accept the document?"""

import json
import sys

from jsonschema import Draft7Validator

with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)
for schema, documents in cases:
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    for document in documents:
        sys.stdout.write("1" if validator.is_valid(document) else "0")
