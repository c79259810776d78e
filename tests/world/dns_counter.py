# SPDX-License-Identifier: Apache-2.0
"""A resolver in front of the resolver: hands on every question and counts it, over UDP and TCP."""

import socket
import threading

_PATIENCE = 10


class DnsCounter:
    """Listens at `address`, an IP@PORT for --resolver, until the process ends."""

    def __init__(self, upstream):
        self._upstream = (upstream, 53)
        self._lock = threading.Lock()
        self._questions = 0
        self._tcp = socket.create_server(("127.0.0.1", 0))
        port = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", port))
        self.address = f"127.0.0.1@{port}"
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def questions(self):
        """How many since it was asked last."""
        with self._lock:
            count, self._questions = self._questions, 0
        return count

    def _count(self):
        with self._lock:
            self._questions += 1

    def _serve_udp(self):
        while True:
            query, client = self._udp.recvfrom(65535)
            self._count()
            threading.Thread(target=self._hand_on, args=(query, client), daemon=True).start()

    def _hand_on(self, query, client):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
            upstream.settimeout(_PATIENCE)
            upstream.connect(self._upstream)
            upstream.send(query)
            self._udp.sendto(upstream.recv(65535), client)

    def _serve_tcp(self):
        while True:
            client, _address = self._tcp.accept()
            threading.Thread(target=self._hand_on_stream, args=(client,), daemon=True).start()

    def _hand_on_stream(self, client):
        with client, socket.create_connection(self._upstream, _PATIENCE) as upstream:
            while True:
                length = _exactly(client, 2)
                if length is None:
                    return
                self._count()
                upstream.sendall(length + _exactly(client, int.from_bytes(length, "big")))
                length = _exactly(upstream, 2)
                client.sendall(length + _exactly(upstream, int.from_bytes(length, "big")))


def _exactly(stream, octets):
    """None where the stream ends."""
    taken = b""
    while len(taken) < octets:
        more = stream.recv(octets - len(taken))
        if not more:
            return None
        taken += more
    return taken
