# SPDX-License-Identifier: Apache-2.0
"""Resolvers that are not as they should be, in front of the world's own: for lookups that must find another one.

Used as `python3 dns_middle.py CERTIFICATE KEY OTHER-CERTIFICATE OTHER-KEY`. Over UDP one spoils the first record of every TLSA answer, as a poisoned
cache would, and one says that it was cut, which it is not over TCP; over TLS one closes its connection after every reply, and one has the certificate of somebody else.
"""

import asyncio
import ssl
import sys

import zones
from dns_delay import _OneAnswer, _copy_message

_TLSA = 52
_PATIENCE = 10  # seconds for the resolver


async def _ask(question):
    """What the world's resolver says."""
    answered = asyncio.get_running_loop().create_future()
    backend, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _OneAnswer(answered), remote_addr=(zones.RESOLVER, 53))
    try:
        backend.sendto(question)
        return await asyncio.wait_for(answered, _PATIENCE)
    finally:
        backend.close()


def spoiled(reply):
    """`reply` with one bit of its first answer turned, if that is a TLSA record; its owner is compressed. The bit is none of the last four,
    which zones.altered() changes: one would take back the other."""
    end = reply.index(b"\0", 12) + 5  # of the question
    has_answer = int.from_bytes(reply[6:8], "big") > 0
    if not has_answer or int.from_bytes(reply[end + 2:end + 4], "big") != _TLSA:
        return reply
    last = end + 12 + int.from_bytes(reply[end + 10:end + 12], "big") - 1
    return reply[:last] + bytes([reply[last] ^ 0x80]) + reply[last + 1:]


class _Poisoned(asyncio.DatagramProtocol):
    def __init__(self):
        self._transport = None
        self._tasks = set()

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, client):
        task = asyncio.ensure_future(self._answer(data, client))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, question, client):
        try:
            self._transport.sendto(spoiled(await _ask(question)), client)
        except (OSError, asyncio.TimeoutError):
            pass


async def _one_reply_each(client_reader, client_writer):
    try:
        server_reader, server_writer = await asyncio.open_connection(zones.RESOLVER, 53)
        await _copy_message(client_reader, server_writer)
        await _copy_message(server_reader, client_writer)
        server_writer.close()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        client_writer.close()


class _Cutting(asyncio.DatagramProtocol):
    """Every reply is the question, with QR and TC."""

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, client):
        self._transport.sendto(data[:2] + bytes([data[2] | 0x82]) + data[3:], client)


async def _every_reply(client_reader, client_writer):
    try:
        while True:
            length = await client_reader.readexactly(2)
            reply = await _ask(await client_reader.readexactly(int.from_bytes(length, "big")))
            client_writer.write(len(reply).to_bytes(2, "big") + reply)
    except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
        pass
    finally:
        client_writer.close()


def _tls(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def _serve(certificate, key, other_certificate, other_key):
    await asyncio.get_running_loop().create_datagram_endpoint(_Poisoned, local_addr=(zones.POISONED_RESOLVER, 53))
    await asyncio.start_server(_one_reply_each, zones.CLOSING_RESOLVER, 853, ssl=_tls(certificate, key))
    await asyncio.start_server(_one_reply_each, zones.WRONG_RESOLVER, 853, ssl=_tls(other_certificate, other_key))
    cutting = (zones.CLOSING_RESOLVER, zones.CUTTING_RESOLVER_PORT)
    await asyncio.get_running_loop().create_datagram_endpoint(_Cutting, local_addr=cutting)
    await asyncio.start_server(_every_reply, *cutting)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
