# SPDX-License-Identifier: Apache-2.0
"""Counts what held and what did not, with a row for each, and ends as scripts/test wants it."""


class Tally:
    """`quiet`: no rows of what held. `verbose`: accounts of what held too. `stacked`: what was wanted stands below what was got."""

    def __init__(self, quiet=False, verbose=False, stacked=False):
        self._quiet, self._verbose, self._stacked = quiet, verbose, stacked
        self.passed = self.failed = 0

    def count(self, title, good, lines=()):
        """One row, and `lines` below it."""
        self.passed, self.failed = (self.passed + 1, self.failed) if good else (self.passed, self.failed + 1)
        if not (good and self._quiet):
            print(f"{'ok  ' if good else 'FAIL'}  {title}", flush=True)
        for line in lines:
            print(f"      {line}", flush=True)

    def that(self, what, held, shown=""):
        """`shown` is for those who look for the fault."""
        self.count(what, held, [shown] if shown and not held else [])

    def add(self, title, differences, account=""):
        """`differences` has what, what was got and what was wanted; `account` is for those who look for the fault."""
        lines = [self._line(*difference) for difference in differences]
        if differences or self._verbose:
            lines += account.splitlines()
        self.count(title, not differences, lines)

    def end(self):
        """Prints the last line; the exit code. Where nothing was counted, nothing is well."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 0 if self.failed == 0 and self.passed > 0 else 1

    def _line(self, what, got, want):
        between = f"\n      {' ' * len(what)}  " if self._stacked else ", "
        return f"{what}: got {got}{between}want {want}"
