"""Puts the tests of several build folders into one list, so that a single ctest runs and counts them all.

Usage: combine.py OUTPUT_DIR NAME=BUILD_DIR[+][@PROGRAM,…][:ctest option…]…
Example: combine.py build/all dev=build/dev:-C:All asan=build/asan+:-LE:fence tsan=build/tsan+@parallel_test

With @, only the tests that one of these programs runs; the others of that folder need not be built. With +, a program of
GoogleTest is one test, which runs all of its own: under a sanitizer starting a process costs more than most of them do.

Writes OUTPUT_DIR/CTestTestfile.cmake. Tests are named "NAME/test" (so are fixtures and locks' owners), and keep their
properties. Those that may take longest (TIMEOUT) start first. A build folder without tests is an error: a suite that silently
vanished must not pass.
"""

import json
import os
import subprocess
import sys


def quoted(text):
    """A bracket argument of CMake: nothing in it is special."""
    marks = "="
    while f"]{marks}]" in text:
        marks += "="
    return f"[{marks}[{text}]{marks}]"


def tests_of(build, programs, options):
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1", *options], check=True,
                            capture_output=True, text=True).stdout
    found = json.loads(listed)["tests"]
    if programs:
        found = [test for test in found if os.path.basename(test.get("command", [""])[0]) in programs]
    if not found:
        sys.exit(f"combine.py: no such tests in {build}: {' '.join(programs + options)}")
    return found


def whole_programs(tests):
    """Each program of GoogleTest once, with the time of its slowest test four times; other tests as they are."""
    programs = {}
    for test in tests:
        command = test.get("command", [])
        if not any(word.startswith("--gtest_filter=") for word in command):
            programs[test["name"]] = test
            continue
        timeout = next((entry["value"] for entry in test.get("properties", []) if entry["name"] == "TIMEOUT"), 60)
        whole = programs.setdefault(command[0], {
            "name": os.path.basename(command[0]), "command": [command[0], "--gtest_brief=1"], "properties": [
                entry for entry in test.get("properties", []) if entry["name"] == "WORKING_DIRECTORY"]
            + [{"name": "TIMEOUT", "value": 0}]})
        whole["properties"][-1]["value"] = max(whole["properties"][-1]["value"], 4 * timeout)
    return list(programs.values())


def value_of(suite, name, value):
    """A property as CMake text; names that tests share within their suite only get the suite's name."""
    if isinstance(value, bool):
        return "ON" if value else "OFF"
    if not isinstance(value, list):
        return str(value)
    if name in ("DEPENDS", "FIXTURES_SETUP", "FIXTURES_CLEANUP", "FIXTURES_REQUIRED"):
        value = [f"{suite}/{item}" for item in value]
    return ";".join(str(item) for item in value)


def render(suite, test):
    name = f"{suite}/{test['name']}"
    if "command" not in test:
        sys.exit(f"combine.py: {name} has no command; it was not built")
    text = f"add_test({quoted(name)} {' '.join(quoted(word) for word in test['command'])})\n"
    properties = ""
    given = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
    if "TIMEOUT" in given and "COST" not in given:
        properties += f" COST {given['TIMEOUT']}"
    for entry in test.get("properties", []):
        if entry["name"].startswith("_"):
            continue
        value = entry["value"]
        if entry["name"].endswith("REGULAR_EXPRESSION") and isinstance(value, list):
            value = [str(item) for item in value]
        properties += f" {entry['name']} {quoted(value_of(suite, entry['name'], value))}"
    return text + (f"set_tests_properties({quoted(name)} PROPERTIES{properties})\n" if properties else "")


def main():
    output, suites = sys.argv[1], sys.argv[2:]
    text = ""
    count = 0
    for suite in suites:
        name, _, rest = suite.partition("=")
        place, *options = rest.split(":")
        build, _, programs = place.partition("@")
        found = tests_of(build.removesuffix("+"), [program for program in programs.split(",") if program], options)
        for test in whole_programs(found) if build.endswith("+") else found:
            text += render(name, test)
            count += 1
    os.makedirs(output, exist_ok=True)
    with open(os.path.join(output, "CTestTestfile.cmake"), "w", encoding="utf-8") as file:
        file.write(text)
    print(f"{count} tests of {len(suites)} builds")


main()
