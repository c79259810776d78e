# SPDX-License-Identifier: Apache-2.0
"""settings.py WITHOUT [WITH]: what danelaw-policyd says of the setting `fleet`, built without hiredis and with it, and of sockets whose
path is too long. A refusal is one line and exit 2, with --check, with --once, and where the service starts; a reload leaves what was there."""

import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

_PATIENCE = 20  # seconds
_ADDRESSES = ("inet:127.0.0.1:6379", "inet:[::1]:6379", "unix:/run/redis/redis.sock")
_BAD_ADDRESSES = ("inet:127.0.0.1", "inet:[::1]", "inet:127.0.0.1:0", "inet:127.0.0.1:65536", "inet:::1:6379",
                  "inet:[127.0.0.1]:6379", "inet:redis.example:6379", "127.0.0.1:6379", "redis://127.0.0.1:6379", "")
_LONGEST_PATH = 107  # octets: sun_path with a NUL behind it
_NO_HIREDIS = "[policyd] fleet: this build has no hiredis for it"


class Bench:
    """`sockets`: a folder whose path is short enough for sockets, as TMPDIR's need not be."""

    def __init__(self, folder, sockets):
        self.folder, self.passed, self.failed = pathlib.Path(folder), 0, 0
        self.config, self.socket = self.folder / "policyd.conf", pathlib.Path(sockets) / "socket"
        self.key = self.folder / "key"
        self.key.write_text("a1" * 32 + "\n")
        self.key.chmod(0o600)

    def that(self, what, held, shown):
        self.passed, self.failed = (self.passed + 1, self.failed) if held else (self.passed, self.failed + 1)
        if not held:
            print(f"FAIL  {what}: {shown}")

    def configure(self, *lines):
        # Nobody is asked anything here.
        own = [f"listen = unix:{self.socket}", "mta_sts = off", *lines]
        self.config.write_text("\n".join(["resolvers = 127.0.0.1", "[policyd]", *own, ""]))

    def run(self, program, *words):
        try:
            done = subprocess.run([program, "--config", self.config, *words], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=_PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return None, "", "it does not end"
        return done.returncode, done.stdout, done.stderr

    def refused(self, program, what, word, *ways):
        """`ways`: the command line's words, for each run."""
        for words in ways:
            got = self.run(program, *words)
            want = (2, "", f"danelaw-policyd: {self.config}: {word}\n")
            self.that(f"{what} {' '.join(words)}", got == want, (got, want))

    def wait_for(self, condition):
        limit = time.monotonic() + _PATIENCE
        while not (held := condition()) and time.monotonic() < limit:
            time.sleep(0.01)
        return held


def not_taken(value):
    return f'[policyd] fleet: "{value}" is not unix:/PATH, inet:IPV4-ADDRESS:PORT or inet:[IPV6-ADDRESS]:PORT'


def addresses(bench, program, name):
    for value in _BAD_ADDRESSES:
        bench.configure(f"fleet = {value}", f"fleet_key = {bench.key}")
        bench.refused(program, f"{name}: fleet = {value}", not_taken(value), ["--check"])


def with_hiredis(bench, program):
    addresses(bench, program, "with hiredis")
    for value in _ADDRESSES:
        bench.configure(f"fleet = {value}", f"fleet_key = {bench.key}")
        got = bench.run(program, "--check")
        bench.that(f"with hiredis: fleet = {value}", got == (0, "", ""), got)


def without_hiredis(bench, program):
    code, out, said = bench.run(program, "--help")
    bench.that("--help", (code, "--config" in out, said) == (0, True, ""), (code, out, said))
    addresses(bench, program, "without hiredis")
    every_way = (["--check"], ["--once", "post.example"], [])
    for value in _ADDRESSES:
        bench.configure(f"fleet = {value}", f"fleet_key = {bench.key}")
        bench.refused(program, f"without hiredis: fleet = {value}", _NO_HIREDIS, *every_way)
    bench.configure(f"fleet = {_ADDRESSES[0]}")
    bench.refused(program, "without hiredis, and without a key", _NO_HIREDIS, *every_way)
    bench.configure(f"fleet_key = {bench.key}")
    got = bench.run(program, "--check")
    bench.that("without hiredis: a key alone", got == (0, "", ""), got)
    reload_without_hiredis(bench, program)


def long_paths(bench, program):
    """A system's limit, told as one: nothing listens at what is left of a path that was cut."""
    for setting in ("listen", "metrics", "fleet"):
        address = "unix:" + str(bench.folder / "socket").ljust(_LONGEST_PATH + 1, "x")
        bench.configure(f"{setting} = {address}")
        bench.refused(program, f"{setting}: a path that is too long", f'[policyd] {setting}: "{address}" is not the address of a Unix '
                      f"socket, whose path has {_LONGEST_PATH} octets at most", ["--check"], ["--once", "post.example"], [])


def is_listening(path):
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def reload_without_hiredis(bench, program):
    bench.configure()
    log = bench.folder / "log"
    with log.open("wb") as stream:
        service = subprocess.Popen([program, "--config", bench.config], stdin=subprocess.DEVNULL, stderr=stream)
    try:
        bench.that("without a fleet it starts", bench.wait_for(lambda: is_listening(bench.socket)), log.read_text())
        bench.configure(f"fleet = {_ADDRESSES[0]}", f"fleet_key = {bench.key}")
        service.send_signal(signal.SIGHUP)
        kept = bench.wait_for(lambda: "stays as it was" in log.read_text())
        said = log.read_text()
        bench.that("a reload with a fleet changes nothing", kept and said.count(_NO_HIREDIS) == 1 and
                   len(said.splitlines()) == 1 and is_listening(bench.socket), said)
        service.terminate()
        bench.that("it ends in order", service.wait(_PATIENCE) == 0, (service.returncode, log.read_text()))
    finally:
        service.kill()
        service.wait()


def main():
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir="/tmp") as sockets:
        bench = Bench(folder, sockets)
        without_hiredis(bench, sys.argv[1])
        long_paths(bench, sys.argv[1])
        for program in sys.argv[2:]:
            with_hiredis(bench, program)
    print(f"{bench.passed} passed, {bench.failed} failed")
    return 0 if bench.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
