# SPDX-License-Identifier: Apache-2.0
"""Zones of the world as they were last year and as they will be next year: signed with their own keys, so that only the
dates of the signatures speak against them."""

import pathlib
import subprocess
import sys
import time

_WORLD = pathlib.Path(__file__).resolve().parent.parent / "world"
sys.path.insert(0, str(_WORLD))
import dns_servers  # noqa: E402
import zones  # noqa: E402
from tools import Failed, find, run  # noqa: E402

ADDRESSES = {"past": "10.53.0.91", "future": "10.53.0.92"}
_DATES = {"past": ("-s", "20230101000000", "-e", "20230201000000"), "future": ("-s", "20400101000000", "-e", "20400201000000")}
_ZONES = ("good.example.", "nsec3.dane.", "sub.nsec3.dane.", "absent.nsec3.dane.")
_START_LIMIT = 10  # seconds


def start(world_directory):
    """One name server for each time, which ends with the sandbox; gives their addresses."""
    world = pathlib.Path(world_directory)
    for when, address in ADDRESSES.items():
        directory = world / f"zones-{when}"
        directory.mkdir()
        config = dns_servers.NSD.format(address=address, port=53, directory=directory)
        for zone in (one for one in zones.ZONES if one.name in _ZONES):
            signed = dns_servers.zone_file(directory, zone)
            _sign(world, zone, signed, _DATES[when])
            config += f'zone:\n  name: "{zone.name}"\n  zonefile: "{signed}"\n'
        (directory / "nsd.conf").write_text(config)
        subprocess.Popen([find("nsd"), "-d", "-c", str(directory / "nsd.conf")], stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    limit = time.monotonic() + _START_LIMIT
    for address in ADDRESSES.values():
        while not dns_servers.answers(address, "good.example", False):
            if time.monotonic() > limit:
                raise Failed(f"the name server at {address} did not start")
            time.sleep(0.02)
    return ADDRESSES


def _sign(world, zone, signed, dates):
    unsigned = dns_servers.zone_file(world / "zones", zone).with_suffix(".zone")
    key = next((world / "keys").glob(f"K{zone.name}+*.key"))
    denial = {"nsec": (), "nsec3": ("-3", "-", "-H", "0"), "nsec3-salted": ("-3", "5a17", "-H", "5")}[zone.denial]
    run("dnssec-signzone", "-z", "-P", "-Q", *denial, *dates, "-O", "full", "-o", zone.name, "-f", str(signed),
        "-d", str(world / "keys"), str(unsigned), str(key.with_suffix("")))
