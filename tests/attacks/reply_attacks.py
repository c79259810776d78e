# SPDX-License-Identifier: Apache-2.0
"""Lies about replies: what belongs to the question, rcodes, EDNS, octets, transport and time."""

import struct

import lies
import octet_lies as octets
from attack import Attack, FAILS, STANDS, blocked, harmless, refused
from dns_wire import A, DNSKEY, DS, NSEC, NSEC3, QR, RRSIG, TLSA, Record, name, name_wire
from lies import to_all, to_target, to_type

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

REPLY_ATTACKS = _REPLIES + _RCODES + _EDNS + _OCTETS + _TRANSPORT
