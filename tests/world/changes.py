# SPDX-License-Identifier: Apache-2.0
"""How a world that runs is changed: a server's key and certificate, a zone's records and how long its signatures last."""

import dataclasses
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import dns_servers
import services
import signing
import zones

_LIMIT = 10  # seconds for a server to end


class Changes:
    def __init__(self, world):
        self._world = pathlib.Path(world)
        self._keys = signing.Keys.of_running_world(self._world / "keys")
        self._kept = {}
        self._serials = {}  # of zones that were published anew

    def show_stranger(self, name):
        """The web server `name` shows the stranger's certificate, by its key."""
        for kind, file in self._files(name).items():
            self._kept.setdefault(file, file.read_bytes())
            shutil.copyfile(self._world / "pki" / f"stranger{kind}", file)
        _start_again("nginx")

    def show_own(self, name):
        for file in self._files(name).values():
            file.write_bytes(self._kept[file])
        _start_again("nginx")

    @property
    def keys(self):
        return self._keys

    def publish(self, zone_name, more="", fault="", by=()):
        """The zone as it was at first, with `more` records, and signatures as a zone of that fault has them, by its key or these."""
        zone = next(zone for zone in zones.ZONES if zone.name == zone_name)
        signed = dns_servers.zone_file(self._world / "zones", zone)
        first = signed.with_suffix(".zone")
        changed = signed.with_suffix(".changed")
        own_key = f"{zone.name} DNSKEY "
        text = "".join(line for line in first.read_text().splitlines(keepends=True) if not line.startswith(own_key))
        serial = self._serials[zone_name] = self._serials.get(zone_name, 1) + 1
        text = re.sub(r"^(@ SOA \S+ \S+) 1 ", rf"\1 {serial} ", text, count=1, flags=re.MULTILINE)
        changed.write_text(text + more)
        self._keys.sign(dataclasses.replace(zone, fault=fault), changed, signed, by)
        _reload("nsd")
        _wait_for(zone.server, zone_name, serial)
        _reload("unbound")  # which forgets what it has asked
        _wait_for(zones.RESOLVER, zone_name, serial)

    def _files(self, name):
        service = next(one for one in services.SERVICES if one.name == name and one.port == 443)
        pki = self._world / "pki"
        return {".pem": pki / f"{service.file_name}.chain.pem", ".key": pki / f"{service.file_name}.key"}


def _reload(program):
    """SIGHUP to the first process of each of the world's servers of that program."""
    for number, _words in _servers(program):
        os.kill(number, signal.SIGHUP)


def _wait_for(server, zone_name, serial):
    limit = time.monotonic() + _LIMIT
    while not dns_servers.serves(server, zone_name, serial):
        if time.monotonic() > limit:
            raise RuntimeError(f"{server} does not have serial {serial} of {zone_name}")
        time.sleep(0.02)


def _start_again(program):
    """nginx as one process reads no configuration anew without losing its listeners."""
    for number, words in _servers(program):
        log = open(f"/proc/{number}/fd/2", "ab")  # pylint: disable=consider-using-with
        os.kill(number, signal.SIGTERM)
        limit = time.monotonic() + _LIMIT
        while _command(number) and time.monotonic() < limit:
            time.sleep(0.02)
        subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


def _servers(program):
    """Process and command of each; nobody else is in the sandbox's process namespace. Of those that have the same command
    line the first is the one that the others belong to."""
    found = {}
    for number in sorted(int(entry.name) for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit()):
        words = _command(number)
        if words and pathlib.Path(words[0]).name == program:
            found.setdefault(words, number)
    return [(number, words) for words, number in found.items()]


def _command(number):
    try:
        return tuple(pathlib.Path(f"/proc/{number}/cmdline").read_bytes().decode(errors="replace").split("\0"))[:-1]
    except OSError:
        return ()
