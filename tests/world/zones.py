# SPDX-License-Identifier: Apache-2.0
"""Every zone of the world and what is wrong with it, and the text of each before it is signed.

The tree is real: the root, the TLDs and the zones below are served at addresses of their own, so that a resolver walks
it as it would the Internet's. Records of services come from services.py.
"""

import base64
import dataclasses
import ipaddress

import policies

ROOT_SERVER = "10.53.0.1"
TLD_SERVER = "10.53.0.2"
ZONE_SERVER = "10.53.0.3"
REFUSING_SERVER = "10.53.0.4"  # has no zone, so that it refuses every question; a server of the parent would refer
RESOLVER = "10.53.0.53"
POISONED_RESOLVER = "10.53.0.54"  # as the other, but its TLSA records are not those that were signed
WRONG_RESOLVER = "10.53.0.55"  # over TLS, with a certificate for another name
CLOSING_RESOLVER = "10.53.0.56"  # over TLS, one reply on each connection
CUTTING_RESOLVER_PORT = 5300  # of CLOSING_RESOLVER: what it says over UDP is cut, over TCP it says all
LOSSY_RESOLVER = "10.53.0.58"  # of soak_policyd: loses and delays answers
SOAK_POLICY_SERVER = "10.53.0.93"  # of soak_policyd: MTA-STS policies
RESOLVER_NAME = "dns.resolver.example"  # as certificates have it
DEAD_SERVER = "10.53.0.66"  # nothing listens there
SILENT_SERVER = "10.53.0.67"  # listens and never answers
SOA_TIMES = (3600, 600, 86400, 60)

P256 = "ECDSAP256SHA256"


@dataclasses.dataclass(frozen=True)
class Zone:
    name: str  # with the final dot
    algorithm: str | None = P256  # None: unsigned
    denial: str = "nsec"  # nsec, nsec3, nsec3-salted, nsec3-many or opt-out
    server: str = ZONE_SERVER
    delegation: str = "secure"  # or another of _ds_texts(); insecure: no DS
    fault: str = ""  # altered, altered-mx, altered-a (records of one type changed after signing), expired, long-lived, not-loaded
    records: str = ""  # beside SOA, NS and those of services


# Made for this purpose, and protects nothing: a certificate of P-256 without extensions, its subject and issuer CN=a.
_CERTIFICATE = bytes.fromhex(
    "308201123081b902142e857b521a4fe6155062f63aa558926af3e53d5d300a06082a8648ce3d040302300c310a300806035504030c0161"
    "301e170d3236313132313030313934375a170d3336313131383030313934375a300c310a300806035504030c01613059301306072a8648"
    "ce3d020106082a8648ce3d030107034200046e265502b3844d349d097e6dd8f5b25942826132a0fafabd77927f3e929024fe65bd33d7dd"
    "2dbe6f79faef2c35ebff5604dbe9dcfd178ff555e0de55818d5ed0300a06082a8648ce3d0403020348003045022100f4cbf21152488997"
    "d265c561da906eaf3af8eafccdb19ea0feff35edac92560502205636e8cffc1b45e873dd5138d690ae02d04cdcb08c4a96d7bd8ab057ae"
    "5d50e5")


def _base64(octets):
    return base64.b64encode(octets).decode()


_TLSA_ALIASES = """\
_443._tcp.tlsa-alias CNAME _dane
_443._tcp.tlsa-alias-across CNAME _dane.nsec3.dane.
_443._tcp.tlsa-alias-unsigned CNAME _dane.unsigned.example.
"""
_GOOD = f"""\
alias CNAME www
alias-twice CNAME alias
alias-absent CNAME absent
loop-a CNAME loop-b
loop-b CNAME loop-a
old DNAME cdn.example.
text TXT "the world"
@ CAA 0 issue "ca.example"
www.caa A {DEAD_SERVER}
caa CAA 0 issue "ca.example; accounturi=https://ca.example/1234; validationmethods=dns-01"
caa CAA 0 issuewild ";"
caa-critical CAA 128 tbs "Unknown"
caa-malformed CAA 0 issue "%%%%%"
cert CERT 1 0 0 {_base64(bytes([3, 0x55, 4, 0x24]) + _CERTIFICATE)}
cert-broken CERT 1 0 0 {_base64(bytes([3, 0x55, 4, 0x24]) + _CERTIFICATE[:-1])}
cert-elsewhere CERT 4 12345 13 {_base64(b"https://certs.example/1")}
cert-private CERT 253 0 0 {_base64(b"https://certs.example/format" + bytes(1) + b"octets")}
"""
_ALIASES = """\
www CNAME www.good.example.
customer CNAME edge.cdn.example.
original CNAME plain.cdn.example.
both CNAME wrong.cdn.example.
shop CNAME www.unsigned.example.
bare CNAME www.unsigned.example.
into-bogus CNAME www.wrong-ds.example.
moved DNAME cdn.example.
"""
_MAIL = """\
@ MX 10 mx
@ MX 20 mx-ta
_imap._tcp SRV 0 0 143 imap.services.dane.
"""

_PLAIN = f"""\
www A {DEAD_SERVER}
_443._tcp.www TLSA 3 1 1 {"5a" * 32}
"""
# The mail quarter: a domain for each rule of RFC 7672 (mail_scenarios.py).
_POST = """\
good MX 10 mx.mail.dane.
trust-anchor MX 10 mx-ta.mail.dane.
two MX 20 mx-ta.mail.dane.
two MX 10 mx.mail.dane.
equal MX 10 mx-ta.mail.dane.
equal MX 10 mx.mail.dane.
failover MX 10 mx-mismatch.mail.dane.
failover MX 20 mx.mail.dane.
mixed MX 10 mx.mail.dane.
mixed MX 20 mx-absent.mail.dane.
aliased CNAME good
into-unsigned CNAME redirect.unsigned.example.
*.wild MX 10 mx.mail.dane.
alias-host MX 10 alias.post.dane.
alias CNAME mx.mail.dane.
null MX 0 .
null-beside MX 0 .
null-beside MX 10 mx.mail.dane.
renewed MX 10 mx-mismatch.mail.dane.
other-names MX 10 mx-wrong-name.mail.dane.
expired-ee MX 10 mx-expired-ee.post.dane.
pkix MX 10 mx-pkix.mail.dane.
pkix-cleartext MX 10 mx-pkix-cleartext.post.dane.
absent MX 10 mx-absent.mail.dane.
cleartext MX 10 mx-cleartext.post.dane.
no-starttls MX 10 mx-no-starttls.mail.dane.
refuses MX 10 mx-refuses.mail.dane.
injects MX 10 mx-injects.mail.dane.
hangs-up MX 10 mx-hangs-up.mail.dane.
closed MX 10 mx-closed.mail.dane.
closed-first MX 10 mx-closed.mail.dane.
closed-first MX 20 mx.mail.dane.
half MX 10 mx-half.post.dane.
both-families MX 10 mx-both.post.dane.
for-domain MX 10 mx-for-domain.post.dane.
for-nobody MX 10 mx-for-nobody.post.dane.
chain-cut MX 10 mx-chain-cut.post.dane.
misplaced MX 10 mx-misplaced.post.dane.
to-unsigned MX 10 smtp.unsigned.example.
bogus-host MX 10 smtp.altered.dane.
one-bogus MX 10 smtp.altered.dane.
one-bogus MX 20 mx.mail.dane.
forged-address MX 10 mx.forged-a.dane.
silent-host MX 10 tlsa-dead.good.example.
ghost MX 10 nobody.good.example.
literal MX 10 10.53.0.100.
takes MX 10 mx-takes.post.dane.
public-anchor MX 10 mx-public-anchor.post.dane.
_imap._tcp.good SRV 0 0 143 imap.services.dane.
"""
_UNSIGNED_POST = """\
redirect MX 10 mx.mail.dane.
redirect-wrong MX 10 mx-mismatch.mail.dane.
null MX 0 .
"""
# The domains of policies.py.
_UNSIGNED_POST += "".join(
    f"{policy.domain}. MX 10 smtp.unsigned.example.\n" for policy in policies.POLICIES
    if policy.domain.endswith(".unsigned.example"))
_POST += """\
sts-absent MX 10 mx-absent.mail.dane.
sts-dane MX 10 mx.mail.dane.
sts-mixed MX 10 mx.mail.dane.
sts-mixed MX 20 mx-absent.mail.dane.
sts-pkix MX 10 mx-pkix.mail.dane.
sts-half-pkix MX 10 mx-pkix.mail.dane.
sts-half-pkix MX 20 mx-absent.mail.dane.
half-pkix MX 10 mx-pkix.mail.dane.
half-pkix MX 20 mx-absent.mail.dane.
some-pkix MX 10 mx.mail.dane.
some-pkix MX 20 mx-pkix.mail.dane.
bogus-beside-absent MX 10 smtp.altered.dane.
bogus-beside-absent MX 20 mx-absent.mail.dane.
literal-beside MX 10 10.53.0.100.
literal-beside MX 20 mx.mail.dane.
sts-bogus MX 10 smtp.altered.dane.
"""
# As many domains as anybody likes, for soak_policyd and run_fleet: a wildcard for each kind of answer.
_POST += """\
*.only.soak MX 10 mx.mail.dane.
*.mixed.soak MX 10 mx.mail.dane.
*.mixed.soak MX 20 mx-absent.mail.dane.
*.pkix.soak MX 10 mx-pkix.mail.dane.
*.absent.soak MX 10 mx-absent.mail.dane.
*.bogus.soak MX 10 smtp.altered.dane.
*.both.soak MX 10 mx-both.post.dane.
"""
_UNSIGNED_POST += f"""\
*.plain.soak MX 10 smtp.unsigned.example.
*.sts.soak MX 10 smtp.unsigned.example.
*.sts.soak TXT "v=STSv1; id=20261121;"
*.sts.soak A {SOAK_POLICY_SERVER}
"""

ZONES = [
    Zone(".", server=ROOT_SERVER),
    Zone("example.", server=TLD_SERVER),
    Zone("dane.", denial="opt-out", server=TLD_SERVER),
    Zone("good.example.", records=_GOOD + _TLSA_ALIASES),
    Zone("good.dane.", denial="nsec3"),
    Zone("bad.example."),
    Zone("usages.example."),
    Zone("xn--bcher-kva.example."),
    Zone("nsec3.dane.", denial="nsec3-salted"),
    Zone("wild.example."),
    Zone("wild.dane.", denial="nsec3"),
    Zone("rsa.example.", algorithm="RSASHA256"),
    Zone("p384.example.", algorithm="ECDSAP384SHA384"),
    Zone("ed25519.dane.", algorithm="ED25519", denial="nsec3"),
    Zone("cdn.example."),
    Zone("alias.dane.", records=_ALIASES),
    Zone("services.dane."),
    Zone("mail.dane.", records=_MAIL),
    Zone("post.dane.", denial="nsec3", records=_POST),
    Zone("forged-mx.dane.", fault="altered-mx", records="@ MX 10 mx.mail.dane.\n"),
    Zone("forged-a.dane.", fault="altered-a"),
    Zone("unsigned.example.", algorithm=None, records=_UNSIGNED_POST),
    Zone("unsigned.dane.", algorithm=None),
    Zone("island.unsigned.example.", delegation="insecure"),
    Zone("_tcp.cut.good.example.", algorithm=None),
    Zone("_tcp.old-nameserver.unsigned.example.", algorithm=None, server=REFUSING_SERVER),
    Zone("_tcp.tlsa-dead.good.example.", server=DEAD_SERVER),
    Zone("_tcp.tlsa-refused.good.example.", server=REFUSING_SERVER),
    Zone("wrong-ds.example.", delegation="wrong", records="@ MX 10 mx.mail.dane.\n"),
    Zone("sub.nsec3.dane.", denial="nsec3", records=_PLAIN),
    Zone("many-iterations.example.", denial="nsec3-many", records=_PLAIN),
    Zone("long-lived.example.", fault="long-lived", records=_PLAIN),
    Zone("mixed-ds.example.", delegation="mixed", records=_PLAIN),
    Zone("weak-ds.example.", delegation="weak", records=_PLAIN),
    Zone("unknown-ds.example.", delegation="unknown", records=_PLAIN),
    Zone("altered.dane.", denial="nsec3", fault="altered"),
    Zone("expired.example.", fault="expired", records="@ MX 10 mx.mail.dane.\n"),
    Zone("expired.dane.", denial="nsec3", fault="expired"),
    Zone("servfail.example.", fault="not-loaded"),
    Zone("refused.example.", server=REFUSING_SERVER),
    Zone("dead.example.", server=DEAD_SERVER),
    Zone("silent.dane.", server=SILENT_SERVER),
]


def zone_of(owner, zones=tuple(ZONES)):
    """The deepest zone that contains `owner`, which has no final dot."""
    return max((zone for zone in zones if _is_within(owner, zone.name)), key=lambda zone: len(zone.name))


def parent_of(zone):
    if zone.name == ".":
        return None
    return zone_of(zone.name.rstrip("."), [other for other in ZONES if other is not zone])


def _is_within(owner, zone_name):
    return zone_name == "." or f".{owner}.".endswith(f".{zone_name}")


def zone_texts(services, association, ds_records):
    """Master files, by zone name. association(service, tlsa) makes the text of a TLSA record; `ds_records` has the DS
    records of every signed zone, by digest type."""
    lines = {zone.name: [head(zone)] for zone in ZONES}
    for zone in ZONES:
        parent = parent_of(zone)
        if parent is not None:
            lines[parent.name] += delegation(zone, ds_records)
    for owner, line in _service_records(services, association):
        lines[zone_of(owner).name].append(f"{owner}. {line}")
    for owner, line in policies.records():
        lines[zone_of(owner).name].append(f"{owner}. {line}")
    return {name: "\n".join(dict.fromkeys(text)) + "\n" for name, text in lines.items()}


def head(zone):
    """The beginning of a zone's master file."""
    name_server = _name_server(zone)
    return f"""\
$ORIGIN {zone.name}
$TTL 300
@ SOA {name_server} hostmaster.example. 1 {' '.join(map(str, SOA_TIMES))}
@ NS {name_server}
{name_server} A {zone.server}
{zone.records}"""


def _name_server(zone):
    return "a.root." if zone.name == "." else f"ns.{zone.name}"


def delegation(zone, ds_records):
    """What the parent's master file says of the zone, as lines."""
    name_server = _name_server(zone)
    lines = [f"{zone.name} NS {name_server}", f"{name_server} A {zone.server}"]
    if zone.algorithm is not None and zone.delegation != "insecure":
        lines += [f"{zone.name} DS {text}" for text in _ds_texts(zone.delegation, ds_records[zone.name])]
    return lines


def _ds_texts(delegation, by_digest):
    """`by_digest` has the right ones; with SHA-256 it is the usual one."""
    right = by_digest[2]
    tag, algorithm, _digest_type, digest = right.split()
    unknown = [f"{tag} 200 2 {digest}", f"{tag} {algorithm} 200 {digest}"]  # an algorithm and a digest that nobody has
    return {
        "secure": [right],
        "wrong": [_alter(right)],  # no key fits
        "mixed": [right, *unknown],
        "weak": [by_digest[1], _alter(right)],  # a key fits the SHA-1 digest, none the SHA-256 one
        "unknown": unknown,
    }[delegation]


def _alter(hex_text):
    """Another last digit, or in a name the one before its final dot."""
    end = hex_text[len(hex_text.rstrip(".")):]
    text = hex_text.rstrip(".")
    return text[:-1] + ("0" if text[-1] != "0" else "1") + end


_ALTERED_TYPES = {"altered": ("TLSA",), "altered-mx": ("MX",), "altered-a": ("A", "AAAA")}


def altered(zone, signed_text):
    """The master file with every record of the types that the fault names changed after it was signed. The name server's
    address stays, or nobody would be asked."""
    types = _ALTERED_TYPES[zone.fault]
    lines = signed_text.splitlines()
    for number, line in enumerate(lines):
        fields = line.split()
        of_type = len(fields) > 4 and fields[2] == "IN" and fields[3] in types and fields[0] != _name_server(zone)
        lines[number] = _alter(line) if of_type else line
    return "\n".join(lines) + "\n"


def _service_records(services, association):
    for service in services:
        host_owner = service.name if service.host_owner is None else service.host_owner
        for address in service.addresses if host_owner else ():
            yield host_owner, f"{'A' if ipaddress.ip_address(address).version == 4 else 'AAAA'} {address}"
        if service.published:
            certificate = bytes.fromhex(association(service, "3 0 0 leaf").split()[-1])
            yield host_owner, f"CERT 1 0 0 {_base64(bytes([3, 0x55, 4, 0x24]) + certificate)}"
        for tlsa in service.tlsa:
            yield service.tlsa_owner or f"_{service.port}._tcp.{service.name}", f"TLSA {association(service, tlsa)}"
