#!/usr/bin/env python3
"""The architecture as a test: who may include whom. It fails on an include that breaks the table below.

Usage: layers.py ROOT [--self-test] [--draw]
ROOT is the source tree; --self-test plants each violation and wants it found; --draw puts the picture of the table into
docs/ARCHITECTURE.md, which is wanted there otherwise. The table of that page must say what the one below says.
"""
import pathlib
import re
import sys
import tempfile

# Folder under src/ -> the folders whose headers it may include, besides its own.
LAYERS = {
    "os": set(),
    "base": set(),
    "tlsa": {"base"},
    "dnssec": {"base"},
    "dns": {"os", "base", "tlsa", "dnssec"},
    "verify": {"base", "tlsa"},
    "service": {"base", "tlsa", "dns", "verify"},
    "hook": {"base", "verify"},
    "capi": {"os", "base", "tlsa", "dnssec", "dns", "verify", "service", "hook", "public"},
    "cli": {"os", "public"},
    "policyd": {"os", "public"},
}
# Folders outside src/.
PUBLIC = "public"  # include/danelaw
PLUGIN = "plugin"
ALLOWED = {**LAYERS, PUBLIC: set(), PLUGIN: {"os", PUBLIC}}

# Headers of others that belong behind one seam, and where that is.
SEAMS = [
    (re.compile(r"getdns/"), {"dns"}),
    (re.compile(r"hiredis/"), {"policyd"}),
    (re.compile(r"curl/"), {"policyd", PUBLIC, PLUGIN}),
    (re.compile(r"openssl/ssl\.h$"), {"dns", "verify", "hook", PUBLIC, PLUGIN}),
]
# Calls that belong in one place, or nowhere: what they say of an errno follows the host's locale, text_of_error() does not.
CALLS = [
    (re.compile(r"\bdlv?sym\b"), {PLUGIN}),
    (re.compile(r"\b(?:strerror|perror)\(|\b(?:system|generic)_category\b|\.message\(\)"), set()),
]

SUFFIXES = {".h", ".hpp", ".c", ".cpp", ".in"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def files_in(root):
    """Every source file of ours with the layer it belongs to."""
    for top in ("src", "include/danelaw", "plugin"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                inside = path.relative_to(root / top).parts
                layer = {"src": inside[0], "include/danelaw": PUBLIC, "plugin": PLUGIN}[top]
                yield path, layer if top != "src" or len(inside) > 1 else "src"


def without_comments(text):
    """Strings stay, or includes would go with them."""
    return COMMENT_OR_STRING.sub(lambda found: found.group() if found.group()[0] == '"' else " ", text)


def resolved(root, path, name):
    """The file of ours that an include means; None for one of others'."""
    for folder in (path.parent, root / "src", root / "include"):
        candidate = (folder / name).resolve()
        if candidate.is_file():
            return candidate
    return None


def violations_of_file(root, path, layer, layer_of, edges):
    where = path.relative_to(root)
    if layer not in ALLOWED:
        yield f"{where}: no such layer: {layer}"
        return
    text = without_comments(path.read_text(encoding="utf-8"))
    for quote, name in INCLUDE.findall(text):
        target = resolved(root, path, name)
        if target is None:
            if quote == '"':
                yield f'{where}: "{name}" is no file of ours: others\' headers are included with <>'
            for pattern, homes in SEAMS:
                if pattern.match(name) and layer not in homes:
                    yield f"{where}: <{name}> belongs in {', '.join(sorted(homes))} only"
            continue
        edges.setdefault(path.resolve(), []).append(target)
        to = layer_of.get(target, "a folder outside the layers")
        if to != layer and to not in ALLOWED[layer]:
            yield f"{where}: {layer} may not include {to} ({name})"
    for pattern, homes in CALLS:
        if layer not in homes and (call := pattern.search(text)):
            home = f"in {', '.join(sorted(homes))} only" if homes else "nowhere: there is text_of_error()"
            yield f"{where}: {call.group()} belongs {home}"


def cycles(root, edges):
    """One line for each include that leads back to a file on the way to it."""
    done = set()
    for start in sorted(edges):
        way = [(start, iter(edges[start]))]
        while way:
            file, rest = way[-1]
            target = next(rest, None)
            if target is None:
                done.add(file)
                way.pop()
            elif target in [open_file for open_file, _ in way]:
                yield f"{file.relative_to(root)}: includes in a circle through {target.relative_to(root)}"
            elif target not in done:
                way.append((target, iter(edges.get(target, []))))


def violations(root):
    root = root.resolve()
    layer_of = {path.resolve(): layer for path, layer in files_in(root)}
    edges = {}
    found = []
    for path, layer in files_in(root):
        found += violations_of_file(root, path, layer, layer_of, edges)
    if not layer_of:
        found.append(f"{root}: no source files")
    return found + list(cycles(root, edges))


# A tree in order, and what breaks it: file, text, what the complaint must say.
CLEAN = {
    "include/danelaw/danelaw.h": "#include <stddef.h>\n",
    "include/danelaw/openssl.h": "#include <openssl/ssl.h>\n#include \"danelaw/danelaw.h\"\n",
    "src/base/bytes.hpp": "// #include \"dns/engine.hpp\" strerror()\n",
    "src/base/system_errors.hpp": "strerror_r(error, text, 9); strerrordesc_np(error);\n",
    "src/tlsa/record.hpp": '#include "base/bytes.hpp"\n/* dlsym */\n',
    "src/dnssec/message.hpp": '#include "base/bytes.hpp"\n',
    "src/dns/engine.hpp": '#include <getdns/getdns.h>\n#include "dnssec/message.hpp"\n',
    "src/verify/plan.hpp": '#include <openssl/ssl.h>\n#include "tlsa/record.hpp"\n',
    "src/service/host.hpp": '#include "dns/engine.hpp"\n#include "verify/plan.hpp"\n',
    "src/hook/attach.hpp": '#include <openssl/ssl.h>\n#include "verify/plan.hpp"\n',
    "src/capi/plan.cpp": '#include "danelaw/openssl.h"\n#include "service/host.hpp"\n#include "hook/attach.hpp"\n',
    "src/cli/own.hpp": "#include <string>\n",
    "src/cli/main.cpp": '#include <fmt/format.h>\n#include "danelaw/danelaw.h"\n#include "own.hpp"\n',
    "src/policyd/fetch.cpp": '#include <curl/curl.h>\n#include "danelaw/smtp.h"\n',
    "include/danelaw/smtp.h": "#include <stddef.h>\n",
    "plugin/door.cpp": '#include "danelaw/openssl.h"\nvoid* found = dlsym(nullptr, "x");\n',
}
PLANTED = [
    ("src/base/up.hpp", '#include "tlsa/record.hpp"\n', "base may not include tlsa"),
    ("src/dnssec/side.hpp", '#include "tlsa/record.hpp"\n', "dnssec may not include tlsa"),
    ("src/hook/dns.hpp", '#  include "dns/engine.hpp"\n', "hook may not include dns"),
    ("src/verify/angle.hpp", "#include <dns/engine.hpp>\n", "verify may not include dns"),
    ("src/tlsa/relative.hpp", '#include "../dns/engine.hpp"\n', "tlsa may not include dns"),
    ("src/cli/inside.cpp", '#include "base/bytes.hpp"\n', "cli may not include base"),
    ("src/cli/capi.cpp", '#include "capi/plan.cpp"\n', "cli may not include capi"),
    ("src/policyd/inside.cpp", '#include "service/host.hpp"\n', "policyd may not include service"),
    ("src/cli/curl.cpp", "#include <curl/curl.h>\n", "<curl/curl.h> belongs in"),
    ("src/verify/getdns.cpp", "#include <getdns/getdns_extra.h>\n", "<getdns/getdns_extra.h> belongs in dns only"),
    ("src/tlsa/ssl.cpp", "#include <openssl/ssl.h>\n", "<openssl/ssl.h> belongs in"),
    ("src/capi/ssl.cpp", "#include <openssl/ssl.h>\n", "<openssl/ssl.h> belongs in"),
    ("src/hook/symbols.cpp", 'void* found = dlsym(nullptr, "x");\n', "dlsym belongs in plugin only"),
    ("src/cli/locale.cpp", "say(std::strerror(errno));\n", "strerror( belongs nowhere"),
    ("plugin/locale.cpp", "perror(0);\n", "perror( belongs nowhere"),
    ("src/policyd/locale.cpp", "say(error.message());\n", ".message() belongs nowhere"),
    ("src/dns/locale.cpp", "std::generic_category();\n", "generic_category belongs nowhere"),
    ("include/danelaw/more.h", '#include "base/bytes.hpp"\n', "public may not include base"),
    ("plugin/inside.cpp", '#include "hook/attach.hpp"\n', "plugin may not include hook"),
    ("src/base/nowhere.hpp", '#include "base/nothing.hpp"\n', "is no file of ours"),
    ("src/extra/new.hpp", "\n", "no such layer: extra"),
    ("src/loose.hpp", "\n", "no such layer: src"),
    ("src/base/bytes.hpp", '#include "base/self.hpp"\n', None),  # half of the circle below
    ("src/base/self.hpp", '#include "base/bytes.hpp"\n', "in a circle"),
]


PICTURE = re.compile(r"(?<=<!-- drawn by tests/layers.py --draw -->\n).*?(?=<!-- end -->)", re.DOTALL)


def above(layer):
    """What a layer may include and reaches by no other layer that it may include."""
    direct = ALLOWED[layer]
    return sorted(to for to in direct if not any(to in ALLOWED[other] for other in direct))


def picture():
    """The table for people: an arrow for each inclusion that does not follow from others."""
    arrows = [f"  {layer} --> {to}" for layer in ALLOWED for to in above(layer)]
    names = [f'  {PUBLIC}["include/danelaw"]', f'  {PLUGIN}["plugin/"]']
    return "\n".join(["```mermaid", "flowchart TD", *names, *arrows, "```", ""])


TABLE = re.compile(r"(?<=^\| layer \| holds \| may include \|\n\|---\|---\|---\|\n)(?:\|.*\|\n)+", re.MULTILINE)
WORDS = {"the public headers": {PUBLIC}, "\N{EN DASH}": set()}
ROW_NAMES = {"`include/danelaw`": PUBLIC, "`plugin/`": PLUGIN}


def included(cell, above_it):
    """What a cell of the third column names; None for words that nobody knows."""
    found = set()
    for part in cell.split(", "):
        known = {**WORDS, "all above": set(above_it), **{f"`{layer}`": {layer} for layer in ALLOWED}}
        if part not in known:
            return None
        found |= known[part]
    return found


def mistabled(text):
    """A line for each row of the page's table that is not what the table above says."""
    table = TABLE.search(text)
    if not table:
        yield "the table 'layer | holds | may include' is not there"
        return
    seen = []
    for row in table.group().splitlines():
        name, _, cell = (part.strip() for part in row.strip("|").split("|"))
        layer = ROW_NAMES.get(name, name.strip("`"))
        if layer not in ALLOWED or layer in seen:
            yield f"the table's row {name}: no such layer, or a second time"
        elif included(cell, seen) != ALLOWED[layer]:
            yield f"the table's row {name} says '{cell}', but it is: {', '.join(sorted(ALLOWED[layer])) or 'none'}"
        seen.append(layer)
    for layer in [one for one in ALLOWED if one not in seen]:
        yield f"the table has no row for {layer}"


def misdrawn(root, draw):
    """A line where the picture or a row is not what the table says; draws the picture where asked to."""
    page = root / "docs" / "ARCHITECTURE.md"
    text = page.read_text(encoding="utf-8")
    found = [f"{page}: {complaint}" for complaint in mistabled(text)]
    drawn = PICTURE.sub(picture(), text)
    if drawn == text and PICTURE.search(text):
        return found
    if draw:
        page.write_text(drawn, encoding="utf-8")
        return found
    return [*found, f"{page}: the picture is not the table's: run tests/layers.py . --draw"]


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# What is done to the page's right rows, and what the complaint must say.
WRONG_ROWS = [
    ("| `hook` | x | `base`, `verify` |", "| `hook` | x | `base`, `dns`, `verify` |", "row `hook` says"),
    ("| `hook` | x | `base`, `verify` |", "| `hook` | x | `verify` |", "row `hook` says"),
    ("| `cli` | x | `os`, `public` |", "| `cli` | x | all above |", "row `cli` says"),
    ("| `policyd` | x | `os`, `public` |", "| `policyd` | x | whatever |", "row `policyd` says"),
    ("| `plugin/` | x | `os`, `public` |", "| `plugin/` | x | \N{EN DASH} |", "row `plugin/` says"),
    ("| `base` | x | \N{EN DASH} |", "| `base` | x | `tlsa` |", "row `base` says"),
    ("| `tlsa` | x | `base` |\n", "", "no row for tlsa"),
    ("| `cli` | x | `os`, `public` |\n", "| `cli` | x | `os`, `public` |\n| `more` | x | `os`, `public` |\n", "row `more`: no such layer"),
    ("| layer | holds | may include |", "| layer | holds |", "is not there"),
]


def right_table():
    name_of = {layer: name for name, layer in ROW_NAMES.items()}
    rows = [f"| {name_of.get(layer, f'`{layer}`')} | x | {', '.join(f'`{one}`' for one in sorted(ALLOWED[layer])) or chr(0x2013)} |"
            for layer in ALLOWED]
    return "\n".join(["| layer | holds | may include |", "|---|---|---|", *rows, ""])


def self_test_of_table():
    right = right_table()
    if found := list(mistabled(right)):
        yield f"a right table is refused: {found}"
    for good, bad, complaint in WRONG_ROWS:
        found = list(mistabled(right.replace(good, bad)))
        if good not in right or len(found) != 1 or complaint not in found[0]:
            yield f"the table with '{bad}': wanted one complaint with '{complaint}', got {found}"


def self_test():
    """What is wrong with this script, line by line."""
    yield from self_test_of_table()
    pending = {}
    for name, text, complaint in [(None, None, None), *PLANTED]:
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            for clean_name, clean_text in CLEAN.items():
                write(root, clean_name, clean_text)
            if name is not None and complaint is None:
                pending[name] = text
                continue
            for planted_name, planted_text in {**pending, **({name: text} if name else {})}.items():
                write(root, planted_name, planted_text)
            found = violations(root)
            if name is None and found:
                yield f"a clean tree is refused: {found}"
            if name is not None and (len(found) != 1 or complaint not in found[0]):
                yield f"{name}: wanted one complaint with '{complaint}', got {found}"


def main():
    arguments = sys.argv[1:]
    found = list(self_test()) if "--self-test" in arguments else []
    roots = [argument for argument in arguments if not argument.startswith("--")]
    for root in roots:
        found += violations(pathlib.Path(root)) + misdrawn(pathlib.Path(root), "--draw" in arguments)
    for line in found:
        print(line)
    return 1 if found or not roots else 0


if __name__ == "__main__":
    sys.exit(main())
