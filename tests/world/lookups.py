# SPDX-License-Identifier: Apache-2.0
"""What `danelaw lookup NAME TYPE` must say of names in the world: one row for each question."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Lookup:
    name: str
    type: str
    outcome: str  # secure, secure-absent, insecure or error
    exit: int  # 0 secure, 1 bogus, 3 insecure or absent, 4 error
    records: int | None = None  # how many; None: not compared
    what: str = ""
    fault: str = ""  # the stable word for what went wrong
    anchors: str = "DANELAW_WORLD_ANCHORS"  # the variable that names their file
    explained: tuple = ()  # (key, value) of what is said of the first record; "issuance.KEY" of all CAA records
    options: tuple = ()
    golden: str = ""  # the file under golden/lookup/ with all that is printed of it


LOOKUPS = [
    Lookup(".", "DNSKEY", "secure", 0, 1, "the root's key"),
    Lookup("dane", "DS", "secure", 0, 1, "a delegation"),
    Lookup("unsigned.example", "DS", "secure-absent", 3, 0, "an insecure delegation, NSEC"),
    Lookup("_443._tcp.www.good.example", "TLSA", "secure", 0, 1, "NSEC"),
    Lookup("_443._tcp.www.nsec3.dane", "TYPE52", "secure", 0, 1, "NSEC3, type by number"),
    Lookup("_443._tcp.many.good.example", "TLSA", "secure", 0, 100, "100 records"),
    Lookup("_443._tcp.any.wild.example", "TLSA", "secure", 0, 1, "wildcard, NSEC"),
    Lookup("_443._tcp.any.wild.dane", "TLSA", "secure", 0, 1, "wildcard, NSEC3"),
    Lookup("_443._tcp.tlsa-alias.good.example", "TLSA", "secure", 0, 1, "CNAME within the zone"),
    Lookup("_443._tcp.tlsa-alias-across.good.example", "TLSA", "secure", 0, 1, "CNAME across zones"),
    Lookup("_443._tcp.edge.old.good.example", "TLSA", "secure", 0, 1, "DNAME"),
    Lookup("_443._tcp.www.rsa.example", "TLSA", "secure", 0, 1, "algorithm 8"),
    Lookup("_443._tcp.www.p384.example", "TLSA", "secure", 0, 1, "algorithm 14"),
    Lookup("_443._tcp.www.ed25519.dane", "TLSA", "secure", 0, 1, "algorithm 15"),
    Lookup("_443._tcp.www.sub.nsec3.dane", "TLSA", "secure", 0, 1, "a signed child of an NSEC3 zone"),
    Lookup("_443._tcp.www.many-iterations.example", "TLSA", "secure", 0, 1, "R9276-3a: many iterations, but nothing to deny"),
    Lookup("_443._tcp.www.long-lived.example", "TLSA", "secure", 0, 1, "R4035-5.3a: signatures that end in 2070"),
    Lookup("_443._tcp.www.mixed-ds.example", "TLSA", "secure", 0, 1, "DS records of unknown algorithms beside a known one"),
    Lookup("dual.good.example", "A", "secure", 0, 1, "address"),
    Lookup("dual.good.example", "AAAA", "secure", 0, 1, "IPv6 address"),
    Lookup("mail.dane", "MX", "secure", 0, 2, "mail exchangers"),
    Lookup("_imap._tcp.mail.dane", "SRV", "secure", 0, 1, "service location"),
    Lookup("text.good.example", "TXT", "secure", 0, 1, "text"),
    Lookup("good.example", "CAA", "secure", 0, 1, "CAA"),
    Lookup("bücher.example", "A", "secure", 0, 1, "internationalised name"),
    Lookup("_443._tcp.absent.good.example", "TLSA", "secure-absent", 3, 0, "no such name, NSEC"),
    Lookup("_443._tcp.absent.nsec3.dane", "TLSA", "secure-absent", 3, 0, "no such name, NSEC3"),
    Lookup("www.good.example", "MX", "secure-absent", 3, 0, "no such type, NSEC"),
    Lookup("www.nsec3.dane", "MX", "secure-absent", 3, 0, "no such type, NSEC3"),
    Lookup("_443._tcp.www.unsigned.example", "TLSA", "insecure", 3, 0, "unsigned zone, NSEC"),
    Lookup("_443._tcp.www.unsigned.dane", "TLSA", "insecure", 3, 0, "unsigned zone, opt-out"),
    Lookup("nobody.unsigned.dane", "A", "insecure", 3, 0, "no such name in an unsigned zone"),
    Lookup("_443._tcp.www.island.unsigned.example", "TLSA", "insecure", 3, 0, "signed below unsigned"),
    Lookup("shop.alias.dane", "A", "insecure", 3, 0, "alias into an unsigned zone"),
    Lookup("_443._tcp.www.unknown-ds.example", "TLSA", "insecure", 3, 0, "R4035-5.2a: DS of unknown algorithms only"),
    Lookup("_443._tcp.www.wrong-ds.example", "TLSA", "error", 1, 0, "bogus: no key fits the DS", "bogus"),
    Lookup("_443._tcp.www.altered.dane", "TLSA", "error", 1, 0, "bogus: changed after signing", "bogus"),
    Lookup("www.altered.dane", "A", "secure", 0, 1, "what was not changed in that zone"),
    Lookup("www.expired.example", "A", "error", 1, 0, "signatures expired, NSEC", "bogus"),
    Lookup("www.expired.dane", "A", "error", 1, 0, "signatures expired, NSEC3", "bogus"),
    Lookup("into-bogus.alias.dane", "A", "error", 1, 0, "alias into a bogus zone", "bogus"),
    Lookup("www.servfail.example", "A", "error", 4, 0, "the name server fails", "server-failure"),
    Lookup("www.refused.example", "A", "error", 4, 0, "the name server refuses", "server-failure"),
    Lookup("www.dead.example", "A", "error", 4, 0, "the name server is dead", "timeout"),
    Lookup("www.silent.dane", "A", "error", 4, 0, "the name server never answers", "timeout"),
    Lookup("_443._tcp.tlsa-dead.good.example", "TLSA", "error", 4, 0, "TLSA questions go to a dead server", "timeout"),
    Lookup("_443._tcp.tlsa-refused.good.example", "TLSA", "error", 4, 0, "TLSA questions are refused", "server-failure"),
]

_EXAMPLE_ALONE = "DANELAW_WORLD_EXAMPLE_ANCHORS"
# R6698-4.1a: valid anchors that do not cover a name leave it insecure (RFC 4033 section 5, "indeterminate"); the names
# that they cover are judged as ever. That broken anchors are an error stands in tests/cli/arguments.py.
LOOKUPS += [
    Lookup("_443._tcp.www.good.example", "TLSA", "secure", 0, 1, "R6698-4.1a: under the one anchor", anchors=_EXAMPLE_ALONE),
    Lookup("_443._tcp.absent.good.example", "TLSA", "secure-absent", 3, 0, "R6698-4.1a: absent under the one anchor",
           anchors=_EXAMPLE_ALONE),
    Lookup("_443._tcp.www.wrong-ds.example", "TLSA", "error", 1, 0, "R6698-4.1a: bogus under the one anchor", "bogus",
           anchors=_EXAMPLE_ALONE),
    Lookup("_443._tcp.www.nsec3.dane", "TLSA", "insecure", 3, 0, "R6698-4.1a: signed, under no anchor",
           anchors=_EXAMPLE_ALONE),
    Lookup("_443._tcp.absent.nsec3.dane", "TLSA", "insecure", 3, 0, "R6698-4.1a: absent, under no anchor",
           anchors=_EXAMPLE_ALONE),
    Lookup("dane", "DS", "insecure", 3, 0, "R6698-4.1a: the root is under no anchor", anchors=_EXAMPLE_ALONE),
    Lookup("www.silent.dane", "A", "error", 4, 0, "R6698-4.1a: no answer, under no anchor", "timeout",
           anchors=_EXAMPLE_ALONE),
]

LOOKUPS += [
    Lookup("caa.good.example", "CAA", "secure", 0, 2, "RFC 8659 section 4.3: issuewild",
           golden="caa",
           explained=(("issuance.names", {"restricted": True, "issuers": ["ca.example"]}),
                      ("issuance.wildcards", {"restricted": True, "issuers": []}))),
    Lookup("caa-critical.good.example", "CAA", "secure", 0, 1, "RFC 8659 section 4.1: critical and unknown",
           golden="caa_critical",
           explained=(("critical", True), ("known", False), ("tag", "tbs"), ("issuance.unknown_critical", ["tbs"]))),
    Lookup("caa-malformed.good.example", "TYPE257", "secure", 0, 1, "RFC 8659 section 4.2: malformed, so nobody",
           golden="caa_malformed",
           explained=(("issuer", ""), ("issuance.names", {"restricted": True, "issuers": []}))),
    Lookup("www.good.example", "CAA", "secure-absent", 3, 0, "one question: without --climb no further",
           golden="caa_absent"),
    Lookup("cert.good.example", "CERT", "secure", 0, 1, "RFC 4398 section 2.1: PKIX",
           golden="cert",
           explained=(("certificate_type_name", "PKIX"), ("oid", "userCertificate"), ("subject", "CN=a"), ("issuer", "CN=a"),
                      ("not_before", "2026-11-21T00:19:47Z"), ("not_after", "2036-11-18T00:19:47Z"))),
    Lookup("cert-broken.good.example", "CERT", "secure", 0, 1, "RFC 4398: a certificate that is cut",
           golden="cert_broken",
           explained=(("problem", "no X.509 certificate"),)),
    Lookup("cert-elsewhere.good.example", "cert", "secure", 0, 1, "RFC 4398 section 2.1: IPKIX, shown, not fetched",
           golden="cert_elsewhere",
           explained=(("certificate_type_name", "IPKIX"), ("key_tag", 12345), ("algorithm", 13),
                      ("uri", "https://certs.example/1"))),
    Lookup("cert-private.good.example", "CERT", "secure", 0, 1, "RFC 4398 section 2.1: URI",
           golden="cert_private",
           explained=(("certificate_type_name", "URI"), ("uri", "https://certs.example/format"), ("octets", 6))),
]

# RFC 8659 section 3: further up, until there are records or a proof is missing. Their proofs would be several, so run_proofs
# leaves them out.
CLIMBS = [
    Lookup("www.caa.good.example", "CAA", "secure", 0, 2, "CAA at the parent", options=("--climb",),
           golden="caa_climb",
           explained=(("asked", ["www.caa.good.example", "caa.good.example"]),)),
    Lookup("a.b.absent.good.example", "CAA", "secure", 0, 1, "CAA further up, over names that are not there", options=("--climb",),
           explained=(("asked", ["a.b.absent.good.example", "b.absent.good.example", "absent.good.example", "good.example"]),)),
    Lookup("www.nsec3.dane", "CAA", "secure-absent", 3, 0, "CAA nowhere, up to the TLD", options=("--climb",),
           golden="caa_nowhere",
           explained=(("asked", ["www.nsec3.dane", "nsec3.dane", "dane"]),)),
    Lookup("www.unsigned.example", "CAA", "insecure", 3, 0, "unsigned: what is not proven leads nowhere", options=("--climb",),
           golden="caa_unsigned",
           explained=(("asked", ["www.unsigned.example"]),)),
    Lookup("www.expired.example", "CAA", "error", 1, 0, "bogus: no further", "bogus", options=("--climb",),
           explained=(("asked", ["www.expired.example"]),)),
]
