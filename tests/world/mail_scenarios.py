# SPDX-License-Identifier: Apache-2.0
"""What `danelaw smtp --connect` must say of every mail domain of the world: one row each, written from RFC 7672 and from
nothing that services.py or zones.py say.

The result of an address is one of: authenticated, encrypted (TLS, not authenticated), cleartext (no TLS, where none is
required), rejected (the verdict refuses it), no-tls (TLS is required and not to be had), unreached.
"""

import dataclasses

_EXITS = {"fit": 0, "rejected": 1, "no-dane": 3, "error": 4}
_TLS = {"authenticated", "encrypted"}


@dataclasses.dataclass(frozen=True)
class Host:
    name: str
    requirement: str
    code: str
    result: str
    addresses: dict = dataclasses.field(default_factory=dict)  # address: result, see above
    hint: str = ""  # a word of a hint that must be given


@dataclasses.dataclass(frozen=True)
class Mail:
    next_hop: str
    what: str
    result: str
    hosts: tuple = ()
    mx: str = "secure"
    state: str = "usable"
    code: str = ""
    hint: str = ""
    options: tuple = ()

    @property
    def exit(self):
        return _EXITS[self.result]


def _authenticated(host, address, requirement="authenticate", code="secure-usable"):
    return Host(host, requirement, code, "fit", {address: "authenticated"})


def _rejected(host, address, how="rejected", hint="", code="secure-usable", requirement="authenticate"):
    return Host(host, requirement, code, "rejected", {address: how}, hint)


def _plain(host, code, address, how="encrypted", requirement="opportunistic", hint=""):
    return Host(host, requirement, code, "no-dane", {address: how}, hint)


def _deferred(host, code, hint=""):
    return Host(host, "do-not-use", code, "error", {}, hint)


_MX = _authenticated("mx.mail.dane", "10.53.0.100")
_MX_TA = _authenticated("mx-ta.mail.dane", "10.53.0.101")
_WRONG_KEY = _rejected("mx-mismatch.mail.dane", "10.53.0.102", hint="renewed")
_ABSENT = _plain("mx-absent.mail.dane", "secure-absent", "10.53.0.105")


def _one(next_hop, what, host, **more):
    return Mail(next_hop, what, host.result, (host,), **more)


def _no_hosts(next_hop, what, code, result="error", **more):
    return Mail(next_hop, what, result, state="no-hosts", code=code, mx="insecure", **more)


def _domain_deferred(next_hop, what, code, hint=""):
    """Nothing is known of the hosts, so nothing is said of how they were come by."""
    return Mail(next_hop, what, "error", state="defer", code=code, mx="insecure", hint=hint)


_CLOSED = Host("mx-closed.mail.dane", "authenticate", "secure-usable", "error", {"10.53.0.9": "unreached"})
_SAME_MX_UNSIGNED = Host("mx.mail.dane", "opportunistic", "mx-insecure", "no-dane", {"10.53.0.100": "encrypted"})

MAIL = [
    _one("good.post.dane", "secure MX, usage 3", _MX),
    _one("trust-anchor.post.dane", "secure MX, usage 2", _MX_TA),
    Mail("two.post.dane", "the order of preferences", "fit", (_MX, _MX_TA)),
    Mail("equal.post.dane", "equal preferences", "fit", (_MX_TA, _MX)),
    Mail("failover.post.dane", "the first host fails DANE, the second is fine", "rejected", (_WRONG_KEY, _MX)),
    Mail("mixed.post.dane", "a host without DANE beside one with it", "fit", (_MX, _ABSENT), hint="not every host"),
    _one("aliased.post.dane", "the domain is an alias", _MX),
    _one("into-unsigned.post.dane", "R7672-2.2.1a: an alias into an unsigned zone", _SAME_MX_UNSIGNED, mx="insecure",
         hint="not signed"),
    _one("any.wild.post.dane", "MX by a wildcard", _MX),
    _one("alias-host.post.dane", "R7672-2.2.1b: the host is an alias", _authenticated("alias.post.dane", "10.53.0.100")),
    _no_hosts("null.post.dane", "R7672-2.2.1b: null MX", "null-mx", "no-dane"),
    _one("null-beside.post.dane", "null MX beside another record", _MX),
    _no_hosts("nobody.post.dane", "R7672-2.2.1b: no such domain", "no-such-domain"),
    _one("implicit.post.dane", "R7672-2.2.1b: no MX record", _authenticated("implicit.post.dane", "10.53.0.140")),
    _one("renewed.post.dane", "wrong key", _WRONG_KEY),
    _one("other-names.post.dane", "R7672-3.2.1a: usage 3 compares no names",
         _authenticated("mx-wrong-name.mail.dane", "10.53.0.103")),
    _one("expired-ee.post.dane", "R7672-3.2.1a: nor dates", _authenticated("mx-expired-ee.post.dane", "10.53.0.141")),
    _one("pkix.post.dane", "R7672-3.1a: usage 1 is unusable: TLS, not authenticated",
         _plain("mx-pkix.mail.dane", "secure-unusable", "10.53.0.104", requirement="encrypt", hint="usages 0 and 1")),
    _one("pkix-cleartext.post.dane", "R7672-2.2a: all unusable is never cleartext",
         _rejected("mx-pkix-cleartext.post.dane", "10.53.0.142", "no-tls", code="secure-unusable",
                   requirement="encrypt")),
    _one("absent.post.dane", "R7672-2.2a: no TLSA record, TLS all the same", _ABSENT),
    _one("cleartext.post.dane", "R7672-2.2a: no TLSA record, no TLS",
         _plain("mx-cleartext.post.dane", "secure-absent", "10.53.0.143", "cleartext")),
    _one("no-starttls.post.dane", "STARTTLS not offered",
         _rejected("mx-no-starttls.mail.dane", "10.53.0.106", "no-tls")),
    _one("refuses.post.dane", "STARTTLS refused", _rejected("mx-refuses.mail.dane", "10.53.0.107", "no-tls")),
    _one("injects.post.dane", "plaintext after the go-ahead",
         _rejected("mx-injects.mail.dane", "10.53.0.108", "no-tls")),
    _one("hangs-up.post.dane", "the handshake is broken off",
         _rejected("mx-hangs-up.mail.dane", "10.53.0.109", "no-tls")),
    _one("closed.post.dane", "port closed", _CLOSED),
    Mail("closed-first.post.dane", "port closed, the second is fine", "error", (_CLOSED, _MX)),
    _one("half.post.dane", "one of two addresses has another key",
         Host("mx-half.post.dane", "authenticate", "secure-usable", "rejected",
              {"10.53.0.144": "authenticated", "10.53.0.145": "rejected"}, "renewed")),
    _one("both-families.post.dane", "IPv4 and IPv6",
         Host("mx-both.post.dane", "authenticate", "secure-usable", "fit",
              {"10.53.0.146": "authenticated", "fd53::82": "authenticated"})),
    _one("for-domain.post.dane", "R7672-3.2.2a: the certificate names the next-hop domain",
         _authenticated("mx-for-domain.post.dane", "10.53.0.147")),
    _one("for-nobody.post.dane", "R7672-3.2.2a: the certificate names somebody else",
         _rejected("mx-for-nobody.post.dane", "10.53.0.148", hint="compares names")),
    _one("chain-cut.post.dane", "the CA of a 2 0 1 record is not sent",
         _rejected("mx-chain-cut.post.dane", "10.53.0.149", hint="whole chain")),
    _one("misplaced.post.dane", "records at the domain's name instead of the host's",
         _plain("mx-misplaced.post.dane", "secure-absent", "10.53.0.150", hint="_25._tcp.mx-misplaced.post.dane")),
    _one("to-unsigned.post.dane", "R7672-2.2.2a: a host in an unsigned zone",
         _plain("smtp.unsigned.example", "insecure", "10.53.0.131")),
    _one("bogus-host.post.dane", "attack on TLSA records",
         _deferred("smtp.altered.dane", "bogus", "validate"), state="defer", code="no-usable-host"),
    Mail("one-bogus.post.dane", "R7672-2.1a: attack on one host's TLSA records", "error",
         (_deferred("smtp.altered.dane", "bogus"), _MX)),
    _one("forged-address.post.dane", "attack on address records", _deferred("mx.forged-a.dane", "bogus"),
         state="defer", code="no-usable-host"),
    _one("ghost.post.dane", "a host that does not exist",
         Host("nobody.good.example", "opportunistic", "secure-absent", "error")),
    _one("literal.post.dane", "an address where a name belongs", _deferred("10.53.0.100", "malformed"),
         state="defer", code="no-usable-host"),
    _one("public-anchor.post.dane", "usage 2, a public CA", _authenticated("mx-public-anchor.post.dane", "10.53.0.153")),
    _one("takes.post.dane", "a server that takes mail", _authenticated("mx-takes.post.dane", "10.53.0.151")),
    _domain_deferred("forged-mx.dane", "R7672-2.1a: attack on MX records", "bogus", "validate"),
    _domain_deferred("wrong-ds.example", "R7672-2.1a: the DS fits no key", "bogus"),
    _domain_deferred("expired.example", "R7672-2.1a: expired signatures", "bogus", "expired"),
    _domain_deferred("servfail.example", "R7672-2.1a: the name server fails", "server-failure"),
    _domain_deferred("refused.example", "R7672-2.1a: the name server refuses", "server-failure"),
    _domain_deferred("dead.example", "R7672-2.1a: the name server is dead", "timeout"),
    _one("redirect.unsigned.example", "R7672-2.2.1a: unsigned MX records", _SAME_MX_UNSIGNED, mx="insecure",
         hint="not signed"),
    _one("redirect.unsigned.example", "R7672-2.2.1a: unsigned MX records, dane",
         Host("mx.mail.dane", "authenticate", "secure-usable", "no-dane", {"10.53.0.100": "authenticated"}),
         mx="insecure", options=("--insecure-mx", "dane")),
    _one("redirect-wrong.unsigned.example", "R7672-2.2.1a: unsigned MX records, dane, wrong key", _WRONG_KEY,
         mx="insecure", options=("--insecure-mx", "dane")),
    _one("redirect-wrong.unsigned.example", "R7672-2.2.1a: unsigned MX records, encrypt, wrong key",
         Host("mx-mismatch.mail.dane", "encrypt", "mx-insecure", "no-dane", {"10.53.0.102": "encrypted"}),
         mx="insecure", options=("--insecure-mx", "encrypt")),
    _one("redirect.unsigned.example", "R7672-2.2.1a: unsigned MX records, mandatory",
         Host("mx.mail.dane", "do-not-use", "mandatory-without-dane", "rejected"), mx="insecure", state="defer",
         code="no-usable-host", options=("--mode", "mandatory", "--insecure-mx", "dane")),
    _no_hosts("null.unsigned.example", "unsigned null MX", "null-mx", "no-dane"),
    _one("smtp.unsigned.example", "unsigned, no MX record",
         _plain("smtp.unsigned.example", "insecure", "10.53.0.131"), mx="insecure"),
    Mail("mixed.post.dane", "mandatory mode leaves out hosts without DANE", "rejected",
         (_MX, Host("mx-absent.mail.dane", "do-not-use", "mandatory-without-dane", "rejected")),
         options=("--mode", "mandatory")),
    _one("good.post.dane", "DANE switched off", _plain("mx.mail.dane", "mode-off", "10.53.0.100"),
         options=("--mode", "off")),
    _one("[mx.mail.dane]", "R7672-2.2.2a: a host in brackets", _MX, mx="direct"),
    _one("[10.53.0.100]", "R7672-2.2.2a: an address literal", _plain("10.53.0.100", "ip-literal", "10.53.0.100"),
         mx="direct"),
]
