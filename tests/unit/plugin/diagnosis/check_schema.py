"""Validates a document against a draft-07 schema and proves that the schema refuses something."""
import copy
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    document = json.load(file)

jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
faults = [f"/{'/'.join(map(str, fault.path))}: {fault.message[:200]}" for fault in validator.iter_errors(document)]
for fault in faults:
    print(fault)

first = document["entries"][0]
for member, value in [("class", "temporary"), ("actor", "me"), ("retry", {"advice": "backoff"}), ("match", {"codes": []}),
                      ("en", {"title": "", "cause": "x", "steps": ["x"]})]:
    broken = {**document, "entries": [{**copy.deepcopy(first), member: value}]}
    if validator.is_valid(broken):
        faults.append(member)
        print(f"the schema takes {member} = {value}")
sys.exit(1 if faults else 0)
