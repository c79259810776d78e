# SPDX-License-Identifier: Apache-2.0
"""DNS messages as a liar needs them: read, changed, and written again. Names are tuples of labels in lower case."""

import dataclasses
import struct

NS, CNAME, SOA, PTR, MX, TXT, DNAME, DS, RRSIG, NSEC, DNSKEY, NSEC3, TLSA = 2, 5, 6, 12, 15, 16, 39, 43, 46, 47, 48, 50, 52
A, AAAA, OPT = 1, 28, 41
IN, CHAOS = 1, 3
QR, TC, RD, RA, AD, CD = 0x8000, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010
_NAMES_BEFORE_REST = {NS: 0, CNAME: 0, PTR: 0, DNAME: 0, MX: 2, SOA: 0}  # octets in front of the name


def name(text):
    return tuple(label.encode().lower() for label in text.split(".") if label)


def text(labels):
    return ".".join(label.decode("latin-1") for label in labels) or "."


def name_wire(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


@dataclasses.dataclass(frozen=True)
class Record:
    owner: tuple
    type: int
    ttl: int
    rdata: bytes
    cls: int = IN

    def but(self, **changes):
        return dataclasses.replace(self, **changes)

    def covers(self, rrtype):
        """It is an RRSIG over records of that type."""
        return self.type == RRSIG and struct.unpack_from("!H", self.rdata)[0] == rrtype

    def is_of(self, rrtype):
        return self.type == rrtype or self.covers(rrtype)


@dataclasses.dataclass
class Message:
    id: int
    flags: int
    question: tuple | None  # name, type, class
    answer: list
    authority: list
    additional: list  # without OPT
    opt: bytes | None = None  # the OPT record as it stands on the wire

    @property
    def records(self):
        return self.answer + self.authority

    def but(self, **changes):
        return dataclasses.replace(self, **changes)

    def each(self, change):
        """Every record of answer and authority through `change`, which gives a record, a list of them, or None."""
        return self.but(answer=_changed(self.answer, change), authority=_changed(self.authority, change))

    def with_rcode(self, rcode):
        """The upper eight bits go into an OPT record (RFC 6891 section 6.1.3)."""
        opt = self.opt
        if opt is not None or rcode > 15:
            opt = b"\0" + struct.pack("!HHIH", OPT, 1232, (rcode >> 4) << 24 | 0x8000, 0)
        return self.but(flags=self.flags & 0xFFF0 | rcode & 15, opt=opt)

    def emptied(self):
        return self.but(answer=[], authority=[], additional=[])


def _changed(section, change):
    records = []
    for record in section:
        made = change(record)
        records += made if isinstance(made, list) else [] if made is None else [made]
    return records


def read(octets):
    (ident, flags, *counts), at = struct.unpack_from("!6H", octets), 12
    question = None
    for _ in range(counts[0]):
        labels, at = _read_name(octets, at)
        question = (labels, *struct.unpack_from("!HH", octets, at))
        at += 4
    sections, opt = [[], [], []], None
    for section, count in zip(sections, counts[1:]):
        for _ in range(count):
            begin = at
            owner, at = _read_name(octets, at)
            rrtype, cls, ttl, length = struct.unpack_from("!HHIH", octets, at)
            at += 10
            if rrtype == OPT:
                opt = octets[begin:at + length]
            else:
                section.append(Record(owner, rrtype, ttl, _read_rdata(octets, at, length, rrtype), cls))
            at += length
    return Message(ident, flags, question, *sections, opt)


def _read_name(octets, at):
    labels, end = [], None
    while octets[at]:
        if octets[at] >= 0xC0:
            end = at + 2 if end is None else end
            at = struct.unpack_from("!H", octets, at)[0] & 0x3FFF
        else:
            labels.append(octets[at + 1:at + 1 + octets[at]].lower())
            at += 1 + octets[at]
    return tuple(labels), at + 1 if end is None else end


def _read_rdata(octets, at, length, rrtype):
    end = at + length
    if rrtype not in _NAMES_BEFORE_REST:
        return octets[at:end]
    before = _NAMES_BEFORE_REST[rrtype]
    rdata = octets[at:at + before]
    at += before
    for _ in range(2 if rrtype == SOA else 1):
        labels, at = _read_name(octets, at)
        rdata += name_wire(labels)
    return rdata + octets[at:end]


def write(message):
    """With owners compressed, so that what fitted into a datagram still does."""
    sections = [message.answer, message.authority, message.additional]
    counts = [int(message.question is not None), *map(len, sections)]
    counts[3] += message.opt is not None
    out = bytearray(struct.pack("!6H", message.id, message.flags, *counts))
    seen = {}
    if message.question is not None:
        _put_name(out, message.question[0], seen)
        out += struct.pack("!HH", *message.question[1:])
    for record in (one for section in sections for one in section):
        _put_name(out, record.owner, seen)
        out += struct.pack("!HHIH", record.type, record.cls, record.ttl, len(record.rdata)) + record.rdata
    return bytes(out + (message.opt or b""))


def _put_name(out, labels, seen):
    while labels:
        if labels in seen:
            out += struct.pack("!H", 0xC000 | seen[labels])
            return
        if len(out) < 0x4000:
            seen[labels] = len(out)
        out += bytes([len(labels[0])]) + labels[0]
        labels = labels[1:]
    out.append(0)


def query(labels, rrtype, ident=0x2A2A):
    """With RD and CD, and DO in an OPT record."""
    opt = b"\0" + struct.pack("!HHIH", OPT, 1232, 0x8000, 0)
    return Message(ident, RD | CD, (labels, rrtype, IN), [], [], [], opt)
