"""Reads Prometheus' text format, version 0.0.4, and takes nothing that the format does not allow.

    families = exposition.parse(text)        # {"wfc_runs_total": Family(kind="counter", ...)}
    exposition.value(text, "wfc_runs_total", flow="f", outcome="succeeded")

Checked: each family has one HELP and one TYPE, its samples stand together behind them, no series twice; names, labels, escapes
and values are as the format has them; buckets of a histogram grow, end with +Inf and agree with its count; counters are not
negative and end with _total. A fault is a ValueError that names the line.
"""

import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
VALUE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|Inf|NaN)$")
KINDS = ("counter", "gauge", "histogram", "summary", "untyped")


class Family:
    def __init__(self, name):
        self.name = name
        self.help = self.kind = None
        self.samples = {}  # (name, ((label, value), ...)): number

    def names(self):
        return {self.name + end for end in ("", "_bucket", "_sum", "_count")} if self.kind == "histogram" else {self.name}


def parse(text):
    if not text.endswith("\n"):
        raise ValueError("the last line has no line feed")
    families = {}
    current = None
    for number, line in enumerate(text[:-1].split("\n"), 1):
        try:
            if line.startswith("# "):
                current = _comment(line, families, current)
            else:
                _sample(line, current)
        except (ValueError, IndexError, AttributeError) as fault:
            raise ValueError(f"line {number}, {line!r}: {fault}") from fault
    for family in families.values():
        _check(family)
    return families


def value(text, name, **labels):
    """Of one series; None where it is not there."""
    wanted = (name, tuple(sorted(labels.items())))
    for family in parse(text).values():
        if wanted in family.samples:
            return family.samples[wanted]
    return None


def _comment(line, families, current):
    _, keyword, name, rest = line.split(" ", 3)
    if not NAME.fullmatch(name):
        raise ValueError("no name of a metric")
    if keyword == "HELP":
        if name in families:
            raise ValueError("a second HELP, or the family is in two pieces")
        families[name] = current = Family(name)
        current.help = rest
        return current
    if keyword != "TYPE" or current is None or current.name != name or current.kind or current.samples:
        raise ValueError("TYPE stands once, behind the HELP of its family and before its samples")
    if rest not in KINDS:
        raise ValueError("no such type")
    current.kind = rest
    return current


def _sample(line, family):
    name = NAME.match(line).group()
    if name not in family.names():
        raise ValueError(f"does not belong to {family.name}")
    labels, at = _labels(line, len(name))
    if line[at] != " " or not VALUE.match(line[at + 1:]):
        raise ValueError("no value")
    key = (name, tuple(sorted(labels.items())))
    if key in family.samples:
        raise ValueError("the series is there twice")
    family.samples[key] = float(line[at + 1:])


def _labels(line, at):
    labels = {}
    if line[at] != "{":
        return labels, at
    at += 1
    while line[at] != "}":
        name = LABEL.match(line, at).group()
        at += len(name)
        if line[at:at + 2] != '="' or name in labels:
            raise ValueError("a label has no value, or stands there twice")
        at += 2
        text = ""
        while line[at] != '"':
            if line[at] == "\\":
                at += 1
                text += {"\\": "\\", '"': '"', "n": "\n"}[line[at]]
            else:
                text += line[at]
            at += 1
        labels[name] = text
        at += 1
        if line[at] == ",":
            at += 1
        elif line[at] != "}":
            raise ValueError("something stands between two labels")
    return labels, at + 1


def _check(family):
    if not family.help or not family.kind:
        raise ValueError(f"{family.name} has no HELP or no TYPE")
    if family.kind == "counter":
        if not family.name.endswith("_total"):
            raise ValueError(f"the counter {family.name} does not end with _total")
        if any(not number >= 0 for number in family.samples.values()):
            raise ValueError(f"{family.name} is negative or no number")
    if family.kind == "histogram":
        _check_buckets(family)


def _check_buckets(family):
    series = {}
    for (name, labels), number in family.samples.items():
        rest = tuple(label for label in labels if label[0] != "le")
        part = series.setdefault(rest, {"buckets": []})
        if name.endswith("_bucket"):
            part["buckets"].append((float(dict(labels)["le"].replace("Inf", "inf")), number))
        else:
            part[name[len(family.name):]] = number
    for labels, part in series.items():
        counts = [number for _, number in part["buckets"]]
        bounds = [bound for bound, _ in part["buckets"]]
        if bounds != sorted(set(bounds)) or bounds[-1] != float("inf") or counts != sorted(counts):
            raise ValueError(f"the buckets of {family.name}{labels} are not in order")
        if counts[-1] != part["_count"] or "_sum" not in part:
            raise ValueError(f"{family.name}{labels} does not agree with itself")
