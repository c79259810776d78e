# SPDX-License-Identifier: Apache-2.0
"""Lies about absence: genuine denials in the wrong place, forged ones, and none."""

import lies
from attack import Attack, FAILS, SAFE, harmless, refused
from dns_wire import DNSKEY, DS, MX, NSEC, NSEC3, SOA, TLSA, Record, name, name_wire
from lies import to_all, to_target

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

DENIAL_ATTACKS = _DENIALS
