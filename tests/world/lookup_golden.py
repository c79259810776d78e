# SPDX-License-Identifier: Apache-2.0
"""All that `danelaw lookup` prints of a row, as text and as JSON, word by word against a file under golden/lookup/.
DANELAW_UPDATE_GOLDEN=1 writes the files anew: read the difference before it is kept."""

import os
import pathlib
import re
import subprocess

_FOLDER = pathlib.Path(__file__).resolve().parent / "golden" / "lookup"


def _printed(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    # What is left of the TTL depends on the resolver's cache.
    return re.sub(r'(ttl     |"ttl":)[0-9]+', r"\1N", done.stdout) + f"--- exit {done.returncode}\n"


def compare(row, command):
    """What differs, as (what, got, want)."""
    asked = " ".join(("$ danelaw lookup", row.name, row.type, *row.options))
    got = f"{asked}\n" + _printed([word for word in command if word != "--json"]) + _printed(command)
    file = _FOLDER / row.golden
    if os.environ.get("DANELAW_UPDATE_GOLDEN") == "1":
        _FOLDER.mkdir(exist_ok=True)
        file.write_text(got, encoding="utf-8")
    want = file.read_text(encoding="utf-8") if file.exists() else ""
    return [] if got == want else [(f"golden/lookup/{row.golden}", f"\n{got}", f"\n{want}")]


def stale(rows):
    """Files that belong to no row."""
    return sorted({file.name for file in _FOLDER.iterdir()} - {row.golden for row in rows})
