# SPDX-License-Identifier: Apache-2.0
"""What lies are made of: small changes of an honest reply, for some of the questions or for all."""

import struct

import dns_wire
from dns_wire import CNAME, DNAME, DNSKEY, DS, NSEC, NSEC3, RRSIG, SOA, TLSA, Record, name, name_wire

FORGED_TLSA = bytes([3, 1, 1]) + b"\xbd" * 32
FORGED_A = bytes([10, 53, 0, 66])


def honestly(asked):
    return [asked.honest()]


def to_target(change):
    """Lies about the name under attack only; `change` makes a message of Asked and the honest reply."""
    return lambda asked: [change(asked, asked.honest()) if asked.is_target else asked.honest()]


def to_type(rrtype, change):
    return lambda asked: [change(asked, asked.honest()) if asked.type == rrtype else asked.honest()]


def to_all(change):
    return lambda asked: [change(asked, asked.honest())]


def without(*rrtypes, and_signatures=True):
    """The reply without the records of these types."""
    def keeps(record):
        gone = any(record.is_of(one) if and_signatures else record.type == one for one in rrtypes)
        return None if gone else record
    return lambda asked, reply: reply.each(keeps)


def unsigned(*rrtypes):
    """The reply without the signatures of records of these types; of all, where none is given."""
    def keeps(record):
        gone = record.type == RRSIG and (not rrtypes or any(record.covers(one) for one in rrtypes))
        return None if gone else record
    return lambda asked, reply: reply.each(keeps)


def changing(matches, change):
    """Every record that `matches` through `change`."""
    return lambda asked, reply: reply.each(lambda record: change(record) if matches(record) else record)


def of_type(rrtype):
    return lambda record: record.type == rrtype


def signature_of(rrtype):
    return lambda record: record.covers(rrtype)


def any_signature(record):
    return record.type == RRSIG


def flipped(at, bits=1):
    """The record with some bits of one octet of its RDATA turned; at the end where `at` is negative."""
    def flip(record):
        rdata = bytearray(record.rdata)
        rdata[at] ^= bits
        return record.but(rdata=bytes(rdata))
    return flip


def overwritten(at, octets):
    return lambda record: record.but(rdata=record.rdata[:at] + octets + record.rdata[at + len(octets):])


def signed_by(zone):
    """An RRSIG that names another signer."""
    def change(record):
        end = 18
        while record.rdata[end]:
            end += 1 + record.rdata[end]
        return record.but(rdata=record.rdata[:18] + name_wire(name(zone)) + record.rdata[end + 1:])
    return change


def renamed(records, owner):
    return [record.but(owner=owner) for record in records]


def denying(rcode, *sources):
    """The name under attack is denied with the authority sections of other replies: (name, type) or (name, type, source)."""
    def lie(asked):
        if not asked.is_target:
            return [asked.honest()]
        proof = [record for source in sources for record in asked.honest(name(source[0]), *source[1:]).authority]
        return [asked.honest().emptied().but(authority=proof).with_rcode(rcode)]
    return lie


def whole_chain(asked, zone, rrtype=TLSA):
    """Every NSEC or NSEC3 record of the zone, with its signature: found by asking for names that are not there, also for those
    right behind the names that NSEC records tell."""
    found, tried = {}, set()
    labels = {f"q{number}".encode() for number in range(60)}
    while labels - tried:
        label = sorted(labels - tried)[0]
        tried.add(label)
        for record in asked.honest((label + b"0", *name(zone)), rrtype).authority:
            if record.is_of(NSEC) or record.is_of(NSEC3):
                found[record] = True
            if record.type == NSEC and len(record.owner) > len(name(zone)):
                labels.add(record.owner[-1 - len(name(zone))])
                labels.add(record.rdata[1:1 + record.rdata[0]])
    return list(found)


def denied_by_all_of(zone, rcode_is=3):
    """The name under attack is denied with all that a zone above it ever says about absence."""
    def lie(asked):
        if not asked.is_target:
            return [asked.honest()]
        return [asked.honest().emptied().but(authority=whole_chain(asked, zone)).with_rcode(rcode_is)]
    return lie


def no_ds(lie, proof=()):
    """`lie`, and every DS question about the zones of the target is answered with `proof`, as if there were no DS."""
    def both(asked):
        if asked.type != DS or len(asked.name) < 2:
            return lie(asked)
        records = [record for source in proof for record in asked.honest(name(source[0]), *source[1:]).authority]
        return [asked.honest().emptied().but(authority=records)]
    return both


def without_ds_and_keys(lie):
    """`lie`, and nothing about DS or keys below the top-level domains."""
    def both(asked):
        hidden = asked.type in (DS, DNSKEY) and len(asked.name) >= 2
        return [asked.honest().emptied()] if hidden else lie(asked)
    return both


def answering(*records, rcode=0):
    """The name under attack gets these records, their owner replaced by it, and nothing else."""
    def lie(asked):
        if not asked.is_target:
            return [asked.honest()]
        return [asked.honest().emptied().but(answer=renamed(records, asked.name)).with_rcode(rcode)]
    return lie


def alias_to(target, rrtype=CNAME):
    """The name under attack is an alias, unsigned, and what stands at its end is genuine."""
    def lie(asked):
        if not asked.is_target:
            return [asked.honest()]
        end = asked.honest(name(target), asked.type)
        owner = asked.name if rrtype == CNAME else asked.name[2:]
        alias = [Record(owner, rrtype, 300, name_wire(name(target) if rrtype == CNAME else name(target)[2:]))]
        if rrtype == DNAME:
            alias.append(Record(asked.name, CNAME, 300, name_wire(name(target))))
        return [end.but(answer=alias + end.answer)]
    return lie


def with_more(*records, section="authority"):
    def change(_asked, reply):
        return reply.but(**{section: getattr(reply, section) + list(records)})
    return change


def garbage_signatures(count):
    """As many signatures as that beside each genuine one, for the same key, none of which verifies."""
    def change(record):
        if record.type != RRSIG:
            return record
        size = len(record.rdata)
        return [record] + [record.but(rdata=record.rdata[:size - 8] + struct.pack("!Q", number)) for number in range(count)]
    return lambda asked, reply: reply.each(change)


def key_tag(rdata):
    """RFC 4034 appendix B."""
    total = sum(octet if index & 1 else octet << 8 for index, octet in enumerate(rdata))
    return (total + (total >> 16)) & 0xFFFF


def twins(count):
    """Keys of the same tag and algorithm beside each genuine one: an octet more here is one less two further on."""
    def change(record):
        if record.type != DNSKEY:
            return record
        made = [record]
        for number in range(1, count + 1):
            rdata = bytearray(record.rdata)
            at = 6 + 2 * (number % 20)
            if rdata[at] + 1 + number // 20 < 256 and rdata[at + 2] > number // 20:
                rdata[at] += 1 + number // 20
                rdata[at + 2] -= 1 + number // 20
            if key_tag(bytes(rdata)) == key_tag(record.rdata) and bytes(rdata) != record.rdata:
                made.append(record.but(rdata=bytes(rdata)))
        return made
    return lambda asked, reply: reply.each(change)


def rcode(number, keeps_content):
    def change(_asked, reply):
        return (reply if keeps_content else reply.emptied()).with_rcode(number)
    return change


def ttl(seconds):
    """Of every record; what RRSIGs say of the original TTL stays."""
    return lambda asked, reply: reply.each(lambda record: record.but(ttl=seconds))


def flags(on=0, off=0):
    return lambda asked, reply: reply.but(flags=(reply.flags | on) & ~off)


def all_denials(record):
    return record.type in (NSEC, NSEC3)


def soa_only(asked, reply):
    return reply.emptied().but(authority=[one for one in reply.authority if one.is_of(SOA)])


def nsec3_iterations(count):
    return changing(of_type(NSEC3), overwritten(2, struct.pack("!H", count)))


def types_erased(record):
    """An NSEC or NSEC3 whose type bitmap has only NS left, as that of an unsigned delegation."""
    if record.type == NSEC:
        end = 0
        while record.rdata[end]:
            end += 1 + record.rdata[end]
        return record.but(rdata=record.rdata[:end + 1] + b"\0\1\x20")
    salt = record.rdata[4]
    fixed = 5 + salt + 1 + record.rdata[5 + salt]
    return record.but(rdata=record.rdata[:fixed] + b"\0\1\x20")


def junk(count):
    return [Record(name(f"junk{number}.example"), 65280, 300, struct.pack("!I", number)) for number in range(count)]


def chaos_only(record):
    return record.but(cls=dns_wire.CHAOS)
