# SPDX-License-Identifier: Apache-2.0
"""What every sender of mtas.py needs to be run: where things are, folders and ports of its own, and commands with a limit."""

import concurrent.futures
import itertools
import os
import pathlib
import subprocess

import plugin
import zones

LIMIT = 120  # seconds for a sender to try all that it has
SENDER_HOST = "sender.good.example"
MATCHED = "authenticated (matched)"  # in the log of the plugin
_numbers = itertools.count()


class Machinery:
    """What the functions need: the build directory, and a place of their own for each call."""

    def __init__(self, build, own, jobs):
        self.build, self.own, self.jobs = build, pathlib.Path(own), jobs
        self.mtas, self.one_user = build / "mtas", build / "tests/world/programs_c/one_user.so"

    def place(self, name):
        """An empty folder and a port of 127.0.0.1."""
        number = next(_numbers)
        folder = self.own / f"{name}-{number}"
        folder.mkdir()
        return folder, 2500 + number

    def each(self, letters, send):
        """send(case, subject) for all, some at a time."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=self.jobs) as pool:
            return dict(zip(letters, pool.map(lambda item: send(*item), letters.items())))

    def run(self, command, text="", **environment):
        try:
            done = subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True,
                                  errors="replace", timeout=LIMIT, check=False,
                                  env=plugin.environment_without() | environment)
        except subprocess.TimeoutExpired as late:
            raise RuntimeError(f"{command[0]} took over {LIMIT} s") from late
        return done.returncode, done.stdout + done.stderr

    def policyd_socket(self, which):
        """`which` is a word of the option policyd: see mtas.py."""
        return self.own / f"policyd.{which}"

    def policyd_command(self, which):
        settings = [f"policyd.listen=unix:{self.policyd_socket(which)}",
                    f"trust_anchors={os.environ['DANELAW_WORLD_ANCHORS']}"]
        settings += [f"resolvers={zones.DEAD_SERVER}"] if which == "deaf" else []
        return [self.build / "src/policyd/danelaw-policyd", *(word for one in settings for word in ("-s", one))]

    def danelaw_run(self, *settings):
        """What stands before a command that is to have the plugin, which logs what it decides."""
        return [self.build / "src/cli/danelaw", "run", "--plugin-dir", self.build / "plugin", "--trust-anchors",
                os.environ["DANELAW_WORLD_ANCHORS"], "--profile", "smtp", "--log", "stderr", "--log-level", "info", *settings,
                "--"]


def with_resolver(options, own):
    """What stands before a command that asks another resolver than the world's."""
    if "resolver" not in options:
        return ()
    (own / "resolv.conf").write_text(f"nameserver {options['resolver']}\noptions edns0 trust-ad\n")
    return "unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"', own / "resolv.conf"


def letter(subject):
    return f"Subject: {subject}\r\n\r\na letter\r\n"
