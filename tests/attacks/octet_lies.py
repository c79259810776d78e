# SPDX-License-Identifier: Apache-2.0
"""Lies below the level of records: lengths, counts, compression pointers, transport and timing."""

import struct

import dns_wire
from dns_wire import TC
from liar import FromElsewhere, Later


def to_all_octets(change):
    """`change` makes octets of the honest reply's; over TCP they get their length in front."""
    def lie(asked):
        octets = change(asked, dns_wire.write(asked.honest()))
        return [_framed(asked, octets)]
    return lie


def to_target_octets(change):
    everywhere = to_all_octets(change)
    return lambda asked: everywhere(asked) if asked.is_target else [asked.honest()]


def _framed(asked, octets):
    return octets if asked.transport == "udp" else struct.pack("!H", min(len(octets), 65535)) + octets[:65535]


def _question_end(octets):
    end = 12
    while octets[end]:
        end += 1 + octets[end]
    return end + 5


def _with_answers(octets, records, count=1):
    """The question, and these octets as its answer section."""
    return octets[:6] + struct.pack("!HHH", count, 0, 0) + octets[12:_question_end(octets)] + records


_TLSA_FIXED = struct.pack("!HHIH", dns_wire.TLSA, dns_wire.IN, 300, 35) + b"\3\1\1" + b"\xbd" * 32


def owner_points_to_itself(_asked, octets):
    return _with_answers(octets, struct.pack("!H", 0xC000 | _question_end(octets)) + _TLSA_FIXED)


def owners_point_to_each_other(_asked, octets):
    here = _question_end(octets)
    first = struct.pack("!H", 0xC000 | here + 2 + len(_TLSA_FIXED)) + _TLSA_FIXED
    return _with_answers(octets, first + struct.pack("!H", 0xC000 | here) + _TLSA_FIXED, 2)


def owner_points_forward(_asked, octets):
    return _with_answers(octets, struct.pack("!H", 0xC000 | _question_end(octets) + 4) + _TLSA_FIXED)


def owner_points_past_the_end(_asked, octets):
    return _with_answers(octets, b"\xff\xff" + _TLSA_FIXED)


def owner_points_into_the_header(_asked, octets):
    return _with_answers(octets, b"\xc0\x02" + _TLSA_FIXED)


def owner_of_a_reserved_kind(_asked, octets):
    return _with_answers(octets, b"\x41x\0" + _TLSA_FIXED)


def owner_without_end(_asked, octets):
    return _with_answers(octets, b"\x3f" + b"a" * 20)


def target_points_to_itself(_asked, octets):
    here = _question_end(octets) + 12
    rdata = struct.pack("!H", 0xC000 | here)
    fixed = struct.pack("!HHIH", dns_wire.CNAME, dns_wire.IN, 300, len(rdata))
    return _with_answers(octets, b"\xc0\x0c" + fixed + rdata)


def pointer_chain(_asked, octets):
    """Each owner is a pointer to the one before it."""
    records, here, last = b"", _question_end(octets), 12
    for _ in range(25):
        records += struct.pack("!H", 0xC000 | last) + _TLSA_FIXED
        last, here = here, here + 2 + len(_TLSA_FIXED)
    return _with_answers(octets, records, 25)


def count_of_answers(by):
    def change(_asked, octets):
        (count,) = struct.unpack_from("!H", octets, 6)
        return octets[:6] + struct.pack("!H", (count + by) % 65536) + octets[8:]
    return change


def two_questions(_asked, octets):
    end = _question_end(octets)
    return octets[:4] + b"\0\2" + octets[6:end] + octets[12:end] + octets[end:]


def no_question(_asked, octets):
    end = _question_end(octets)
    message = dns_wire.read(octets)
    return dns_wire.write(message.but(question=None)) if end else octets


def two_opts(_asked, octets):
    opt = b"\0" + struct.pack("!HHIH", dns_wire.OPT, 1232, 0x8000, 0)
    message = dns_wire.read(octets).but(opt=None)
    plain = dns_wire.write(message)
    (count,) = struct.unpack_from("!H", plain, 10)
    return plain[:10] + struct.pack("!H", count + 2) + plain[12:] + opt + opt


def shortened(by):
    return lambda asked, octets: octets[:-by]


def only(count):
    return lambda asked, octets: octets[:count]


def lengthened(count):
    return lambda asked, octets: octets + b"\xaa" * count


def another_id(asked, octets):
    return struct.pack("!H", asked.query.id ^ 1) + octets[2:]


def other_question(rrtype=None, label=None):
    def change(asked, octets):
        message = dns_wire.read(octets)
        labels, asked_type, cls = message.question
        labels = (label, *labels[1:]) if label else labels
        return dns_wire.write(message.but(question=(labels, rrtype or asked_type, cls)))
    return change


def case_of_question(_asked, octets):
    end = _question_end(octets) - 4
    return octets[:12] + octets[12:end].upper() + octets[end:]


# Transport

def cut_and_tcp(over_tcp):
    """Over UDP everything is cut; `over_tcp` says what TCP brings."""
    def lie(asked):
        if asked.transport == "tcp":
            return over_tcp(asked)
        cut = asked.honest().emptied()
        return [cut.but(flags=cut.flags | TC)]
    return lie


def dead(_asked):
    return []


def cut_again(asked):
    cut = asked.honest().emptied()
    return [cut.but(flags=cut.flags | TC)]


def half_of_it(asked):
    octets = dns_wire.write(asked.honest())
    return [struct.pack("!H", len(octets)) + octets[:len(octets) // 2]]


def length_of_nothing(_asked):
    return [b"\0\0"]


def length_of_everything(asked):
    octets = dns_wire.write(asked.honest())
    return [b"\xff\xff" + octets]


def cut_with_content(asked):
    """The TC bit on a whole reply, over UDP and TCP."""
    reply = asked.honest()
    return [reply.but(flags=reply.flags | TC)]


def silent_first(times):
    return lambda asked: [] if asked.times < times else [asked.honest()]


def delayed(seconds):
    return lambda asked: [Later(seconds, asked.honest())]


def thrice(asked):
    return [asked.honest()] * 3


def late_for_another(seconds):
    """After each reply the one to another question, with the id of this one."""
    def lie(asked):
        other = asked.honest(dns_wire.name("www.unsigned.example"), dns_wire.TLSA)
        return [asked.honest(), Later(seconds, other), other]
    return lie


def forged_first(forge, elsewhere):
    """A forged reply before the honest one, from the right or from another address."""
    def lie(asked):
        made = forge(asked)
        return [*([FromElsewhere(one) for one in made] if elsewhere else made), asked.honest()]
    return lie


def forged_only(forge):
    return lambda asked: [FromElsewhere(one) for one in forge(asked)]


def wrong_id_first(asked):
    forged = asked.honest().emptied()
    return [forged.but(id=forged.id ^ 0x5555), asked.honest()]
