"""Validates the catalogue against its draft-07 schema, and proves that the schema refuses something.

check_schema.py SCHEMA FOLDER WHOLE: FOLDER has catalogue.json and its files, WHOLE is all of them in one document.
"""
import copy
import json
import pathlib
import sys

import jsonschema


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


schema = read(sys.argv[1])
folder = pathlib.Path(sys.argv[2])
whole = read(sys.argv[3])
jsonschema.Draft7Validator.check_schema(schema)
faults = []


def validator(form):
    """Of one form, so that a fault is named where it is and not as "matches none of three"."""
    return jsonschema.Draft7Validator({"$ref": f"#/definitions/{form}", "definitions": schema["definitions"]})


def check(name, document, form):
    for fault in validator(form).iter_errors(document):
        faults.append(f"{name}: /{'/'.join(map(str, fault.path))}: {fault.message[:200]}")
    if not jsonschema.Draft7Validator(schema).is_valid(document):
        faults.append(f"{name} has not exactly one of the forms of the schema")


catalogue = read(folder / "catalogue.json")
check("catalogue.json", catalogue, "catalogue")
check("errors.json", whole, "whole")
for name in catalogue["files"]:
    check(name, read(folder / name), "file")
for stray in {path.name for path in folder.glob("*.json")} - {"catalogue.json", *catalogue["files"]}:
    faults.append(f"{stray} is not among the files of catalogue.json")

first = whole["entries"][0]
for member, value in [("class", "temporary"), ("actor", "me"), ("retry", {"advice": "backoff"}), ("match", {"codes": []}),
                      ("en", {"title": "", "cause": "x", "steps": ["x"]})]:
    broken = {"format": 1, "entries": [{**copy.deepcopy(first), member: value}]}
    if validator("file").is_valid(broken):
        faults.append(f"the schema takes {member} = {value}")
for member, value in [("files", []), ("providers", [{"id": "A"}]), ("words", {"en": {}})]:
    if validator("catalogue").is_valid({**catalogue, member: value}):
        faults.append(f"the schema takes {member} = {value}")

print("\n".join(faults))
sys.exit(1 if faults else 0)
