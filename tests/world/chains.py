# SPDX-License-Identifier: Apache-2.0
"""Authentication chains (RFC 9102 section 2.3) of the world's names, right ones and wrong ones: the records that the world's
resolver has for them, in uncompressed wire form."""

import struct

from tools import run

_RRSIG, _DS, _DNSKEY, _TLSA, _TXT = 46, 43, 48, 52, 16


def wire_name(text):
    """A domain name without escapes."""
    labels = [label.encode() for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def record(owner, rr_type, ttl, rdata):
    return wire_name(owner) + struct.pack("!HHIH", rr_type, 1, ttl, len(rdata)) + rdata


def _ask(resolver, name, rr_type):
    """(owner, type, ttl, rdata) of all answer and authority records, whatever they are worth."""
    text = run("dig", f"@{resolver}", "-q", name or ".", "-t", f"TYPE{rr_type}", "+dnssec", "+cd", "+noall", "+answer",
               "+authority", "+unknownformat", "+time=5", "+tries=2")
    found = []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) < 6 or not fields[3].startswith("TYPE") or fields[4] != "\\#":
            continue
        rdata = bytes.fromhex("".join(fields[6:]))
        found.append((fields[0], int(fields[3].removeprefix("TYPE")), int(fields[1]), rdata))
    return found


def _ancestors(name):
    labels = [label for label in name.rstrip(".").split(".") if label]
    return [".".join(labels[first:]) for first in range(len(labels))] + [""]


def records_for(resolver, host, port=443):
    """Everything that a proof about the TLSA records may take: a set of records in wire form."""
    owner = f"_{port}._tcp.{host}"
    answers = _ask(resolver, owner, _TLSA)
    names = {ancestor for answer in [(owner,), *answers] for ancestor in _ancestors(answer[0])}
    for name in sorted(names):
        answers += _ask(resolver, name, _DNSKEY)
        answers += _ask(resolver, name, _DS) if name else []
    return {record(*answer) for answer in answers}


def extension(records, hours=0):
    """The server's extension_data: records in whatever order."""
    chain = b"".join(records)
    return struct.pack("!HH", hours, len(chain)) + chain


def padding(octets):
    """Records that belong to nobody."""
    filler = b"\xff" + b"x" * 255
    one = len(record("filler.example", _TXT, 1, filler * 4))
    return [record("filler.example", _TXT, 1, bytes([255]) + str(number).rjust(255, "x").encode() + filler * 3)
            for number in range(octets // one)]


def is_about(wire, rr_type):
    """Whether a record is of the type, or a signature over such records."""
    at = 0
    while wire[at]:
        at += 1 + wire[at]
    found, = struct.unpack_from("!H", wire, at + 1)
    covered, = struct.unpack_from("!H", wire, at + 11)
    return rr_type in (found, covered if found == _RRSIG else found)
