# SPDX-License-Identifier: Apache-2.0
"""Programs that the world runs to the end: found, run quietly, and quoted where they fail."""

import concurrent.futures
import os
import shutil
import subprocess


class Failed(Exception):
    """Why there is no world, for people."""


_PATH = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/local/sbin:/usr/sbin:/sbin"


def find(program):
    """Servers and tools of Debian lie in sbin, which an ordinary user's PATH may lack."""
    path = shutil.which(program, path=_PATH)
    if path is None:
        raise Failed(f"{program} is missing: run 'scripts/deps test'")
    return path


def run(program, *arguments, environment=None, directory=None, text_in=""):
    """Standard output of the program; Failed, with what it complained of, unless it ends with 0."""
    done = subprocess.run(
        [find(program), *arguments], input=text_in, capture_output=True, text=True, check=False,
        cwd=directory, env={**os.environ, **(environment or {})})
    if done.returncode != 0:
        raise Failed(
            f"'{program} {' '.join(arguments)}' ended with {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def in_parallel(tasks):
    """Calls every task, as many at a time as there are processors and one more; gives their results in order."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=(os.cpu_count() or 1) + 1) as pool:
        return list(pool.map(lambda task: task(), tasks))
