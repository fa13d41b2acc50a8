"""The shape of the tree: its top level, the length of files, the two READMEs."""

import os
import posixpath
import re

import tree

TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "README.ja.md",
             "plugin", "sdk", "manifests", "examples", "tests"}
CODE_LINES = 300
README_LINES = 320


def top_level(root):
    """Nothing stands at the top but what everybody expects there; dot files are free."""
    names = {name.split("/")[0] for name in tree.files(root)}
    return [f"{name}: does not belong at the top level" for name in sorted(names - TOP_LEVEL)
            if not name.startswith(".")]


def lengths(root):
    """A code file over 300 lines is asking to be split. Data is free."""
    found = []
    for name in tree.code(root, tree.CODE):
        count = len(tree.lines(root, name))
        if count > CODE_LINES:
            found.append(f"{name}: {count} lines; a code file has at most {CODE_LINES}")
    return found


def readmes(root):
    """Both READMEs are short and have the same headings, level by level, and the same blocks of commands."""
    found = []
    outlines = {}
    for name in ("README.md", "README.ja.md"):
        if not os.path.exists(os.path.join(root, name)):
            continue
        texts = [text for _, text in tree.lines(root, name)]
        if len(texts) > README_LINES:
            found.append(f"{name}: {len(texts)} lines; it has at most {README_LINES}")
        outlines[name] = _outline(texts)
    if len(outlines) == 2 and outlines["README.md"] != outlines["README.ja.md"]:
        found.append(f"README.ja.md: the outline {outlines['README.ja.md']} differs from that of README.md, "
                     f"{outlines['README.md']}")
    return found


def placeholders(root):
    """Nothing in a README waits to be filled in."""
    return [f"{name}:{number}: '{match.group(0)}' is a placeholder"
            for name in tree.files(root) if re.fullmatch(r"README.*\.md", name)
            for number, text in tree.lines(root, name)
            for match in [re.search(r"@[A-Z_]+@", text)] if match]


def untested(root):
    """Every folder of the component and of the SDK that compiles something has its folder of unit tests."""
    names = tree.files(root)
    folders = {posixpath.dirname(name) for name in names
               if name.startswith(("plugin/", "sdk/")) and name.endswith(".cpp") and name.count("/") > 1}
    tests = {posixpath.dirname(name) for name in names
             if name.startswith("tests/unit/") and re.search(r"_test\.(cpp|py)$", name)}
    return [f"{folder}: has no tests in tests/unit/{folder}"
            for folder in sorted(folders) if f"tests/unit/{folder}" not in tests]


def _outline(texts):
    """Headings as their marks and blocks as three backquotes, in order."""
    outline = []
    inside = False
    for text in texts:
        if text.startswith("```"):
            inside = not inside
            if inside:
                outline.append("```")
        elif not inside and re.match(r"#+ ", text):
            outline.append(text.split(" ")[0])
    return " ".join(outline)
