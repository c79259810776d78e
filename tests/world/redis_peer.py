# SPDX-License-Identifier: Apache-2.0
"""Debian's redis-server as a process of the tests, a client that says anything to it, and servers that are none."""

import hashlib
import hmac
import pathlib
import signal
import socket
import subprocess
import threading
import time

_PATIENCE = 30  # seconds


class Redis:
    """Keeps nothing on disk. It listens at `path`."""

    def __init__(self, directory, *settings):
        self.directory, self.settings, self._process = pathlib.Path(directory), settings, None
        self.path = str(self.directory / "redis.socket")

    def start(self):
        pathlib.Path(self.path).unlink(missing_ok=True)
        self._process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.path, "--save", "", "--appendonly", "no", "--dir",
             str(self.directory), *self.settings], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < limit:
            try:
                RedisClient(self.path).close()
                return self
            except OSError:
                time.sleep(0.01)
        raise TimeoutError("redis-server does not come up")

    def send_signal(self, number):
        self._process.send_signal(number)

    def end(self, number=signal.SIGKILL):
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(number)
            self._process.wait(timeout=_PATIENCE)
            self._process = None


class RedisClient:
    """One command at a time, RESP2."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_PATIENCE)
        self._socket.connect(path)
        self._stream = self._socket.makefile("rb")

    def close(self):
        self._stream.close()
        self._socket.close()

    def __call__(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        return self._reply()

    def _reply(self):
        line = self._stream.readline().rstrip(b"\r\n")
        if line[:1] in (b"+", b"-", b":"):
            return line
        count = int(line[1:])
        if line[:1] == b"*":
            return [self._reply() for _ in range(count)]
        return None if count < 0 else self._stream.read(count + 2)[:-2]


class FalseRedis:
    """Says PONG to whoever connects, and then `talk(connection)` to the first word that comes; at `path`."""

    def __init__(self, path, talk, greets=True):
        self._talk, self._greets = talk, greets
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(16)
        self.visits = self.words = 0
        self._open = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.visits += 1
            self._open.append(connection)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection):
        try:
            heard = connection.recv(65536)
            if self._greets:
                connection.sendall(b"+PONG\r\n")
                if heard.endswith(b"PING\r\n"):
                    connection.recv(65536)
            self.words += 1
            self._talk(connection)
        except OSError:
            pass

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()


def sealed(key, name, proof, expiry):
    """As src/policyd/fleet_entry.cpp does it, in other words."""
    entry = b"danelaw-fleet 1\n" + expiry.to_bytes(8, "big", signed=True) + proof
    return entry + hmac.new(bytes.fromhex(key), len(name).to_bytes(8, "big") + name + entry, hashlib.sha256).digest()


def proof_of(entry):
    return entry[24:-32]
