# SPDX-License-Identifier: Apache-2.0
"""A proxy that hands on DNS questions and keeps every answer back for a while: the round-trip time of a far server.

Used as `python3 dns_delay.py MILLISECONDS ADDRESS…`; passes on from port 53 of each address to port BACKEND_PORT.
A kernel's network emulator would do this too, but not every kernel has it.
"""

import asyncio
import sys

BACKEND_PORT = 5300
_LONGEST_ANSWER_WAIT = 10  # seconds until a socket to the server is given up


class _Udp(asyncio.DatagramProtocol):
    """Takes questions at port 53."""

    def __init__(self, address, delay):
        self._address = address
        self._delay = delay
        self._transport = None
        self._tasks = set()

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, client):
        task = asyncio.ensure_future(self._pass_on(data, client))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, question, client):
        loop = asyncio.get_running_loop()
        due = loop.time() + self._delay
        answered = loop.create_future()
        backend, _ = await loop.create_datagram_endpoint(
            lambda: _OneAnswer(answered), remote_addr=(self._address, BACKEND_PORT))
        try:
            backend.sendto(question)
            answer = await asyncio.wait_for(answered, _LONGEST_ANSWER_WAIT)
            await asyncio.sleep(due - loop.time())
            self._transport.sendto(answer, client)
        except (OSError, asyncio.TimeoutError):
            pass  # as a lost packet
        finally:
            backend.close()


class _OneAnswer(asyncio.DatagramProtocol):
    def __init__(self, answered):
        self._answered = answered

    def datagram_received(self, data, _address):
        if not self._answered.done():
            self._answered.set_result(data)

    def error_received(self, error):
        if not self._answered.done():
            self._answered.set_exception(error)


async def _tcp(address, delay, client_reader, client_writer):
    """One connection; its messages are handed on one after the other (RFC 1035 section 4.2.2)."""
    try:
        server_reader, server_writer = await asyncio.open_connection(address, BACKEND_PORT)
        while True:
            await _copy_message(client_reader, server_writer)
            await asyncio.sleep(delay)
            await _copy_message(server_reader, client_writer)
    except (OSError, asyncio.IncompleteReadError):
        pass  # one side has gone
    finally:
        client_writer.close()


async def _copy_message(reader, writer):
    length = await reader.readexactly(2)
    writer.write(length + await reader.readexactly(int.from_bytes(length, "big")))
    await writer.drain()


async def serve(delay, addresses):
    loop = asyncio.get_running_loop()
    for address in addresses:
        await loop.create_datagram_endpoint(lambda a=address: _Udp(a, delay), local_addr=(address, 53))
        await asyncio.start_server(lambda r, w, a=address: _tcp(a, delay, r, w), address, 53)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]) / 1000, sys.argv[2:]))
