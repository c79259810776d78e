# SPDX-License-Identifier: Apache-2.0
"""Thousands of lookups by one process: programs_c/asks_many.c."""

import os
import subprocess

_THREADS = 16
_LIMIT = 1800  # seconds for all of them
_PATIENCE = 30000  # milliseconds for one: these machines are busy


def ask(build, engine, questions):
    """(word, fault, RDATA in hexadecimal digits, reason) for each (name, type)."""
    program = build.resolve() / "tests" / "world" / "programs_c" / "asks_many"
    done = subprocess.run([program, str(_THREADS), *_settings(engine)], text=True, capture_output=True, timeout=_LIMIT, check=False,
                          input="".join(f"{name} {kind}\n" for name, kind in questions))
    answers = [line.split(" ", 3) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(answers) != len(questions):
        raise SystemExit(f"{program} ended with {done.returncode} after {len(answers)} answers: {done.stderr}")
    return [(word, fault, sorted(data.split(",")), reason) for word, fault, data, reason in answers]


def _settings(engine):
    common = [f"trust_anchors={os.environ['DANELAW_WORLD_ANCHORS']}", f"deadline={_PATIENCE}", f"engine={engine}"]
    if engine == "stub":
        return [*common, f"resolvers={os.environ['DANELAW_WORLD_RESOLVER']}"]
    return [*common, f"root_servers={os.environ['DANELAW_WORLD_ROOT_SERVERS']}"]
