#!/usr/bin/env python3
"""Proves that the harness sees a fault: TARGET must pass over its corpus alone, and must end by its own broken
property, not by anything else, as soon as it mutates.

Usage: expect_violation.py TARGET CORPUS-DIRECTORY
"""
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

LIBFUZZER_CRASH_EXIT = 77


def run(target, runs, corpus):
    # An engine writes what it finds into the corpus and its working directory: give it copies.
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(corpus, pathlib.Path(scratch, "corpus"))
        return subprocess.run([target, f"-runs={runs}", "-seed=1", "corpus"], cwd=scratch, capture_output=True,
                              text=True, errors="replace", timeout=60, check=False)


def main():
    target = pathlib.Path(sys.argv[1]).resolve()
    corpus = sys.argv[2]
    held = run(target, 0, corpus)
    if held.returncode != 0:
        return f"the property must hold over the corpus, but the exit was {held.returncode}: {held.stderr}"
    broken = run(target, 20000, corpus)
    if broken.returncode not in (-signal.SIGABRT, LIBFUZZER_CRASH_EXIT):
        return f"the process must abort, but the exit was {broken.returncode}: {broken.stderr}"
    lines = [line for line in broken.stderr.splitlines() if line.startswith("property does not hold: ")]
    if len(lines) != 1 or "must_fail.cpp" not in lines[0] or "data[at] < 0x80" not in lines[0]:
        return f"the abort must come from the property, but stderr was: {broken.stderr}"
    return None


if __name__ == "__main__":
    sys.exit(main())
