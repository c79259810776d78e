#!/usr/bin/env python3
"""rfcs.py ROOT: docs/RFCS.md has a row, with yes, part or no and a reason, for each RFC that its sections, the manual pages' STANDARDS
and the tests' rule ids speak of; and each of its rule ids is proved by a test.
"""
import pathlib
import re
import sys

_ROW = re.compile(r"^\| ([0-9, ]+) \| ([^|]+) \| (yes|part|no) \|([^|]*)\|$", re.MULTILINE)
_OVERVIEW = "## Each RFC: yes, part or no\n"


def numbers(text):
    return set(re.findall(r"\b[1-9][0-9]{3}\b", text))


def standards(page):
    text = page.read_text(encoding="utf-8")
    section = re.search(r"^\.Sh STANDARDS\n(.*?)(?=^\.(?:Sh|Pp)|\Z)", text, re.MULTILINE | re.DOTALL)
    return numbers(section[1]) if section else set()


def headed(text):
    """RFCs that a section is about; of a range every one."""
    found = set()
    for heading in re.findall(r"^## (.*RFC.*)$", text.replace(_OVERVIEW, ""), re.MULTILINE):
        for first, last in re.findall(r"([0-9]{4})–([0-9]{4})", heading):
            found |= {str(number) for number in range(int(first), int(last) + 1)}
        found |= numbers(heading)
    return found


def tests_of(root):
    files = [path for path in (root / "tests").rglob("*") if path.is_file() and "golden" not in path.parts]
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def faults(root):
    page = (root / "docs" / "RFCS.md").read_text(encoding="utf-8")
    overview = page.partition(_OVERVIEW)[2].partition("\n## ")[0]
    rows = _ROW.findall(overview)
    listed = [number for row in rows for number in row[0].split(", ")]
    tests = tests_of(root)
    wanted = headed(page) | set(re.findall(r"\bR([0-9]{4})-[0-9]", tests))
    for manual in (root / "docs" / "man").iterdir():
        if manual.name != "meson.build":
            wanted |= standards(manual)
    yield from (f"RFC {number}: no row" for number in sorted(wanted - set(listed)))
    yield from (f"RFC {number}: more than one row" for number in sorted(set(listed)) if listed.count(number) > 1)
    yield from (f"RFC {row[0]}: {row[2]}, and no reason" for row in rows if row[2] != "yes" and not row[3].strip())
    if overview.count("\n|") - 2 != len(rows):
        yield "a row of the overview cannot be read"
    for rule in sorted(set(re.findall(r"\bR[0-9]{4}-[0-9.]*[0-9][a-z]?\b", page))):
        if not re.search(rf"\b{re.escape(rule)}\b", tests):
            yield f"{rule}: no test names it"


def main():
    found = list(faults(pathlib.Path(sys.argv[1])))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
