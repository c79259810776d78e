"""exports.py LIBRARY SYMBOLS HEADER...: the shared library exports exactly the functions of its public headers, links only what it may,
and the package's list of symbols, debian/libdanelaw0.symbols, has each of them."""
import pathlib
import re
import subprocess
import sys

ALLOWED_LIBRARIES = ("libssl", "libcrypto", "libgetdns", "libc", "libm", "libstdc++", "libgcc_s", "ld-linux")
# Runtimes of sanitizer builds.
ALLOWED_LIBRARIES += ("libasan", "libubsan", "libtsan", "libclang_rt")


def declared(headers):
    text = "".join(pathlib.Path(header).read_text() for header in headers)
    without_comments = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return set(re.findall(r"DANELAW_API[^;(]*?\b(danelaw_\w+)\s*\(", without_comments))


def exported(library):
    listing = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    names = {line.split()[-1].split("@")[0] for line in listing.splitlines() if " A " not in line}
    return {name for name in names if not name.startswith(("__asan", "__ubsan", "__tsan", "__sanitizer"))}


def needed(library):
    listing = subprocess.run(["objdump", "-p", library], check=True, capture_output=True, text=True).stdout
    return re.findall(r"NEEDED\s+(\S+)", listing)


def packaged(symbols):
    """A line for each: its name, an @ and the version node, the package's version that had it first."""
    return {name for name in re.findall(r"^ (\w+)@\S+ \S+$", pathlib.Path(symbols).read_text(), re.M) if name.startswith("danelaw_")}


def main():
    library, symbols, *headers = sys.argv[1:]
    want, got = declared(headers), exported(library)
    faults = [f"declared, not exported: {name}" for name in sorted(want - got)]
    faults += [f"exported, not declared: {name}" for name in sorted(got - want)]
    faults += [f"not in debian/libdanelaw0.symbols: {name}" for name in sorted(got - packaged(symbols))]
    faults += [f"only in debian/libdanelaw0.symbols: {name}" for name in sorted(packaged(symbols) - got)]
    faults += [f"links {name}" for name in needed(library) if not name.startswith(ALLOWED_LIBRARIES)]
    for fault in faults:
        print(fault)
    print(f"{len(got)} functions exported")
    return 1 if faults or not got else 0


if __name__ == "__main__":
    sys.exit(main())
