# SPDX-License-Identifier: Apache-2.0
"""Keys, DS records and signatures. One key per zone signs everything in it (a "combined signing key").

The DS record is computed here from the key (RFC 4034 section 5.1.4), so that no zone has to wait for its children and
all of them are signed at the same time.
"""

import base64
import hashlib
import pathlib
import struct

import zones
from tools import in_parallel, run

_DENIAL = {
    "nsec": (),
    "nsec3": ("-3", "-", "-H", "0"),
    "nsec3-salted": ("-3", "5a17", "-H", "5"),
    "nsec3-many": ("-3", "-", "-H", "150"),  # iterations: more than anybody should have
    "opt-out": ("-3", "-", "-H", "0", "-A"),
}
_DATES = {
    "expired": ("-s", "20200101000000", "-e", "20200201000000"),
    "ending": ("-e", "now+3600"),
    "long-lived": ("-s", "20200101000000", "-e", "20700101000000"),  # beyond 2038: times are serial numbers
}
_DIGESTS = {1: hashlib.sha1, 2: hashlib.sha256}  # by number (RFC 4034 appendix A.2, RFC 4509)


class Keys:
    """The keys of all signed zones, in one directory."""

    def __init__(self, directory, all_zones=tuple(zones.ZONES)):
        self._directory = pathlib.Path(directory)
        self._zones = all_zones
        self._directory.mkdir()
        self._base = {}

    @classmethod
    def of_running_world(cls, directory):
        """The keys that make() has written, for who signs a zone anew."""
        keys = cls.__new__(cls)
        keys._directory = pathlib.Path(directory)
        keys._base = {zone.name: next(keys._directory.glob(f"K{zone.name}+*.key")).with_suffix("")
                      for zone in zones.ZONES if zone.algorithm is not None}
        return keys

    def make(self):
        signed = [zone for zone in self._zones if zone.algorithm is not None]
        names = in_parallel([lambda zone=zone: self._make_key(zone) for zone in signed])
        self._base = {zone.name: self._directory / name for zone, name in zip(signed, names)}

    def ds_records(self):
        """By zone, and by digest type."""
        return {name: {digest: _ds_record(name, self._dnskey(name), digest) for digest in _DIGESTS} for name in self._base}

    def trust_anchor(self, zone):
        """The zone's key as a line of a master file."""
        return f"{zone} 300 IN DNSKEY {self._dnskey(zone)}\n"

    def key_of(self, zone):
        """Where the zone's key lies, as sign() takes it."""
        return self._base[zone]

    def another_key(self, zone):
        """A new one, which signs nothing yet."""
        return self._directory / self._make_key(next(one for one in zones.ZONES if one.name == zone))

    def revoked(self, key):
        """The same key with the REVOKE bit (RFC 5011 section 2.1)."""
        return pathlib.Path(run("dnssec-revoke", "-K", str(self._directory), key.name).strip())

    def sign(self, zone, unsigned, signed, by=()):
        """Writes to the path `signed` what the master file at the path `unsigned` becomes, with the zone's key or those `by`."""
        if zone.algorithm is None:
            signed.write_text(unsigned.read_text())
            return
        by = by or (self._base[zone.name],)
        with unsigned.open("a") as text:
            text.writelines(f"{zone.name} DNSKEY {dnskey_in(key)}\n" for key in by)
        dates = _DATES.get(zone.fault, ())
        run("dnssec-signzone", "-z", "-P", "-Q", *_DENIAL[zone.denial], *dates, "-O", "full", "-o", zone.name, "-f",
            str(signed), "-d", str(self._directory), str(unsigned), *map(str, by))
        if zone.fault.startswith("altered"):
            signed.write_text(zones.altered(zone, signed.read_text()))

    def _make_key(self, zone):
        size = ("-b", "2048") if zone.algorithm == "RSASHA256" else ()
        return run("dnssec-keygen", "-q", "-K", str(self._directory), "-a", zone.algorithm, *size, "-f", "KSK",
                   zone.name).strip()

    def _dnskey(self, name):
        return dnskey_in(self._base[name])


def dnskey_in(key):
    """RDATA of the DNSKEY record in presentation form: flags, protocol, algorithm, key."""
    record = next(line for line in key.with_suffix(key.suffix + ".key").read_text().splitlines() if not line.startswith(";"))
    return record.split(" DNSKEY ", 1)[1]


def _ds_record(owner, dnskey, digest_type):
    flags, protocol, algorithm, *key = dnskey.split()
    rdata = struct.pack("!HBB", int(flags), int(protocol), int(algorithm)) + base64.b64decode("".join(key))
    wire_owner = b"".join(bytes([len(label)]) + label.encode() for label in owner.split(".") if label) + b"\0"
    digest = _DIGESTS[digest_type](wire_owner + rdata).hexdigest()
    return f"{_key_tag(rdata)} {algorithm} {digest_type} {digest}"


def _key_tag(rdata):
    """RFC 4034 appendix B."""
    total = sum(octet if index & 1 else octet << 8 for index, octet in enumerate(rdata))
    return (total + (total >> 16)) & 0xFFFF
