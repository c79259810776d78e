#!/usr/bin/env python3
"""rfcs.py ROOT [--self-test]: docs/RFCS.md has a row, with yes, part or no and a reason, for each RFC that its sections, the manual
pages' STANDARDS and the tests' rule ids speak of; for each that the sources cite a row, or a line among the details; and each of its rule
ids is proved by a test.
"""
import pathlib
import re
import sys
import tempfile

_ROW = re.compile(r"^\| ([0-9, ]+) \| ([^|]+) \| (yes|part|no) \|([^|]*)\|$", re.MULTILINE)
_OVERVIEW = "## Each RFC: yes, part or no\n"
_DETAILS = "### Cited for a detail alone\n"
_DETAIL = re.compile(r"^- ([0-9]{4}): (.+)$", re.MULTILINE)
# A comment may break the line after "RFC", a text end there and go on below.
_GAP = r'[\s"/*]*'
_CITED = re.compile(rf"\bRFCs?{_GAP}([0-9]{{4}}(?:(?:,|,? and|,? or){_GAP}(?:RFC{_GAP})?[0-9]{{4}}\b)*)")
# Of a number and a section, of a number alone, and of neither: R7671-8.3a, R5011-a, R-rcode.
_RULE = re.compile(r"\bR(?:[0-9]{4}-(?:[0-9]+(?:\.[0-9]+)*[a-z]?|[a-z])|-[a-z]+)(?!\.?[0-9A-Za-z])")


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
    """All but this script, which names rules that it does not prove."""
    own = pathlib.Path(__file__).name
    files = [path for path in (root / "tests").rglob("*") if path.is_file() and "golden" not in path.parts and path.name != own]
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def cited(root):
    """RFCs that the sources speak of, each with a file that does."""
    found = {}
    for top in ("src", "plugin", "include"):
        for path in sorted(path for path in (root / top).rglob("*") if path.is_file()):
            for several in _CITED.findall(path.read_text(encoding="utf-8", errors="replace")):
                found |= {number: path.relative_to(root) for number in re.findall("[0-9]{4}", several)}
    return found


def faults(root):
    page = (root / "docs" / "RFCS.md").read_text(encoding="utf-8")
    overview, _, details = page.partition(_OVERVIEW)[2].partition("\n## ")[0].partition(_DETAILS)
    detail = [number for number, _ in _DETAIL.findall(details)]
    sources = cited(root)
    rows = _ROW.findall(overview)
    listed = [number for row in rows for number in row[0].split(", ")]
    tests = tests_of(root)
    wanted = headed(page) | set(re.findall(r"\bR([0-9]{4})-[0-9]", tests))
    for manual in (root / "docs" / "man").iterdir():
        if manual.name != "meson.build":
            wanted |= standards(manual)
    yield from (f"RFC {number}: no row" for number in sorted(wanted - set(listed)))
    yield from (f"RFC {number}: {sources[number]} cites it, and it has neither a row nor a line among the details"
                for number in sorted(sources.keys() - set(listed) - set(detail)))
    yield from (f"RFC {number}: a detail, and has a row or another line, or nothing cites it" for number in sorted(set(detail))
                if number in listed or detail.count(number) > 1 or number not in sources)
    yield from (f"RFC {number}: more than one row" for number in sorted(set(listed)) if listed.count(number) > 1)
    yield from (f"RFC {row[0]}: {row[2]}, and no reason" for row in rows if row[2] != "yes" and not row[3].strip())
    if overview.count("\n|") - 2 != len(rows):
        yield "a row of the overview cannot be read"
    if details.count("\n- ") + details.startswith("- ") != len(detail):
        yield "a line of the details cannot be read"
    proved = set(_RULE.findall(tests))
    yield from (f"{rule}: no test names it" for rule in sorted(set(_RULE.findall(page)) - proved))


# What is done to a tree in order, file, text and what stands there instead, and what the complaint must say.
_PAGE = f"""{_OVERVIEW}
| RFC | what it is | done | what is left out, and why |
|---|---|---|---|
| 7671, 7672 | x | part | y |

{_DETAILS}
- 3339: z

## Rules

R7671-8.3a R7671-8 R5011-a R-rcode
"""
_TREE = {"docs/RFCS.md": _PAGE, "docs/man/x.1": ".Sh STANDARDS\nRFC 7671.\n", "src/a.cpp": "// RFC 3339, and (RFC\n/// 7671 section 8)\n",
         "plugin/a.cpp": "", "include/a.h": "/* RFC 7671, 7672 */\n", "tests/a.cpp": '"R7671-8.3a: x" "R7671-8: y" "R5011-a" R-rcode.'}
_WRONG = [
    ("src/a.cpp", "RFC 3339", "RFC 1234", ["RFC 1234: src/a.cpp cites it", "RFC 3339: a detail"]),
    ("src/a.cpp", "7671 section", "4321 section", ["RFC 4321: src/a.cpp cites it"]),
    ("src/a.cpp", "// RFC", '"(RFC "\n    "4321)" // RFC', ["RFC 4321: src/a.cpp cites it"]),
    ("plugin/a.cpp", "", "// RFCs 7671 and 4321", ["RFC 4321: plugin/a.cpp cites it"]),
    ("include/a.h", "7672", "7672 and RFC 4321", ["RFC 4321: include/a.h cites it"]),
    ("docs/RFCS.md", "- 3339: z", "- 3339", ["RFC 3339: src/a.cpp cites it", "a line of the details"]),
    ("docs/RFCS.md", "- 3339: z", "- 3339: z\n- 7671: z", ["RFC 7671: a detail"]),
    ("docs/RFCS.md", "| part | y |", "| part | |", ["RFC 7671, 7672: part, and no reason"]),
    ("docs/RFCS.md", "7671, 7672", "7672", ["RFC 7671: no row", "RFC 7671: include/a.h cites it"]),
    ("tests/a.cpp", '"R7671-8: y"', "", ["R7671-8: no test"]),
    ("tests/a.cpp", "R7671-8.3a", "R7671-8.3b", ["R7671-8.3a: no test"]),
    ("tests/a.cpp", "R5011-a", "R5011-b", ["R5011-a: no test"]),
    ("tests/a.cpp", "R-rcode", "R-rcodes", ["R-rcode: no test"]),
]


def self_test():
    """What is wrong with this script, line by line."""
    for file, right, wrong, complaints in [("src/a.cpp", "", "", []), *_WRONG]:
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            for name, text in _TREE.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text((text.replace(right, wrong, 1) if name == file else text), encoding="utf-8")
            found = list(faults(root))
        if len(found) != len(complaints) or not all(part in line for part, line in zip(sorted(complaints), sorted(found))):
            yield f"{file} with '{wrong}': wanted {complaints}, got {found}"


def main():
    found = list(self_test()) if "--self-test" in sys.argv else []
    found += faults(pathlib.Path(sys.argv[1]))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
