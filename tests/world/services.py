# SPDX-License-Identifier: Apache-2.0
"""Every TLS service of the world: where it listens, what it presents, and the TLSA records published for it.

A TLSA record is written "usage selector matching-type SUBJECT". SUBJECT is `leaf` (the certificate of the service), the
name of an authority (pki.AUTHORITIES), `stranger` (a key that no server has), or `=hex` for data as it stands. What a
client must make of each service is said in scenarios.py, in a table of its own.
"""

import dataclasses
import hashlib

import policies

HTTPS = "10.53.0.80"
SECOND_HTTPS = "10.53.0.81"
OLD_TLS = "10.53.0.82"  # TLS 1.2 only
FIRST_IPV6 = "fd53::80"
NOBODY = "10.53.0.9"  # nothing listens there
NOT_STARTED = ("none", "programs")  # protocols that the world starts no server for


@dataclasses.dataclass(frozen=True)
class Leaf:
    """The end-entity certificate, and what is sent after it."""

    issuer: str | None = "public-intermediate"  # None: self-signed
    sent: tuple = ("public-intermediate",)
    names: tuple = ()  # empty: the name of the service
    expired: bool = False


PUBLIC = Leaf()
PRIVATE = Leaf("private-intermediate", ("private-intermediate",))
PRIVATE_WITH_ROOT = Leaf("private-intermediate", ("private-intermediate", "private-root"))
PRIVATE_ALONE = Leaf("private-intermediate", ())
SELF_SIGNED = Leaf(None, ())
WRONG_NAME = Leaf(names=("somebody-else.example",))
EXPIRED = Leaf(expired=True)


@dataclasses.dataclass(frozen=True)
class Service:
    name: str
    tlsa: tuple = ()
    leaf: Leaf = PUBLIC
    addresses: tuple = (HTTPS,)
    port: int = 443
    protocol: str = "https"  # "none": nobody listens; "programs": run_programs does
    fault: str = ""  # how starttls_server.py misbehaves
    host_owner: str | None = None  # owner of the address records; "" for none; None: the name
    tlsa_owner: str | None = None  # owner of the TLSA records; None: _port._tcp.name
    shares_certificate: bool = False  # with the host's other services that do
    published: bool = False  # the certificate stands in a CERT record, too

    @property
    def file_name(self):
        port = "" if self.shares_certificate else f"-{self.port}"
        return f"{self.name}{port}-{self.addresses[0]}".replace(":", "_")


def _every_parameter():
    """Usage × selector × matching type, each with its right record; the authority depends on the selector."""
    kinds = {
        0: (PUBLIC, ("public-root", "public-intermediate")),
        1: (PUBLIC, ("leaf", "leaf")),
        2: (PRIVATE_WITH_ROOT, ("private-root", "private-intermediate")),
        3: (SELF_SIGNED, ("leaf", "leaf")),
    }
    return [
        Service(f"u{usage}s{selector}m{mtype}.usages.example",
                (f"{usage} {selector} {mtype} {subjects[selector]}",), leaf)
        for usage, (leaf, subjects) in kinds.items() for selector in (0, 1) for mtype in (0, 1, 2)
    ]


_MANY = tuple(f"3 1 1 ={hashlib.sha256(bytes([number])).hexdigest()}" for number in range(99)) + ("3 1 1 leaf",)

_GOOD = [
    Service("www.good.example", ("3 1 1 leaf",), published=True),
    Service("www.good.dane", ("2 1 1 private-intermediate",), PRIVATE),
    Service("alt-port.good.example", ("3 1 1 leaf",), port=8443),
    Service("v6.good.example", ("3 1 1 leaf",), addresses=(FIRST_IPV6,)),
    Service("dual.good.example", ("3 1 1 leaf",), addresses=(HTTPS, FIRST_IPV6)),
    Service("tls12.good.example", ("3 1 1 leaf",), addresses=(OLD_TLS,)),
    Service("xn--bcher-kva.example", ("3 1 1 leaf",)),
    Service("self-signed.good.example", ("3 1 1 leaf",), SELF_SIGNED),
    Service("rollover.good.example", ("3 1 1 stranger", "3 1 1 leaf")),
    Service("expired-leaf.good.example", ("3 1 1 leaf",), EXPIRED),
    Service("full-beside-digest.good.example", ("3 1 0 leaf", "3 1 1 stranger")),
    Service("strong-digest.good.example", ("3 1 2 leaf", "3 1 1 stranger")),
    Service("unusable-beside-right.good.example", ("3 1 9 =abcd", "9 1 1 stranger", "3 1 1 leaf")),
    Service("many.good.example", _MANY),
    Service("intermediate.good.example", ("2 0 1 private-intermediate",), PRIVATE),
    Service("anchor-not-sent.good.example", ("2 0 0 private-intermediate",), PRIVATE_ALONE),
    Service("bare-key.good.example", ("2 1 0 private-intermediate",), PRIVATE_ALONE),
    Service("any.wild.example", ("3 1 1 leaf",), host_owner="*.wild.example", tlsa_owner="*.wild.example"),
    Service("www.wild.example", ("3 1 1 leaf",), tlsa_owner="*._tcp.www.wild.example"),
    Service("any.wild.dane", ("3 1 1 leaf",), host_owner="*.wild.dane", tlsa_owner="*.wild.dane"),
    Service("www.rsa.example", ("3 1 1 leaf",)),
    Service("www.p384.example", ("3 1 1 leaf",)),
    Service("www.ed25519.dane", ("3 1 1 leaf",)),
    Service("www.nsec3.dane", ("3 1 1 leaf",)),
]

_BAD = [
    Service("mismatch.bad.example", ("3 1 1 stranger",)),
    Service("mismatch-ta.bad.example", ("2 1 1 other-root",), PRIVATE_WITH_ROOT),
    Service("wrong-name.bad.example", ("3 1 1 leaf",), WRONG_NAME),
    Service("wrong-name-ta.bad.example", ("2 1 1 public-intermediate",), WRONG_NAME),
    Service("expired-ta.bad.example", ("2 1 1 public-intermediate",), EXPIRED),
    Service("untrusted-ee.bad.example", ("1 1 1 leaf",), PRIVATE_WITH_ROOT),
    Service("untrusted-ta.bad.example", ("0 0 1 private-root",), PRIVATE_WITH_ROOT),
    Service("self-signed-ta.bad.example", ("2 0 1 leaf",), SELF_SIGNED),
    Service("agility.bad.example", ("3 1 2 stranger", "3 1 1 leaf")),
    Service("unusable-beside-wrong.bad.example", ("3 1 9 =abcd", "3 1 1 stranger")),
    Service("anchor-digest-not-sent.bad.example", ("2 0 1 private-intermediate",), PRIVATE_ALONE),
    Service("appended.bad.example", ("2 0 1 private-intermediate",), Leaf("other-root", ("private-intermediate",))),
    Service("appended-pkix.bad.example", ("2 0 1 private-root",), Leaf(sent=("public-intermediate", "private-root"))),
    Service("half.bad.example", ("3 1 1 leaf",)),
    Service("half.bad.example", (), addresses=(SECOND_HTTPS,)),
    Service("half-closed.bad.example", ("3 1 1 leaf",)),
    Service("half-closed.bad.example", (), addresses=(NOBODY,), protocol="none"),
    Service("closed.bad.example", ("3 1 1 leaf",), addresses=(NOBODY,), protocol="none"),
    Service("hangs-up.bad.example", ("3 1 1 leaf",), addresses=("10.53.0.83",), protocol="tls", fault="hang-up"),
    Service("no-tls.bad.example", ("3 1 1 leaf",), addresses=("10.53.0.84",), protocol="tls", fault="plaintext"),
]

_NOT_APPLICABLE = [
    Service("absent.good.example"),
    Service("absent.nsec3.dane"),
    Service("absent-untrusted.good.example", (), SELF_SIGNED),
    Service("unusable.good.example", ("3 1 9 =abcd", "4 1 1 stranger", "3 1 1 =abcd", "3 2 1 stranger")),
    Service("www.unsigned.example", ("3 1 1 leaf",)),
    Service("www.unsigned.dane", ("3 1 1 leaf",)),
    Service("mismatch.unsigned.example", ("3 1 1 stranger",)),
    Service("www.island.unsigned.example", ("3 1 1 leaf",)),
    Service("old-nameserver.unsigned.example"),  # its TLSA questions are refused: zones.py
    Service("cut.good.example", ("3 1 1 leaf",)),  # _tcp.cut is an unsigned zone of its own
]

_DNS_FAULTS = [
    Service("www.wrong-ds.example", ("3 1 1 leaf",)),
    Service("www.altered.dane", ("3 1 1 leaf",)),
    Service("www.expired.example", ("3 1 1 leaf",)),
    Service("www.expired.dane", ("3 1 1 leaf",)),
    Service("tlsa-dead.good.example"),  # _tcp.… is delegated to nobody: zones.py
    Service("tlsa-refused.good.example"),
]

# Aliases have no addresses of their own; their CNAME and DNAME records are in zones.py.
_ALIASES = [
    Service("edge.cdn.example", ("3 1 1 leaf",)),
    Service("customer.alias.dane", (), SELF_SIGNED, host_owner=""),
    Service("plain.cdn.example", (), SELF_SIGNED),
    Service("original.alias.dane", ("3 1 1 leaf",), host_owner=""),
    Service("wrong.cdn.example", ("3 1 1 stranger",)),
    Service("both.alias.dane", ("3 1 1 leaf",), host_owner=""),
    Service("shop.alias.dane", ("3 1 1 leaf",), host_owner=""),
    Service("tlsa-alias.good.example", ("3 1 1 leaf",), tlsa_owner="_dane.good.example"),
    Service("tlsa-alias-across.good.example", ("3 1 1 leaf",), tlsa_owner="_dane.nsec3.dane"),
    Service("tlsa-alias-unsigned.good.example", ("3 1 1 leaf",), tlsa_owner="_dane.unsigned.example"),
]


def _with_starttls(protocol, port, first_host):
    """A good and a bad server of a protocol that has STARTTLS."""
    return [
        Service(f"{protocol}.services.dane", ("3 1 1 leaf",), SELF_SIGNED, (f"10.53.0.{first_host}",), port, protocol),
        Service(f"{protocol}-mismatch.services.dane", ("3 1 1 stranger",), PUBLIC, (f"10.53.0.{first_host + 1}",),
                port, protocol),
    ]


def _mail(host, tlsa, leaf, last_octet, fault=""):
    return Service(f"{host}.mail.dane", tlsa, leaf, (f"10.53.0.{last_octet}",), 25, "smtp", fault)


_STARTTLS = [
    _mail("mx", ("3 1 1 leaf",), SELF_SIGNED, 100),
    _mail("mx-ta", ("2 1 1 private-intermediate",), PRIVATE, 101),
    _mail("mx-mismatch", ("3 1 1 stranger",), PUBLIC, 102),
    _mail("mx-wrong-name", ("3 1 1 leaf",), WRONG_NAME, 103),
    _mail("mx-pkix", ("1 1 1 leaf",), PUBLIC, 104),
    _mail("mx-absent", (), PUBLIC, 105),
    _mail("mx-no-starttls", ("3 1 1 leaf",), PUBLIC, 106, "not-offered"),
    _mail("mx-refuses", ("3 1 1 leaf",), PUBLIC, 107, "refused"),
    _mail("mx-injects", ("3 1 1 leaf",), PUBLIC, 108, "injected"),
    _mail("mx-hangs-up", ("3 1 1 leaf",), PUBLIC, 109, "hang-up"),
    Service("mx-closed.mail.dane", ("3 1 1 leaf",), PUBLIC, (NOBODY,), 25, "none"),
    # The same cases as of HTTPS, for programs that speak nothing else.
    Service("smtp.good.example", ("3 1 1 leaf",), PUBLIC, ("10.53.0.130",), 25, "smtp"),
    Service("smtp.unsigned.example", ("3 1 1 leaf",), PUBLIC, ("10.53.0.131",), 25, "smtp"),
    Service("smtp.altered.dane", ("3 1 1 leaf",), PUBLIC, ("10.53.0.132",), 25, "smtp"),
    Service("tlsa-dead.good.example", (), PUBLIC, (HTTPS,), 25, "smtp"),
    *_with_starttls("imap", 143, 110),
    *_with_starttls("pop3", 110, 112),
    *_with_starttls("ftp", 21, 114),
    *_with_starttls("xmpp", 5222, 116),
    *_with_starttls("ldap", 389, 118),
    *_with_starttls("postgres", 5432, 120),
    Service("postgres.good.example", ("3 1 1 leaf",), PUBLIC, ("10.53.0.133",), 5432, "postgres"),
    Service("postgres-ta.services.dane", ("2 1 1 private-intermediate",), PRIVATE, ("10.53.0.134",), 5432, "postgres"),
    Service("postgres-absent.services.dane", (), PUBLIC, ("10.53.0.135",), 5432, "postgres"),
    Service("postgres.unsigned.example", ("3 1 1 leaf",), PUBLIC, ("10.53.0.136",), 5432, "postgres"),
    Service("postgres.altered.dane", ("3 1 1 leaf",), PUBLIC, ("10.53.0.137",), 5432, "postgres"),
    Service("tlsa-dead.good.example", (), PUBLIC, (HTTPS,), 5432, "postgres"),
]

HUB_PROTOCOLS = {"imap": 143, "pop3": 110, "ftp": 21, "ftps": 990, "proxy": 3129}


def _hub(name, tlsa, leaf, address):
    """A host with every service that only programs of tests/world/programs.py speak to, each with the same records."""
    return [Service(name, tlsa, leaf, (address,), port, protocol if protocol in ("imap", "pop3") else "programs",
                    shares_certificate=True) for protocol, port in HUB_PROTOCOLS.items()]


_HUBS = [
    *_hub("hub.good.example", ("3 1 1 leaf",), PUBLIC, "10.53.0.170"),
    *_hub("hub-mismatch.services.dane", ("3 1 1 stranger",), PUBLIC, "10.53.0.171"),
    *_hub("hub.services.dane", ("3 1 1 leaf",), SELF_SIGNED, "10.53.0.172"),
    *_hub("hub-ta.services.dane", ("2 1 1 private-intermediate",), PRIVATE, "10.53.0.173"),
    *_hub("hub-absent.services.dane", (), PUBLIC, "10.53.0.174"),
    *_hub("hub.unsigned.example", ("3 1 1 leaf",), PUBLIC, "10.53.0.175"),
    *_hub("hub.altered.dane", ("3 1 1 leaf",), PUBLIC, "10.53.0.176"),
    *_hub("tlsa-dead.good.example", (), PUBLIC, HTTPS),
    Service("ftp-data.services.dane", ("3 1 1 leaf",), PUBLIC, ("10.53.0.177",), 21, "ftp", "stray-data"),
]

FIRST_MAIL_IPV6 = "fd53::82"


def _post(host, tlsa, leaf, last_octet, fault="", more=(), tlsa_owner=None):
    return Service(f"{host}.post.dane", tlsa, leaf, (f"10.53.0.{last_octet}", *more), 25, "smtp", fault,
                   tlsa_owner=tlsa_owner)


# Hosts of the mail quarter that no other table needs: mail_scenarios.py says what a sender must make of them.
_POST = [
    _post("implicit", ("3 1 1 leaf",), PUBLIC, 140),
    _post("mx-expired-ee", ("3 1 1 leaf",), EXPIRED, 141),
    _post("mx-pkix-cleartext", ("1 1 1 leaf",), PUBLIC, 142, "not-offered"),
    _post("mx-cleartext", (), PUBLIC, 143, "not-offered"),
    _post("mx-half", ("3 1 1 leaf",), PUBLIC, 144),
    _post("mx-half", (), SELF_SIGNED, 145),
    _post("mx-both", ("3 1 1 leaf",), PUBLIC, 146, more=(FIRST_MAIL_IPV6,)),
    _post("mx-for-domain", ("2 1 1 private-intermediate",),
          dataclasses.replace(PRIVATE, names=("for-domain.post.dane",)), 147),
    _post("mx-for-nobody", ("2 1 1 private-intermediate",),
          dataclasses.replace(PRIVATE, names=("somebody-else.example",)), 148),
    _post("mx-chain-cut", ("2 0 1 private-intermediate",), PRIVATE_ALONE, 149),
    _post("mx-misplaced", ("3 1 1 leaf",), PUBLIC, 150, tlsa_owner="_25._tcp.misplaced.post.dane"),
    _post("mx-public-anchor", ("2 1 1 public-intermediate",), PUBLIC, 153),
    _post("mx-takes", ("3 1 1 leaf",), SELF_SIGNED, 151, "takes-mail"),
    Service("mx.forged-a.dane", ("3 1 1 leaf",), PUBLIC, ("10.53.0.152", "fd53::83"), 25, "smtp"),
]

def _policy_servers():
    leaves = {"PUBLIC": PUBLIC, "SELF_SIGNED": SELF_SIGNED, "WRONG_NAME": WRONG_NAME, "EXPIRED": EXPIRED}
    return [Service(f"mta-sts.{policy.domain}", (), leaves[policy.leaf], (policies.HOST,), 443, "sts", policy.behaviour)
            for policy in policies.POLICIES if policy.behaviour]


SERVICES = (
    _every_parameter() + _GOOD + _BAD + _NOT_APPLICABLE + _DNS_FAULTS + _ALIASES + _STARTTLS + _HUBS + _POST
    + _policy_servers()
)


def hub_services(protocol):
    """Those of all hubs."""
    return [service for service in _HUBS if service.shares_certificate and service.port == HUB_PROTOCOLS[protocol]]


def mail_hosts():
    """Those that take mail by SMTP as they should."""
    return [service for service in SERVICES if service.protocol == "smtp" and not service.fault]
