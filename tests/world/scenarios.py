# SPDX-License-Identifier: Apache-2.0
"""What a client must make of every server of the world: one row each, in the words of include/danelaw/danelaw.h.

run_scenarios holds `danelaw check` against these rows; single DNS questions are in lookups.py. How the servers are made
is in services.py and zones.py; nothing here is computed from there, so that a mistake there cannot excuse itself here.
"""

import dataclasses

HTTPS = "10.53.0.80"
FIRST_IPV6 = "fd53::80"
NOBODY = "10.53.0.9"

# Exit codes of `danelaw check`.
_EXITS = {"authenticated": 0, "rejected": 1, "not-applicable": 3, "undecided": 4}


@dataclasses.dataclass(frozen=True)
class Address:
    """What one address showed."""

    address: str
    verdict: str
    connected: bool = True


@dataclasses.dataclass(frozen=True)
class Scenario:
    host: str  # as a person types it
    what: str
    outcome: str
    decision: str
    reason: str | None
    record: str | None = None  # how the text of the deciding record begins
    depth: int = -1
    addresses: tuple = ()
    base_domain: str = ""
    port: int | None = None  # None: the default of HTTPS or of the STARTTLS protocol
    starttls: str | None = None
    standings: tuple | None = None  # of all records, sorted; None: not compared
    fault: str = ""  # the stable word for what went wrong in DNS
    anchors: str = "DANELAW_WORLD_ANCHORS"  # the variable that names their file

    @property
    def exit(self):
        return _EXITS[self.decision]


def _row(host, what, outcome, decision, reason, at=(HTTPS,), **more):
    """`at` holds addresses that all show the row's decision, or Address rows where they differ."""
    addresses = tuple(one if isinstance(one, Address) else Address(one, decision) for one in at)
    more.setdefault("base_domain", host)
    return Scenario(host, what, outcome, decision, reason, addresses=addresses, **more)


def _good(host, record, depth, what, **more):
    return _row(host, what, "secure-usable", "authenticated", "matched", record=record, depth=depth, **more)


def _bad(host, reason, what, **more):
    return _row(host, what, "secure-usable", "rejected", reason, **more)


def _plain(host, reason, what, outcome=None, **more):
    return _row(host, what, outcome or reason, "not-applicable", reason, **more)


def _failed(host, fault, what, **more):
    return _row(host, what, "error", "undecided", "lookup-failed", fault=fault, **more)


def _unreached(host, what, outcome="secure-usable", **more):
    return _row(host, what, outcome, "undecided", None, **more)


def _every_parameter():
    """Depth by usage and selector: see services.py for which certificate each record names."""
    depths = {(0, 0): 2, (0, 1): 1, (1, 0): 0, (1, 1): 0, (2, 0): 2, (2, 1): 1, (3, 0): 0, (3, 1): 0}
    return [_good(f"u{usage}s{selector}m{mtype}.usages.example", f"{usage} {selector} {mtype} ", depth,
                  f"usage {usage}, selector {selector}, matching type {mtype}")
            for (usage, selector), depth in depths.items() for mtype in (0, 1, 2)]


_GOOD = [
    _good("www.good.example", "3 1 1 ", 0, "zone with NSEC"),
    _good("www.good.dane", "2 1 1 ", 1, "zone with NSEC3; private intermediate by its key"),
    _good("www.nsec3.dane", "3 1 1 ", 0, "zone with NSEC3, salt and iterations"),
    _good("WWW.Good.Example.", "3 1 1 ", 0, "upper case and a final dot", base_domain="www.good.example"),
    _good("alt-port.good.example", "3 1 1 ", 0, "port 8443", port=8443),
    _good("v6.good.example", "3 1 1 ", 0, "IPv6 only", at=(FIRST_IPV6,)),
    _good("dual.good.example", "3 1 1 ", 0, "both families", at=(HTTPS, FIRST_IPV6)),
    _good("tls12.good.example", "3 1 1 ", 0, "TLS 1.2 only", at=("10.53.0.82",)),
    _good("bücher.example", "3 1 1 ", 0, "internationalised name", base_domain="xn--bcher-kva.example"),
    _good("self-signed.good.example", "3 1 1 ", 0, "self-signed"),
    _good("rollover.good.example", "3 1 1 ", 0, "old and new key published", standings=("usable", "usable")),
    _good("expired-leaf.good.example", "3 1 1 ", 0, "expired, which DANE-EE does not mind"),
    _good("full-beside-digest.good.example", "3 1 0 ", 0, "Full counts beside any digest"),
    _good("strong-digest.good.example", "3 1 2 ", 0, "the stronger digest is right",
          standings=("usable", "weaker-digest")),
    _good("unusable-beside-right.good.example", "3 1 1 ", 0, "unusable records beside a right one",
          standings=("unknown-matching-type", "unknown-usage", "usable")),
    _good("many.good.example", "3 1 1 ", 0, "100 records, over TCP", standings=("usable",) * 100),
    _good("intermediate.good.example", "2 0 1 ", 1, "private intermediate that no store has"),
    _good("anchor-not-sent.good.example", "2 0 0 ", 1, "anchor in the record only"),
    _good("bare-key.good.example", "2 1 0 ", 0, "anchor's bare key in the record only"),
    _good("any.wild.example", "3 1 1 ", 0, "wildcard host and record, NSEC"),
    _good("any.wild.dane", "3 1 1 ", 0, "wildcard host and record, NSEC3"),
    _good("www.wild.example", "3 1 1 ", 0, "wildcard record under _tcp"),
    _good("www.rsa.example", "3 1 1 ", 0, "zone signed with algorithm 8"),
    _good("www.p384.example", "3 1 1 ", 0, "zone signed with algorithm 14"),
    _good("www.ed25519.dane", "3 1 1 ", 0, "zone signed with algorithm 15"),
    _good("half-closed.bad.example", "3 1 1 ", 0, "one address good, one closed",
          at=(HTTPS, Address(NOBODY, "undecided", connected=False))),
]

_BAD = [
    _bad("mismatch.bad.example", "no-match", "another key than published"),
    _bad("mismatch-ta.bad.example", "no-match", "another CA than published"),
    _bad("wrong-name.bad.example", "dane-ee-name-mismatch", "right key, another's name"),
    _bad("wrong-name-ta.bad.example", "name-mismatch", "right CA, another's name"),
    _bad("expired-ta.bad.example", "chain-invalid", "right CA, expired leaf"),
    _bad("untrusted-ee.bad.example", "chain-invalid", "PKIX-EE matches, its CA is not trusted"),
    _bad("untrusted-ta.bad.example", "chain-invalid", "PKIX-TA matches a CA that is not trusted"),
    _bad("self-signed-ta.bad.example", "no-match", "DANE-TA never matches a leaf"),
    _bad("agility.bad.example", "no-match", "SHA2-512 wrong, SHA2-256 right: digest agility",
         standings=("usable", "weaker-digest")),
    _bad("unusable-beside-wrong.bad.example", "no-match", "unusable records beside a wrong one",
         standings=("unknown-matching-type", "usable")),
    _bad("anchor-digest-not-sent.bad.example", "no-match", "digest of an anchor that is not sent"),
    _bad("appended.bad.example", "no-match", "leaf from another CA, the anchor merely appended"),
    _bad("appended-pkix.bad.example", "no-match", "leaf from a public CA, the anchor merely appended"),
    _bad("half.bad.example", "no-match", "one address good, one bad",
         at=(Address(HTTPS, "authenticated"), Address("10.53.0.81", "rejected"))),
]

_NOT_APPLICABLE = [
    _plain("absent.good.example", "secure-absent", "no record, NSEC"),
    _plain("absent.nsec3.dane", "secure-absent", "no record, NSEC3"),
    _plain("absent-untrusted.good.example", "secure-absent", "no record, self-signed"),
    _plain("unusable.good.example", "no-usable-record", "nothing but unusable records", "secure-unusable",
           standings=("digest-length", "unknown-matching-type", "unknown-selector", "unknown-usage")),
    _plain("www.unsigned.example", "insecure", "right record, but the zone is unsigned (NSEC)"),
    _plain("www.unsigned.dane", "insecure", "right record, but the zone is unsigned (opt-out)"),
    _plain("mismatch.unsigned.example", "insecure", "wrong record, but the zone is unsigned"),
    _plain("www.island.unsigned.example", "insecure", "signed zone below an unsigned one"),
    _plain("old-nameserver.unsigned.example", "insecure", "unsigned, and TLSA questions are refused"),
    _plain("cut.good.example", "insecure", "signed host, but _tcp below it is an unsigned zone"),
    _plain(HTTPS, "not-asked", "an address has no TLSA", base_domain=""),
]

_DNS_FAULTS = [
    _failed("www.wrong-ds.example", "bogus", "bogus: no key fits the DS", at=()),
    _failed("www.altered.dane", "bogus", "bogus: record changed after it was signed"),
    _failed("www.expired.example", "bogus", "signatures expired, NSEC", at=()),
    _failed("www.expired.dane", "bogus", "signatures expired, NSEC3", at=()),
    _failed("www.servfail.example", "server-failure", "the name server fails", at=()),
    _failed("www.refused.example", "server-failure", "the name server refuses", at=()),
    _failed("www.dead.example", "timeout", "the name server is dead", at=()),
    _failed("www.silent.dane", "timeout", "the name server never answers", at=()),
    _failed("tlsa-dead.good.example", "timeout", "only TLSA questions go to a dead server"),
    _failed("tlsa-refused.good.example", "server-failure", "only TLSA questions are refused"),
    _failed("loop-a.good.example", "server-failure", "CNAME loop", at=()),
    _failed("into-bogus.alias.dane", "bogus", "alias into a bogus zone", at=()),
]

_ALIASES = [
    _good("alias.good.example", "3 1 1 ", 0, "alias within a zone", base_domain="www.good.example"),
    _good("alias-twice.good.example", "3 1 1 ", 0, "alias of an alias", base_domain="www.good.example"),
    _good("www.alias.dane", "3 1 1 ", 0, "alias across signed zones", base_domain="www.good.example"),
    _good("customer.alias.dane", "3 1 1 ", 0, "right certificate only for the base domain as SNI",
          base_domain="edge.cdn.example"),
    _good("original.alias.dane", "3 1 1 ", 0, "record at the original name only"),
    _bad("both.alias.dane", "no-match", "the record at the expanded name decides", base_domain="wrong.cdn.example"),
    _good("shop.alias.dane", "3 1 1 ", 0, "alias into an unsigned zone, record at the original name"),
    _plain("bare.alias.dane", "secure-absent", "alias into an unsigned zone, no record at the original name"),
    _plain("alias-absent.good.example", "secure-absent", "no record at either name"),
    _good("edge.old.good.example", "3 1 1 ", 0, "DNAME, NSEC", base_domain="edge.cdn.example"),
    _good("edge.moved.alias.dane", "3 1 1 ", 0, "DNAME to another TLD", base_domain="edge.cdn.example"),
    _good("tlsa-alias.good.example", "3 1 1 ", 0, "CNAME at the TLSA owner"),
    _good("tlsa-alias-across.good.example", "3 1 1 ", 0, "CNAME at the TLSA owner, across zones"),
    _plain("tlsa-alias-unsigned.good.example", "insecure", "CNAME at the TLSA owner, into an unsigned zone"),
    _good("edge.cdn.example", "3 1 1 ", 0, "the target of an alias, by its own name"),
    _plain("plain.cdn.example", "secure-absent", "the target of an alias, by its own name"),
    _bad("wrong.cdn.example", "no-match", "the target of an alias, by its own name"),
]

_UNREACHED = [
    _unreached("closed.bad.example", "port closed", at=(Address(NOBODY, "undecided", connected=False),)),
    _unreached("hangs-up.bad.example", "hangs up during the handshake", at=("10.53.0.83",)),
    _unreached("no-tls.bad.example", "answers in plaintext", at=("10.53.0.84",)),
    _unreached("nobody.good.example", "no such name", "secure-absent", at=()),
]


def _with_starttls(protocol, first_host):
    return [
        _good(f"{protocol}.services.dane", "3 1 1 ", 0, f"STARTTLS of {protocol}", starttls=protocol,
              at=(f"10.53.0.{first_host}",)),
        _bad(f"{protocol}-mismatch.services.dane", "no-match", f"STARTTLS of {protocol}, another key",
             starttls=protocol, at=(f"10.53.0.{first_host + 1}",)),
    ]


def _smtp(make, host, *rest, last_octet, **more):
    return make(f"{host}.mail.dane", *rest, starttls="smtp", at=(f"10.53.0.{last_octet}",), **more)


_STARTTLS = [
    _smtp(_good, "mx", "3 1 1 ", 0, "SMTP, self-signed", last_octet=100),
    _smtp(_good, "mx-ta", "2 1 1 ", 1, "SMTP, private CA", last_octet=101),
    _smtp(_bad, "mx-mismatch", "no-match", "SMTP, another key", last_octet=102),
    _smtp(_good, "mx-wrong-name", "3 1 1 ", 0, "SMTP: DANE-EE compares no names", last_octet=103),
    _smtp(_plain, "mx-pkix", "no-usable-record", "SMTP: usages 0 and 1 do not count", "secure-unusable",
          last_octet=104, standings=("usage-not-allowed",)),
    _smtp(_plain, "mx-absent", "secure-absent", "SMTP, no record", last_octet=105),
    _smtp(_unreached, "mx-no-starttls", "SMTP, STARTTLS not offered", last_octet=106),
    _smtp(_unreached, "mx-refuses", "SMTP, STARTTLS refused", last_octet=107),
    _smtp(_unreached, "mx-injects", "SMTP, plaintext after the go-ahead", last_octet=108),
    _smtp(_unreached, "mx-hangs-up", "SMTP, hangs up during the handshake", last_octet=109),
    _unreached("mx-closed.mail.dane", "SMTP, port closed", starttls="smtp",
               at=(Address(NOBODY, "undecided", connected=False),)),
    _good("smtp.good.example", "3 1 1 ", 0, "SMTP, public CA", starttls="smtp", at=("10.53.0.130",)),
    _plain("smtp.unsigned.example", "insecure", "SMTP, unsigned zone", starttls="smtp", at=("10.53.0.131",)),
    _failed("smtp.altered.dane", "bogus", "SMTP, record changed after it was signed", starttls="smtp",
            at=("10.53.0.132",)),
    _failed("tlsa-dead.good.example", "timeout", "SMTP, TLSA questions go to a dead server", starttls="smtp"),
    *_with_starttls("imap", 110),
    *_with_starttls("pop3", 112),
    *_with_starttls("ftp", 114),
    *_with_starttls("xmpp", 116),
    *_with_starttls("ldap", 118),
    *_with_starttls("postgres", 120),
    _good("postgres.good.example", "3 1 1 ", 0, "PostgreSQL, public CA", starttls="postgres", at=("10.53.0.133",)),
    _good("postgres-ta.services.dane", "2 1 1 ", 1, "PostgreSQL, private CA", starttls="postgres",
          at=("10.53.0.134",)),
    _plain("postgres-absent.services.dane", "secure-absent", "PostgreSQL, no record", starttls="postgres",
           at=("10.53.0.135",)),
    _plain("postgres.unsigned.example", "insecure", "PostgreSQL, unsigned zone", starttls="postgres",
           at=("10.53.0.136",)),
    _failed("postgres.altered.dane", "bogus", "PostgreSQL, record changed after it was signed", starttls="postgres",
            at=("10.53.0.137",)),
    _failed("tlsa-dead.good.example", "timeout", "PostgreSQL, TLSA questions go to a dead server",
            starttls="postgres"),
    # The hubs, which programs.py knows better.
    _good("hub.good.example", "3 1 1 ", 0, "IMAP, public CA", starttls="imap", at=("10.53.0.170",)),
    _bad("hub-mismatch.services.dane", "no-match", "POP3, another key", starttls="pop3", at=("10.53.0.171",)),
    _good("hub.services.dane", "3 1 1 ", 0, "IMAP, self-signed", starttls="imap", at=("10.53.0.172",)),
    _good("hub-ta.services.dane", "2 1 1 ", 1, "POP3, private CA", starttls="pop3", at=("10.53.0.173",)),
    _plain("hub-absent.services.dane", "secure-absent", "IMAP, no record", starttls="imap", at=("10.53.0.174",)),
    _plain("hub.unsigned.example", "insecure", "POP3, unsigned zone", starttls="pop3", at=("10.53.0.175",)),
    _failed("hub.altered.dane", "bogus", "IMAP, record changed after it was signed", starttls="imap",
            at=("10.53.0.176",)),
    _good("ftp-data.services.dane", "3 1 1 ", 0, "FTP, whose data come from elsewhere", starttls="ftp",
          at=("10.53.0.177",)),
]

SCENARIOS = (
    _every_parameter() + _GOOD + _BAD + _NOT_APPLICABLE + _DNS_FAULTS + _ALIASES + _UNREACHED + _STARTTLS
)

_EXAMPLE_ALONE = "DANELAW_WORLD_EXAMPLE_ANCHORS"
# Apart from the others, because the world's own resolver, which cross_check asks, holds the root's anchor.
UNDER_ONE_ANCHOR = [
    _good("www.good.example", "3 1 1 ", 0, "R6698-4.1a: under the one anchor", anchors=_EXAMPLE_ALONE),
    _plain("www.nsec3.dane", "insecure", "R6698-4.1a: signed, under no anchor", anchors=_EXAMPLE_ALONE),
]
