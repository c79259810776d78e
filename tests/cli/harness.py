"""Runs the tool as a black box and counts what held and what did not."""

import json
import os
import subprocess


class Run:
    """What one run of a program left behind."""

    def __init__(self, argv, env=None, timeout=60, cwd=None, stdin=None):
        given = {'stdin': subprocess.DEVNULL} if stdin is None else {'input': stdin}
        done = subprocess.run([str(a) for a in argv], **given, capture_output=True, cwd=cwd,
                              env={**os.environ, **(env or {})}, timeout=timeout)
        self.argv = argv
        self.code = done.returncode
        self.out = done.stdout.decode('utf-8', 'replace')
        self.err = done.stderr.decode('utf-8', 'replace')

    def object(self):
        """The JSON object on the last line of standard output."""
        return json.loads(self.out.splitlines()[-1])

    def __str__(self):
        return f'exit {self.code}\n    out: {self.out.strip()}\n    err: {self.err.strip()}'


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, what, held, shown=''):
        if held:
            self.passed += 1
            return
        self.failed += 1
        print(f'FAILED {what}\n    {shown}')

    def equal(self, what, got, want, shown=''):
        self.that(what, got == want, f'got {got!r}, want {want!r}\n    {shown}')

    def one_line_and_exit(self, what, run, code):
        """A refusal: one line on standard error, nothing on standard output."""
        lines = run.err.splitlines()
        self.that(what, run.code == code and run.out == '' and len(lines) == 1 and lines[0].startswith('danelaw: '),
                  run)

    def report(self):
        print(f'{self.passed} passed, {self.failed} failed')
        return 0 if self.failed == 0 and self.passed > 0 else 1
