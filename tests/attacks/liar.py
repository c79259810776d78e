# SPDX-License-Identifier: Apache-2.0
"""A resolver that lies: UDP and TCP on one port of 127.0.0.1. For every question it gets the honest reply from the
world's resolver and hands it to a lie, which says what goes out.

A lie is a function of an Asked. It gives a list of what to send: messages, octets, or these with a way of sending them
around (Later, FromElsewhere). An empty list is silence.
"""

import dataclasses
import socket
import struct
import threading
import time

import dns_wire

_PAYLOAD = 1232  # octets: what the stub engine's questions allow
_POLL = 0.05  # seconds
_PATIENCE = 5  # seconds for the world's resolver


@dataclasses.dataclass(frozen=True)
class Later:
    seconds: float
    what: object


@dataclasses.dataclass(frozen=True)
class FromElsewhere:
    """From another address and port than the question went to; over TCP it cannot be."""
    what: object


class Source:
    """Somebody honest to ask. Replies are kept: the world does not change."""

    def __init__(self, address, port=53):
        self._address = (address, port)
        self._kept = {}

    def ask(self, labels, rrtype):
        key = (labels, rrtype)
        if key not in self._kept:
            self._kept[key] = dns_wire.read(self._fetch(dns_wire.write(dns_wire.query(labels, rrtype))))
        return self._kept[key]

    def _fetch(self, octets):
        with socket.create_connection(self._address, _PATIENCE) as connection:
            connection.sendall(struct.pack("!H", len(octets)) + octets)
            return _receive(connection, struct.unpack("!H", _receive(connection, 2))[0])


def _receive(connection, count):
    octets = b""
    while len(octets) < count:
        more = connection.recv(count - len(octets))
        if not more:
            raise OSError("closed")
        octets += more
    return octets


@dataclasses.dataclass
class Asked:
    """One question that came, and what a lie may want to know."""
    query: object
    transport: str  # udp or tcp
    times: int  # so often was this asked before, at this liar
    target: tuple  # the name under attack
    sources: dict  # by name: "resolver", and others that the runner has

    @property
    def name(self):
        return self.query.question[0]

    @property
    def type(self):
        return self.query.question[1]

    @property
    def is_target(self):
        return self.name == self.target

    def honest(self, labels=None, rrtype=None, source="resolver"):
        """The reply to this question, with the records of another one if asked for."""
        labels = self.name if labels is None else labels
        reply = self.sources[source].ask(labels, self.type if rrtype is None else rrtype)
        return reply.but(id=self.query.id, question=self.query.question)


def _same_port_twice(attempts=50):
    """A TCP listener and a UDP socket with one port, which somebody else may have of either."""
    for _ in range(attempts):
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(("127.0.0.1", tcp.getsockname()[1]))
            return tcp, udp
        except OSError:
            tcp.close()
            udp.close()
    raise OSError("no port is free for TCP and UDP alike")


class Liar:
    """Serves from its making to close()."""

    def __init__(self, lie, target, sources):
        self._lie, self._target, self._sources = lie, target, sources
        self._times, self._lock, self._stop = {}, threading.Lock(), threading.Event()
        self._tcp, self._udp = _same_port_twice()
        self.port = self._tcp.getsockname()[1]
        self._elsewhere = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._elsewhere.bind(("127.0.0.2", 0))
        for each in (self._udp, self._tcp):
            each.settimeout(_POLL)
        self._threads = [threading.Thread(target=serve, daemon=True) for serve in (self._serve_udp, self._serve_tcp)]
        for thread in self._threads:
            thread.start()
        self.complaints = []

    def close(self):
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for each in (self._udp, self._tcp, self._elsewhere):
            each.close()

    def _replies(self, octets, transport):
        query = dns_wire.read(octets)
        with self._lock:
            key = query.question
            times = self._times.get(key, 0)
            self._times[key] = times + 1
        try:
            return self._lie(Asked(query, transport, times, self._target, self._sources))
        except Exception as error:  # a fault of the test, which the runner must see
            self.complaints.append(f"{type(error).__name__}: {error}")
            return []

    def _serve_udp(self):
        while not self._stop.is_set():
            try:
                octets, client = self._udp.recvfrom(4096)
            except OSError:
                continue
            for reply in self._replies(octets, "udp"):
                self._send_udp(reply, client, self._udp)

    def _send_udp(self, reply, client, sender):
        if isinstance(reply, Later):
            timer = threading.Timer(reply.seconds, self._send_udp, (reply.what, client, sender))
            timer.daemon = True
            return timer.start()
        if isinstance(reply, FromElsewhere):
            return self._send_udp(reply.what, client, self._elsewhere)
        octets = reply if isinstance(reply, bytes) else dns_wire.write(reply)
        if len(octets) > _PAYLOAD and not isinstance(reply, bytes):
            cut = reply.emptied()
            octets = dns_wire.write(cut.but(flags=cut.flags | dns_wire.TC))
        try:
            sender.sendto(octets, client)
        except OSError:
            pass  # larger than a datagram, or all is over
        return None

    def _serve_tcp(self):
        while not self._stop.is_set():
            try:
                connection, _client = self._tcp.accept()
            except OSError:
                continue
            threading.Thread(target=self._serve_connection, args=(connection,), daemon=True).start()

    def _serve_connection(self, connection):
        connection.settimeout(_PATIENCE)
        try:
            with connection:
                while not self._stop.is_set():
                    octets = _receive(connection, struct.unpack("!H", _receive(connection, 2))[0])
                    for reply in self._replies(octets, "tcp"):
                        self._send_tcp(reply, connection)
        except OSError:
            pass  # the other side has gone

    def _send_tcp(self, reply, connection):
        if isinstance(reply, Later):
            time.sleep(reply.seconds)
            reply = reply.what
        if isinstance(reply, FromElsewhere):
            return
        if isinstance(reply, bytes):
            connection.sendall(reply)  # with or without a length in front, as the lie wants it
        else:
            octets = dns_wire.write(reply)[:65535]
            connection.sendall(struct.pack("!H", len(octets)) + octets)
