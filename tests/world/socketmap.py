# SPDX-License-Identifier: Apache-2.0
"""A client of socketmaps (socketmap_table(5)), and danelaw-policyd as a process of the tests."""

import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

_PATIENCE = 60  # seconds for a reply


class Gone(Exception):
    """The server ended the connection."""


def netstring(text):
    octets = text.encode()
    return str(len(octets)).encode() + b":" + octets + b","


class Client:
    """One connection: to a path, or to an address and a port."""

    def __init__(self, where, patience=_PATIENCE):
        family = socket.AF_UNIX if isinstance(where, str) else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.settimeout(patience)
        self.socket.connect(where)
        self._octets = b""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.socket.close()

    def send(self, *keys, name="danelaw"):
        self.socket.sendall(b"".join(netstring(f"{name} {key}") for key in keys))

    def reply(self):
        while True:
            length, colon, rest = self._octets.partition(b":")
            if colon and len(rest) > int(length):
                assert rest[int(length):int(length) + 1] == b",", rest
                self._octets = rest[int(length) + 1:]
                return rest[:int(length)].decode()
            more = self.socket.recv(65536)
            if not more:
                raise Gone
            self._octets += more

    def ask(self, key):
        self.send(key)
        return self.reply()


class Service:
    """danelaw-policyd with a configuration of its own, in a scratch directory."""

    def __init__(self, program, main_section, own_section=""):
        self._scratch = tempfile.TemporaryDirectory()
        self.directory = pathlib.Path(self._scratch.name)
        self.path = str(self.directory / "socket")
        self.program, self.config = program, self.directory / "policyd.conf"
        self.configure(main_section, own_section)
        self.process = None

    def configure(self, main_section, own_section=""):
        self.config.write_text(f"{main_section}\n[policyd]\nlisten = unix:{self.path}\n{own_section}\n")

    def start(self, before=(), environment=None):
        self.log = open(self.directory / "log", "ab")
        self.process = subprocess.Popen([*before, str(self.program), "--config", str(self.config)], stderr=self.log,
                                        stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
        return self

    def wait_until_ready(self, where=None):
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                return Client(where or self.path)
            except OSError:
                time.sleep(0.01)
        raise Gone(self.said())

    def said(self):
        return (self.directory / "log").read_text()

    def kill(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.kill(number)
        code = self.process.wait(timeout=_PATIENCE)
        self.log.close()
        self.process = None
        return code

    def memory(self):
        """Resident kilobytes."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0

    def fits(self, kilobytes):
        """Whether it is resident in so many. A sanitizer keeps what was freed, and shadows of all that there is."""
        sanitized = "san.so" in pathlib.Path(f"/proc/{self.process.pid}/maps").read_text()
        return self.memory() < kilobytes * (16 if sanitized else 1)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.end()
        self._scratch.cleanup()
