# SPDX-License-Identifier: Apache-2.0
"""Lies about records and signatures: changed, replayed, moved, downgraded, led elsewhere."""

import struct

import lies
from attack import Attack, FAILS, STANDS, blocked, harmless, refused
from dns_wire import A, AD, CNAME, DNAME, DNSKEY, DS, MX, NSEC, NSEC3, RRSIG, SOA, TLSA, Record, name, name_wire
from lies import to_all, to_target, to_type

_SIGNATURES = [
    harmless("no lie", "R6698-4.1a", lies.honestly),
    blocked("all signatures stripped", "R6698-4.1f", to_all(lies.unsigned())),
    blocked("signatures and denials stripped", "R6698-4.1f", to_all(lies.without(RRSIG, NSEC, NSEC3))),
    Attack("the answer's signatures stripped", "R4035-5.3a", to_target(lies.unsigned()), secure=FAILS),
    refused("TLSA signatures stripped everywhere", "R4035-5.3a", to_all(lies.unsigned(TLSA))),
    blocked("DNSKEY signatures stripped", "R4035-5.2a", to_all(lies.unsigned(DNSKEY))),
    refused("DS signatures stripped", "R4035-5.2a", to_all(lies.unsigned(DS))),
    blocked("DNSKEY records stripped", "R4035-5.2a", to_all(lies.without(DNSKEY))),
    refused("DS records stripped", "R6840-4.4a", to_all(lies.without(DS))),
    refused("DS records stripped, as empty denials with SOA", "R6840-4.4a", to_type(DS, lies.soa_only)),
    blocked("denials stripped, and DS", "R6840-4.4a", to_all(lies.without(NSEC, NSEC3, DS))),
    blocked("a bit flipped in every signature", "R4035-5.3a", to_all(lies.changing(lies.any_signature, lies.flipped(-1)))),
    refused("a bit flipped in the TLSA signature", "R4035-5.3a",
            to_all(lies.changing(lies.signature_of(TLSA), lies.flipped(-9)))),
    refused("a bit flipped in the TLSA record", "R4035-5.3b", to_all(lies.changing(lies.of_type(TLSA), lies.flipped(5)))),
    refused("another TLSA record instead", "R4035-5.3b",
            to_all(lies.changing(lies.of_type(TLSA), lambda record: record.but(rdata=lies.FORGED_TLSA)))),
    refused("another TLSA record beside it", "R4035-5.3b",
            to_all(lies.changing(lies.of_type(TLSA), lambda record: [record, record.but(rdata=lies.FORGED_TLSA)]))),
    refused("an unsigned TLSA record from somebody", "R4035-5.3a",
            lies.answering(Record((), TLSA, 300, lies.FORGED_TLSA))),
    refused("the signature of another RRset", "R4035-5.3a", to_target(
        lambda asked, reply: reply.but(answer=[one for one in reply.answer if one.type != RRSIG] + [
            one.but(owner=asked.name) for one in asked.honest(name("text.good.example"), 16).answer if one.type == RRSIG]))),
    refused("the signature relabelled from another type", "R4035-5.3a", to_target(
        lambda asked, reply: reply.but(answer=[one for one in reply.answer if one.type != RRSIG] + [
            lies.overwritten(0, struct.pack("!H", TLSA))(one).but(owner=asked.name)
            for one in asked.honest(name("text.good.example"), 16).answer if one.type == RRSIG]))),
    refused("the TLSA records of another owner", "R4035-5.3b", to_target(
        lambda asked, reply: reply.but(answer=lies.renamed(
            asked.honest(name("_443._tcp.mismatch.bad.example"), TLSA).answer, asked.name)))),
    harmless("the TLSA records of another owner beside the answer", "R4035-5.3b", to_target(
        lambda asked, reply: reply.but(
            answer=asked.honest(name("_443._tcp.mismatch.bad.example"), TLSA).answer + reply.answer))),
    refused("a foreign signer", "R4035-5.3a", to_all(lies.changing(lies.signature_of(TLSA), lies.signed_by("cdn.example")))),
    refused("a signer that is the parent", "R4035-5.3a", to_all(lies.changing(lies.signature_of(TLSA), lies.signed_by("example")))),
    refused("a longer original TTL", "R4035-5.3b",
            to_all(lies.changing(lies.signature_of(TLSA), lies.overwritten(4, b"\x7f\xff\xff\xff")))),
    refused("a later expiration", "R4035-5.3a",
            to_all(lies.changing(lies.signature_of(TLSA), lies.overwritten(8, b"\xf0\0\0\0")))),
    refused("fewer labels", "R4035-5.3a", to_all(lies.changing(lies.signature_of(TLSA), lies.overwritten(3, b"\1")))),
    refused("another key tag", "R4035-5.3a", to_all(lies.changing(lies.signature_of(TLSA), lies.flipped(17)))),
    refused("a signature of no octets", "R4035-5.3a", to_all(lies.changing(
        lies.signature_of(TLSA), lambda record: record.but(rdata=record.rdata[:-64])))),
    Attack("garbage signatures beside each genuine one", "R-limits", to_all(lies.garbage_signatures(3))),
    Attack("three hundred garbage signatures beside the answer's", "R-limits", to_target(lies.garbage_signatures(300))),
    Attack("forty keys of one tag beside each", "R-limits", to_all(lies.twins(40)), secure=FAILS, absent=FAILS),
    Attack("forty keys of one tag, and garbage signatures", "R-limits",
           to_all(lambda asked, reply: lies.garbage_signatures(20)(asked, lies.twins(40)(asked, reply))), secure=FAILS),
    blocked("a key more, unsigned", "R4035-5.2a", to_all(lies.changing(
        lies.of_type(DNSKEY), lambda record: [record, lies.flipped(-1)(record)]))),
    blocked("keys that are revoked", "R4035-5.3a", to_all(lies.changing(lies.of_type(DNSKEY), lies.flipped(1, 0x80)))),
    blocked("keys that are no zone keys", "R4035-5.3a", to_all(lies.changing(lies.of_type(DNSKEY), lies.flipped(0)))),
    blocked("records of class CH", "R4035-5.3a", to_all(lambda asked, reply: reply.each(lies.chaos_only))),
    blocked("the AD bit in the place of signatures", "R6698-4.1f", to_all(
        lambda asked, reply: lies.flags(on=AD)(asked, lies.unsigned()(asked, reply)))),
    harmless("no AD bit, no RA bit", "R6698-4.1a", to_all(lies.flags(off=AD | 0x80))),
]

_OTHER_TIMES = ("www.good.example", "nsec3.dane")  # what the name servers of the past and the future have


def _is_known_there(asked):
    """Their zones' own records; the DS records of the topmost ones are their parents'."""
    apexes = (name("good.example"), name("nsec3.dane"))
    return asked.name[-2:] in apexes and not (asked.type == DS and asked.name in apexes)


_TIMES = [
    refused(f"replies of {when} for the target", "R4035-5.3a",
            lambda asked, when=when: [asked.honest(source=when) if asked.is_target else asked.honest()], names=_OTHER_TIMES)
    for when in ("past", "future")
] + [
    refused(f"everything of the {when} that there is", "R4035-5.3a",
            lambda asked, when=when: [asked.honest(source=when) if _is_known_there(asked) else asked.honest()],
            names=_OTHER_TIMES)
    for when in ("past", "future")
]


_DOWNGRADES = [
    refused("DS of an unknown algorithm", "R4035-5.2a",
            to_all(lies.changing(lies.of_type(DS), lies.overwritten(2, b"\xc8"))), absent=FAILS),
    refused("DS of an unknown digest type", "R4035-5.2a",
            to_all(lies.changing(lies.of_type(DS), lies.overwritten(3, b"\xc8"))), absent=FAILS),
    refused("DS of an unknown algorithm beside it", "R4035-5.2a", to_all(lies.changing(
        lies.of_type(DS), lambda record: [record, lies.overwritten(2, b"\xc9")(record)])), absent=FAILS),
    blocked("DNSKEY of an unknown algorithm", "R4035-5.2a",
            to_all(lies.changing(lies.of_type(DNSKEY), lies.overwritten(3, b"\xc8")))),
    refused("DNSKEY of an unknown algorithm, below TLDs", "R4035-5.2a",
            lambda asked: [lies.changing(lies.of_type(DNSKEY), lies.overwritten(3, b"\xc8"))(asked, asked.honest())
                           if len(asked.name) > 1 else asked.honest()]),
    blocked("signatures of an unknown algorithm", "R4035-5.3a",
            to_all(lies.changing(lies.any_signature, lies.overwritten(2, b"\xc8")))),
    refused("the answer's signature of an unknown algorithm", "R4035-5.3a",
            to_all(lies.changing(lies.signature_of(TLSA), lies.overwritten(2, b"\xc8")))),
    refused("the DS of a sibling", "R4035-5.2a", lambda asked: [
        asked.honest().but(answer=lies.renamed(asked.honest(name("cdn.example"), DS).answer, asked.name))
        if asked.type == DS and len(asked.name) > 1 else asked.honest()]),
    refused("the keys of a sibling", "R4035-5.2a", lambda asked: [
        asked.honest().but(answer=lies.renamed(asked.honest(name("cdn.example"), DNSKEY).answer, asked.name))
        if asked.type == DNSKEY and len(asked.name) > 1 else asked.honest()]),
    refused("a DS that is too short", "R4035-5.2a",
            to_all(lies.changing(lies.of_type(DS), lambda record: record.but(rdata=record.rdata[:3])))),
]



def _by_wildcard(expanded, denials=None):
    """The TLSA records that a wildcard gives `expanded`, for the name under attack where it is of the same zone."""
    def change(asked, reply):
        if asked.name[-2:] == name("wild.example") and b"any" in asked.name:
            return reply
        genuine = asked.honest(name(expanded), TLSA)
        proof = genuine.authority if denials is None else [
            record for denied in denials for record in asked.honest(name(denied[0]), denied[1]).authority]
        return genuine.but(answer=lies.renamed(genuine.answer, asked.name), authority=proof)
    return to_target(change)


_WILDCARDS_AND_ALIASES = [
    Attack("the records of a wildcard above, with its proof", "R4035-5.3.4a", _by_wildcard("x.wild.example")),
    Attack("the records of a wildcard above, with this name's denial", "R4035-5.3.4a",
           _by_wildcard("x.wild.example", [("www.wild.example", MX), ("_tcp.www.wild.example", TLSA)])),
    Attack("wildcard answers without their proof", "R4035-5.3.4a", to_target(lies.without(NSEC, NSEC3))),
    refused("an alias to genuine records", "R6672-5.3a", lies.alias_to("_443._tcp.www.p384.example")),
    refused("an alias to an unsigned zone", "R6672-5.3a", lies.alias_to("_443._tcp.www.unsigned.example")),
    refused("an alias to what is absent", "R6672-5.3a", lies.alias_to("_443._tcp.absent.good.example")),
    refused("an alias to itself", "R-limits", to_target(
        lambda asked, reply: reply.emptied().but(answer=[Record(asked.name, CNAME, 300, name_wire(asked.name))]))),
    refused("a DNAME to an unsigned zone", "R6672-5.3a", lies.alias_to("_443._tcp.www.unsigned.example", DNAME)),
    Attack("a DNAME at the zone, beside the answer", "R6672-5.3a", to_target(lambda asked, reply: reply.but(
        answer=[Record(asked.name[-2:], DNAME, 300, name_wire(name("unsigned.example")))] + reply.answer)), secure=STANDS),
    refused("the alias of another name", "R6672-5.3a", to_target(lambda asked, reply: reply.emptied().but(
        answer=lies.renamed(asked.honest(name("_443._tcp.tlsa-alias.good.example"), CNAME).answer, asked.name)))),
    refused("a signed DNAME of another zone, renamed", "R6672-5.3a", to_target(lambda asked, reply: reply.emptied().but(
        answer=lies.renamed([one for one in asked.honest(name("x.old.good.example"), A).answer if one.is_of(DNAME)],
                            asked.name[-2:])))),
]

RECORD_ATTACKS = _SIGNATURES + _TIMES + _DOWNGRADES + _WILDCARDS_AND_ALIASES
