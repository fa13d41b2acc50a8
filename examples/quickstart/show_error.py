"""Shows the error of a result document: the string an engine sees, and the explanation under it.

Usage: show_error.py FILE. It only prints what the document holds; nothing is looked up or worded here.
"""

import json
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        error = json.load(file)["error"]
    print(error["message"])
    explanation = error.get("explanation")
    if not explanation:
        return
    print()
    print(f"  {explanation['title']}")
    print(f"  {explanation['cause']}")
    for number, step in enumerate(explanation.get("steps", []), 1):
        print(f"  {number}. {step}")
    print(f"  [{error['id']} · {error['stage']} · {error['class']} · {explanation['actor']}]")
    if explanation.get("link"):
        print(f"  {explanation['link']}")


main()
