# SPDX-License-Identifier: Apache-2.0
"""Every attack: what is lied, which rule it tries, and what must come out.

Whatever the lie, of these nothing else may come out: what is true, or an error (SAFE). A row says more where there is more
to say: `secure` is what must come out where the truth is a secure RRset, and so on. STANDS means that the lie does no
harm and FAILS that it is noticed.
"""

import dataclasses
import struct

import lies
import octet_lies as octets
from dns_wire import A, AD, CNAME, DNAME, DNSKEY, DS, MX, NSEC, NSEC3, QR, RRSIG, SOA, TLSA, Record, name, name_wire
from lies import to_all, to_target, to_type

SAFE, STANDS, FAILS = "safe", "stands", "fails"


@dataclasses.dataclass(frozen=True)
class Attack:
    name: str
    rule: str
    lie: object
    secure: str = SAFE
    absent: str = SAFE
    insecure: str = SAFE
    slow: bool = False  # it takes the tool's whole deadline, so only some names are attacked
    timeout: int = 4000  # the tool's deadline in milliseconds
    second_is_honest: bool = False  # beside an honest resolver
    names: tuple = ("",)  # only targets whose name contains one of these


def refused(name, rule, lie, **more):
    return Attack(name, rule, lie, secure=FAILS, **more)


def harmless(name, rule, lie, **more):
    return Attack(name, rule, lie, secure=STANDS, absent=STANDS, insecure=STANDS, **more)


def blocked(name, rule, lie, **more):
    """Nothing can come out but an error."""
    return Attack(name, rule, lie, secure=FAILS, absent=FAILS, insecure=FAILS, **more)


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


_denials_erased = lies.changing(lies.all_denials, lies.types_erased)

def _no_ds_by_all_of(zone):
    """Also for the names in between, which the records then should show to be cuts or not there."""
    def lie(asked):
        if asked.type in (DS, DNSKEY) and len(asked.name) > 1 and asked.name[-1:] == name(zone):
            return [asked.honest().emptied().but(authority=lies.whole_chain(asked, zone))]
        return [asked.honest()]
    return lie


_DENIALS = [
    Attack("NOERROR and nothing", "R-rcode", to_target(lambda asked, reply: reply.emptied().with_rcode(0)),
           secure=FAILS),
    Attack("NXDOMAIN and nothing", "R-rcode", to_target(lambda asked, reply: reply.emptied().with_rcode(3)),
           secure=FAILS),
    Attack("NOERROR and the signed SOA", "R5155-8a", lies.denying(0, ("good.example", MX)), secure=FAILS),
    Attack("the zone's SOA alone", "R5155-8a", to_target(lies.soa_only), secure=FAILS),
    refused("NXDOMAIN proven by the parent, opt-out", "R5155-8b", lies.denying(3, ("zzz.dane", TLSA))),
    refused("NXDOMAIN proven by the parent, opt-out, no DS", "R5155-8b",
            lies.no_ds(lies.denying(3, ("zzz.dane", TLSA)), [("zzz.dane", DS)])),
    refused("NXDOMAIN proven by the parent, opt-out, nothing below", "R5155-8b",
            lies.without_ds_and_keys(lies.denying(3, ("zzz.dane", TLSA), ("a.dane", TLSA), ("m.dane", TLSA)))),
    refused("NXDOMAIN proven by the parent, NSEC3", "R5155-8b",
            lies.denying(3, ("absent2.nsec3.dane", TLSA), ("zzz.nsec3.dane", TLSA))),
    refused("NXDOMAIN proven by the parent, NSEC3, no DS", "R5155-8b",
            lies.no_ds(lies.denying(3, ("absent2.nsec3.dane", TLSA), ("zzz.nsec3.dane", TLSA)), [("zzz.nsec3.dane", DS)])),
    refused("NXDOMAIN proven by the parent, NSEC", "R5155-8b", lies.denying(3, ("zzz.example", TLSA), ("a.example", TLSA))),
    refused("NXDOMAIN proven by the parent, NSEC, nothing below", "R5155-8b",
            lies.without_ds_and_keys(lies.denying(3, ("zzz.example", TLSA), ("gooe.example", TLSA)))),
    *(refused(f"NXDOMAIN proven by all that {zone} has{how}", "R5155-8b", around(lies.denied_by_all_of(zone)))
      for zone in ("dane", "nsec3.dane", "example")
      for how, around in (("", lambda lie: lie), (", nothing about keys", lies.without_ds_and_keys))),
    *(refused(f"no DS, proven by all that {zone} has", "R6840-4.4a", _no_ds_by_all_of(zone), names=(zone,))
      for zone in ("dane", "example")),
    refused("NODATA proven by the parent's record for the child", "R6840-4.1a",
            lies.without_ds_and_keys(lies.denying(0, ("good.example", DS), ("nsec3.dane", DS), ("unsigned.example", DS)))),
    refused("no DS, proven for an unsigned sibling, NSEC", "R6840-4.4a",
            lies.no_ds(lies.honestly, [("unsigned.example", DS)])),
    refused("no DS, proven for an unsigned sibling, opt-out", "R6840-4.4a",
            lies.no_ds(lies.honestly, [("unsigned.dane", DS)])),
    refused("no DS, proven by the child's own apex", "R4035-5.4a",
            lies.no_ds(lies.honestly, [("good.example", MX), ("nsec3.dane", MX), ("sub.nsec3.dane", MX), ("wild.dane", MX),
                                       ("wild.example", MX), ("mixed-ds.example", MX)])),
    refused("no DS, and the parent's record with DS taken out", "R6840-4.4a",
            lambda asked: [_denials_erased(asked, asked.honest((asked.name[0] + b"a", asked.name[1]), MX))
                           if asked.type == DS and len(asked.name) == 2 else asked.honest()]),
    refused("denied by records of a sibling's zone", "R5155-8b",
            lies.denying(3, ("absent.cdn.example", TLSA), ("absent.alias.dane", TLSA))),
    refused("denied by the gap of another name", "R5155-8a",
            lies.denying(3, ("zzz.good.example", TLSA), ("zzz.nsec3.dane", TLSA), ("absent.good.example", TLSA))),
    refused("NODATA by the record of another name", "R4035-5.4a",
            lies.denying(0, ("www.good.example", MX), ("www.nsec3.dane", MX), ("www.wild.example", MX))),
    refused("NODATA by the record of another name, renamed", "R4035-5.3b", to_target(
        lambda asked, reply: reply.emptied().but(authority=lies.renamed(
            asked.honest(name("www.good.example"), MX).authority, asked.name)))),
    Attack("NODATA by the genuine record, TLSA taken out", "R4035-5.3a", to_target(
        lambda asked, reply: _denials_erased(asked, asked.honest(asked.name, MX)))),
    Attack("denials whose types were taken out", "R4035-5.3a",
           to_all(_denials_erased), absent=FAILS),
    Attack("NXDOMAIN without the wildcard's part", "R5155-8a", to_target(
        lambda asked, reply: reply.but(authority=reply.authority[:4])), absent=SAFE),
    Attack("one denial of several", "R5155-8a", to_target(
        lambda asked, reply: reply.but(authority=[one for one in reply.authority if one.is_of(SOA)] +
                                       [one for one in reply.authority if not one.is_of(SOA)][:2]))),
    Attack("opt-out written into NSEC3", "R4035-5.3a",
           to_all(lies.changing(lies.of_type(NSEC3), lies.flipped(1))), secure=SAFE),
    Attack("65535 iterations written into NSEC3", "R9276-3a", to_all(lies.nsec3_iterations(65535))),
    harmless("an NSEC3 of 65535 iterations beside it", "R9276-3a", to_target(
        lambda asked, reply: reply.but(authority=reply.authority + [
            Record((b"0" * 32,) + asked.name[-2:], NSEC3, 300, b"\1\0\xff\xff\0\x14" + b"\xff" * 20 + b"\0\1\x40")]))),
    harmless("denials of too many iterations that the answer does not need", "R9276-3a", to_target(
        lambda asked, reply: reply.but(authority=lies.whole_chain(asked, "many-iterations.example") + reply.authority)),
             names=("many-iterations",)),
    Attack("another hash algorithm in NSEC3", "R5155-8a",
           to_all(lies.changing(lies.of_type(NSEC3), lies.overwritten(0, b"\2")))),
    refused("an NSEC of the apex that covers all names, with a genuine signature", "R4035-5.4a", to_target(
        lambda asked, reply: reply.emptied().but(authority=[
            one.but(rdata=name_wire(asked.name[-2:]) + b"\0\1\x40", owner=asked.name[-2:]) if one.type == NSEC
            else one.but(owner=asked.name[-2:])
            for one in asked.honest(asked.name[-2:], MX).authority if one.is_of(NSEC)]).with_rcode(3))),
    refused("NXDOMAIN with the denials of another question at the apex", "R5155-8a", lies.denying(3, ("good.example", MX))),
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

_REPLIES = [
    refused("another type's records", "R4035-5.3a", to_target(
        lambda asked, reply: asked.honest(rrtype=A).but(answer=[Record(asked.name, A, 300, lies.FORGED_A)]))),
    blocked("another name in the question", "R6698-4.1f", octets.to_all_octets(octets.other_question(label=b"_25")), slow=True),
    blocked("another type in the question", "R6698-4.1f", octets.to_all_octets(octets.other_question(rrtype=A)), slow=True),
    harmless("the question in upper case", "R6698-4.1a", octets.to_all_octets(octets.case_of_question)),
    blocked("no question", "R6698-4.1f", octets.to_all_octets(octets.no_question), slow=True),
    blocked("two questions", "R6698-4.1f", octets.to_all_octets(octets.two_questions), slow=True),
    blocked("another id", "R6698-4.1f", octets.to_all_octets(octets.another_id), slow=True, timeout=1500),
    harmless("another id, then the right one", "R6698-4.1a", octets.wrong_id_first),
    blocked("no response at all by its flags", "R6698-4.1f", to_all(lies.flags(off=QR)), slow=True, timeout=1500),
    blocked("another opcode", "R6698-4.1f", to_all(lies.flags(on=0x2000)), slow=True),
    Attack("a forged reply from elsewhere first", "R6698-4.1f",
           octets.forged_first(lies.denying(3, ("zzz.dane", TLSA)), elsewhere=True)),
    Attack("a forged reply first", "R6698-4.1f", octets.forged_first(lies.denying(0), elsewhere=False)),
    Attack("all replies from elsewhere", "R6698-4.1f", octets.forged_only(lies.honestly), slow=True, timeout=1500),
    harmless("records nobody asked for", "R4035-5.3a", to_all(lies.with_more(
        Record(name("www.good.example"), A, 300, lies.FORGED_A), Record(name("good.example"), 2, 300, name_wire(name("evil.example")))))),
    harmless("records whose RDATA claims to be longer than it is", "R4035-5.3a", to_all(lies.with_more(
        Record(name("odd.example"), 42, 300, b"\0\1\x20\xff"), Record(name("odd.example"), 55, 300, b"\xff\2\xff\xff\1"),
        Record(name("odd.example"), 45, 300, b"\x0a\1\2\xc0")))),
    harmless("records nobody asked for, in the additional section", "R4035-5.3a", to_all(lies.with_more(
        Record(name("www.good.example"), A, 300, lies.FORGED_A), Record(name("_443._tcp.www.good.example"), TLSA, 300,
                                                                        lies.FORGED_TLSA), section="additional"))),
    harmless("an unsigned record of another zone beside the answer", "R5155-8b", to_target(
        lies.with_more(Record(name("www.unsigned.example"), A, 300, lies.FORGED_A), section="answer"))),
    Attack("three thousand records beside the answer", "R-limits", to_target(lies.with_more(*lies.junk(3000)))),
    Attack("a thousand records beside everything", "R-limits", to_all(lies.with_more(*lies.junk(1000)))),
    Attack("TTL 0", "R4035-5.3b", to_all(lies.ttl(0)), secure=STANDS, absent=STANDS),
    harmless("TTL 2147483647", "R4035-5.3b", to_all(lies.ttl(0x7FFFFFFF))),
    Attack("TTL 4294967295", "R4035-5.3b", to_all(lies.ttl(0xFFFFFFFF)), secure=STANDS, absent=STANDS),
]

_RCODES = [
    blocked(f"{word}{' with the genuine content' if keeps else ''}", "R-rcode", to_all(lies.rcode(number, keeps)))
    for number, word in ((1, "FORMERR"), (2, "SERVFAIL"), (4, "NOTIMP"), (5, "REFUSED"), (6, "YXDOMAIN"), (8, "NXRRSET"),
                         (9, "NOTAUTH"), (15, "rcode 15"), (16, "BADVERS"), (4095, "rcode 4095"))
    for keeps in (False, True)
] + [
    Attack("SERVFAIL to the target only", "R-rcode", to_target(lies.rcode(2, False)), secure=FAILS, absent=FAILS),
    Attack("SERVFAIL to DS", "R-rcode", to_type(DS, lies.rcode(2, False)), secure=FAILS, absent=FAILS),
    Attack("SERVFAIL to DNSKEY", "R-rcode", to_type(DNSKEY, lies.rcode(2, False)), secure=FAILS, absent=FAILS, insecure=FAILS),
    Attack("NXDOMAIN with the genuine content", "R-rcode", to_target(lies.rcode(3, True)), secure=FAILS),
    Attack("NOERROR with the genuine content", "R-rcode", to_all(lies.rcode(0, True)), secure=STANDS, absent=STANDS, insecure=STANDS),
]

_EDNS = [
    harmless("no OPT record", "R6698-4.1a", to_all(lambda asked, reply: reply.but(opt=None))),
    blocked("two OPT records", "R6698-4.1f", octets.to_all_octets(octets.two_opts), slow=True),
    harmless("OPT of an unknown version", "R6698-4.1a", to_all(
        lambda asked, reply: reply.but(opt=b"\0" + struct.pack("!HHIH", 41, 1232, 0x00078000, 0)))),
    harmless("OPT with unknown options", "R6698-4.1a", to_all(
        lambda asked, reply: reply.but(opt=b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, 8) + b"\xfd\xe9\0\4abcd"))),
    Attack("OPT longer than it is", "R6698-4.1f", to_all(
        lambda asked, reply: reply.but(opt=b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, 60) + b"\xfd\xe9\0\4abcd")),
           secure=FAILS, slow=True),
]

_OCTETS = [
    blocked(what, "R-limits", octets.to_all_octets(change), slow=True)
    for what, change in (
        ("an owner that points to itself", octets.owner_points_to_itself),
        ("owners that point to each other", octets.owners_point_to_each_other),
        ("an owner that points forward", octets.owner_points_forward),
        ("an owner that points past the end", octets.owner_points_past_the_end),
        ("an owner that points into the header", octets.owner_points_into_the_header),
        ("an owner of a reserved kind", octets.owner_of_a_reserved_kind),
        ("an owner without an end", octets.owner_without_end),
        ("an alias that points to itself", octets.target_points_to_itself),
        ("more answers announced than there are", octets.count_of_answers(1)),
        ("65535 answers announced", octets.count_of_answers(-1 - 0)),
        ("three octets fewer", octets.shortened(3)),
        ("nothing behind the header", octets.only(12)),
        ("half a header", octets.only(6)),
        ("one octet", octets.only(1)),
        ("no octet", octets.only(0)),
        ("an octet more", octets.lengthened(1)),
        ("sixty thousand octets more", octets.lengthened(60000)),
    )
] + [
    refused("a chain of pointers to a forged record", "R-limits", octets.to_target_octets(octets.pointer_chain)),
]

_TRANSPORT = [
    harmless("all cut, TCP is honest", "R6698-4.1a", octets.cut_and_tcp(lies.honestly)),
    blocked("all cut, TCP is silent", "R6698-4.1f", octets.cut_and_tcp(octets.dead), slow=True, timeout=1500),
    blocked("all cut, TCP cuts again", "R6698-4.1f", octets.cut_and_tcp(octets.cut_again), slow=True),
    blocked("all cut, TCP ends half-way", "R6698-4.1f", octets.cut_and_tcp(octets.half_of_it), slow=True, timeout=1500),
    blocked("all cut, TCP brings nothing", "R6698-4.1f", octets.cut_and_tcp(octets.length_of_nothing), slow=True, timeout=1500),
    blocked("all cut, TCP promises too much", "R6698-4.1f", octets.cut_and_tcp(octets.length_of_everything), slow=True, timeout=1500),
    blocked("whole replies that say they are cut", "R6698-4.1f", octets.cut_with_content, slow=True),
    blocked("silence", "R6698-4.1f", octets.dead, slow=True, timeout=1500),
    Attack("silence to the target only", "R6698-4.1f", lambda asked: [] if asked.is_target else [asked.honest()],
           secure=FAILS, absent=FAILS, slow=True, timeout=1500),
    Attack("silence to DS and DNSKEY", "R6698-4.1f", lambda asked: [] if asked.type in (DS, DNSKEY) else [asked.honest()],
           secure=FAILS, absent=FAILS, insecure=FAILS, slow=True, timeout=1500),
    harmless("the first question lost", "R6698-4.1a", octets.silent_first(1), slow=True, timeout=20000),
    harmless("half a second late", "R6698-4.1a", octets.delayed(0.5), slow=True, timeout=20000),
    harmless("every reply three times", "R6698-4.1a", octets.thrice),
    harmless("replies to other questions behind each", "R6698-4.1f", octets.late_for_another(0.02)),
    harmless("silence, beside an honest resolver", "R6698-4.1a", octets.dead, slow=True, timeout=20000, second_is_honest=True),
    harmless("SERVFAIL, beside an honest resolver", "R-rcode", to_all(lies.rcode(2, False)), second_is_honest=True),
    harmless("REFUSED, beside an honest resolver", "R-rcode", to_all(lies.rcode(5, True)), second_is_honest=True),
    Attack("all signatures stripped, beside an honest resolver", "R6698-4.1f",
           to_all(lies.without(RRSIG, NSEC, NSEC3)), secure=STANDS, absent=STANDS, second_is_honest=True),
    harmless("another question, beside an honest resolver", "R6698-4.1f",
             octets.to_all_octets(octets.other_question(rrtype=A)), second_is_honest=True),
    harmless("broken pointers, beside an honest resolver", "R6698-4.1f",
             octets.to_all_octets(octets.owner_points_to_itself), second_is_honest=True),
]

ATTACKS = (_SIGNATURES + _TIMES + _DENIALS + _DOWNGRADES + _WILDCARDS_AND_ALIASES + _REPLIES + _RCODES + _EDNS + _OCTETS +
           _TRANSPORT)
