# SPDX-License-Identifier: Apache-2.0
"""Where validators differ about a name of the world, and why: docs/DIFFERENCES.md in rows. run_differential fails on a difference
that no row explains, and on a row that explains none."""

import dataclasses
import fnmatch


@dataclasses.dataclass(frozen=True)
class Row:
    who: tuple
    names: str  # with * for any part
    types: tuple  # empty: any
    ours: str
    theirs: str
    because: str  # its name in docs/DIFFERENCES.md


_LIBUNBOUND = ("recursing", "unbound-host")
ROWS = (
    Row(_LIBUNBOUND, "*weak-ds.example", (), "error", "secure", "weaker-digest"),
    Row(_LIBUNBOUND, "*weak-ds.example", (), "error", "secure-absent", "weaker-digest"),
    Row((*_LIBUNBOUND, "delv"), "*many-iterations.example", (), "insecure", "secure-absent", "iterations"),
    Row(("delv",), "no-such-name.dane", (), "insecure", "secure-absent", "opt-out"),
    Row(("delv",), "unsigned.dane", ("DS",), "insecure", "secure-absent", "opt-out"),
)


def explains(who, name, kind, ours, theirs):
    """The row for this difference, or None."""
    for row in ROWS:
        if (who in row.who and fnmatch.fnmatchcase(name, row.names) and (not row.types or kind in row.types)
                and (ours, theirs) == (row.ours, row.theirs)):
            return row
    return None
