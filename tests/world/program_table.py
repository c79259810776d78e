# SPDX-License-Identifier: Apache-2.0
"""docs/PROGRAMS.md, from what run_programs has found."""

import program_cells
import programs

_HEAD = """\
# Programs with the plugin

Written by `tests/world/run_programs BUILD --table docs/PROGRAMS.md`: unmodified programs of Debian 12 against the servers of
the private Internet in tests/world. Change nothing here; tests/world/programs.py says what is wanted of each program.

`preload` is `LD_PRELOAD` of danelaw-preload.so, `openssl.cnf` a module named there. ✓: the program accepts the peer; ✗: it
does not. The words are the plugin's reasons, as it logs them; those of several connections have + between them. Where a
cell has two lines, the first is for the mode `opportunistic`, the second for `mandatory`.
"""
_OTHER_CASES = {
    program_cells.WRONG_NAME: "The DANE-EE record matches, and the certificate has another name than the server:",
    program_cells.STRAY_DATA: "The DANE-EE record matches, and where FTP's data come from there is another certificate, "
                              "from a public CA and\nwith the right name:",
}
_MARKS = {True: "✓", False: "✗"}


def table_of(results, harmless):
    lines = [_HEAD, "| case | certificate and DNS |", "|---|---|"]
    lines += [f"| {case} | {what} |" for case, what in program_cells.CASES.items()]
    lines += ["", "## Enforcement", "", f"| program | loaded by | {' | '.join(program_cells.CASES)} |",
              "|---" * (len(program_cells.CASES) + 2) + "|"]
    rows = [(programs.PROGRAMS[index], cells) for index, cells in results.items()]
    lines += [_line(row, cells) for row, cells in rows if set(row.hosts()) & set(program_cells.CASES)]
    for case, what in _OTHER_CASES.items():
        lines += ["", what, "", "| program | loaded by | |", "|---|---|---|"]
        lines += [f"| {row.name} | {row.load} | {_both(cells, case)} |" for row, cells in rows if case in row.hosts()]
    lines += ["", "## No harm", "", "With both doors open:", "", "| what holds | |", "|---|---|"]
    lines += [f"| {name} | {_MARKS[passed]} |" for name, passed in harmless.items()]
    return "\n".join(lines) + "\n"


def _line(row, cells):
    begin = f"| {row.name} | {row.load} | "
    if isinstance(cells, str):
        return f"{begin}not tried: {cells} |" + " |" * (len(program_cells.CASES) - 1)
    return begin + " | ".join(_both(cells, case) for case in program_cells.CASES) + " |"


def _both(cells, case):
    """The two modes' cells in one, as short as can be; – where the case was not tried."""
    shown = [_cell(cells[case, mode]) for mode in program_cells.MODES if (case, mode) in cells]
    return "<br>".join(dict.fromkeys(shown)) or "–"


def _cell(result):
    reasons = [verdict.split("(")[-1].rstrip(")") for verdict in result.got.verdicts]
    return f"{_MARKS[result.got.accepts]} {' + '.join(reasons)}{' **differs**' if result.differences else ''}"


def stale_lines(old, new):
    """Lines of `new` that `old` does not have. Rows that either could not try, on its machine, are not compared."""
    not_tried = {line.split(" | ")[0] for line in (old + new).splitlines() if " | not tried: " in line}
    old_lines, new_lines = ([line for line in table.splitlines() if line.split(" | ")[0] not in not_tried]
                            for table in (old, new))
    if old_lines == new_lines:
        return []
    return [line for line in new_lines if line not in old_lines] or ["lines in another order, or too many"]
