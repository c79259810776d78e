# SPDX-License-Identifier: Apache-2.0
"""A resolver in front of the world's own that loses answers and keeps others back, as a bad network does.

Used as `python3 dns_lossy.py ADDRESS SEED KIND-FILE`. Which answers are lost, and how long others take, follows from the
seed, the question and how often it was asked, and from nothing else. Over TCP nothing is lost. While KIND-FILE exists the
network is a good one. When it ends it says how many questions there were and how many answers were lost.
"""

import asyncio
import os
import random
import signal
import sys

from dns_middle import _ask, _one_reply_each

_LOST = 0.06  # of all answers
_LATE = 0.25  # of the others
_LONGEST = 0.3  # seconds that a late answer takes


class _Lossy(asyncio.DatagramProtocol):
    def __init__(self, seed, kind_file):
        self._seed, self._kind_file = seed, kind_file
        self._transport = None
        self._tasks = set()
        self._times_asked = {}
        self.asked = self.lost = 0

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, client):
        task = asyncio.ensure_future(self._answer(data, client))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _fate(self, question):
        """Seconds that the answer takes, or None: it is lost."""
        self.asked += 1
        what = question[12:question.index(b"\0", 12) + 5].lower()
        times = self._times_asked[what] = self._times_asked.get(what, 0) + 1
        if os.path.exists(self._kind_file):
            return 0
        chance = random.Random(f"{self._seed} {what.hex()} {times}")
        if chance.random() < _LOST:
            self.lost += 1
            return None
        return chance.uniform(0, _LONGEST) if chance.random() < _LATE else 0

    async def _answer(self, question, client):
        try:
            delay = self._fate(question)
            if delay is None:
                return
            reply = await _ask(question)
            await asyncio.sleep(delay)
            self._transport.sendto(reply, client)
        except (OSError, ValueError, asyncio.TimeoutError):
            pass


async def _serve(address, seed, kind_file):
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    _transport, lossy = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Lossy(seed, kind_file), local_addr=(address, 53))
    server = await asyncio.start_server(_one_reply_each, address, 53)
    async with server:
        await ended.wait()
    print(lossy.asked, lossy.lost, flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
