#!/usr/bin/env python3
"""Writes the corpora under fuzz/corpus, the same octets each time. Usage: make_corpus.py [DIRECTORY]

The certificate and the key in them are made for this purpose and protect nothing; see octets.py.
"""
import hashlib
import hmac
import pathlib
import struct
import sys

from octets import CERTIFICATE, KEY, POINTER, message, pem, presented, record, row, rrsig, tlsa, wire_name


def tlsa_rdata():
    every = [tlsa(u, s, m, presented(s, m)) for u in range(4) for s in range(2) for m in range(3)]
    yield "empty", b""
    yield "one", row(every[-1])
    yield "every_combination", row(*every)
    yield "agility", row(tlsa(3, 1, 1, bytes(32)), tlsa(3, 1, 2, bytes(64)), tlsa(3, 1, 0, KEY))
    yield "unusable", row(tlsa(4, 1, 1, bytes(32)), tlsa(3, 2, 1, bytes(32)), tlsa(3, 1, 3, bytes(32)),
                          tlsa(3, 1, 1, bytes(31)), tlsa(3, 1, 2, bytes(65)), tlsa(3, 1, 0, b""))
    yield "malformed", row(b"", b"\3", b"\3\1", tlsa(3, 1, 1, bytes(32)))
    yield "duplicates", row(*[tlsa(3, 1, 1, bytes(32))] * 3)
    yield "no_certificate", row(tlsa(2, 0, 0, CERTIFICATE + b"\0"), tlsa(2, 0, 0, CERTIFICATE[:-1]), tlsa(2, 0, 0, KEY))
    yield "no_key", row(tlsa(2, 1, 0, KEY + b"\0"), tlsa(2, 1, 0, KEY[:-1]), tlsa(2, 1, 0, CERTIFICATE))
    yield "length_lies", b"\xff\xff" + tlsa(3, 1, 1, bytes(32))


def caa_rdata():
    def caa(flags, tag, value):
        return bytes([flags, len(tag)]) + tag + value

    yield "empty", b""
    yield "issue", caa(0, b"issue", b"ca1.example.net")
    yield "nobody", caa(0, b"issue", b";")
    yield "parameters", caa(0, b"issuewild", b"ca.example; accounturi=https://ca.example/1; validationmethods=dns-01,http-01")
    yield "mail", caa(0, b"issuemail", b"authority.example ; account = 123456")
    yield "broken", caa(0, b"issue", b"%%%%%")
    yield "critical", caa(128, b"tbs", b"Unknown")
    yield "report", caa(0, b"iodef", b"mailto:security@example.com")
    yield "no_tag", caa(0, b"", b"ca.example")
    yield "length_lies", b"\0\x20issue"


def cert_rdata():
    def cert(kind, data):
        return struct.pack(">HHB", kind, 12345, 13) + data

    yield "empty", b""
    yield "certificate", cert(1, bytes([3, 0x55, 4, 0x24]) + CERTIFICATE)
    yield "bare", cert(1, CERTIFICATE)
    yield "cut", cert(1, CERTIFICATE[:-1])
    yield "pgp", cert(3, b"octets")
    yield "elsewhere", cert(4, b"https://certs.example/1")
    yield "fingerprint", cert(6, b"\x14" + bytes(20) + b"https://certs.example/1")
    yield "neither", cert(6, b"\0")
    yield "uri", cert(253, b"https://certs.example/format\0octets")
    yield "oid", cert(254, b"\2\x2a\3octets")
    yield "length_lies", cert(254, b"\xffoctets")


def explained_rdata():
    mx, srv, ds, dnskey, tlsa = (bytes([kind]) for kind in range(5))
    name = b"\2mx\7example\0"
    yield "mx", mx + b"\0\x0a" + name
    yield "null_mx", mx + b"\0\0\0"
    yield "pointer", mx + b"\0\0\xc0\x0c"
    yield "long_name", mx + b"\0\0" + b"\x3f" + bytes(63) + b"\1a" * 96 + b"\0"
    yield "srv", srv + struct.pack(">HHH", 0, 0, 443) + name
    yield "no_service", srv + bytes(7)
    yield "ds", ds + struct.pack(">HBB", 12345, 13, 2) + bytes(32)
    yield "ds_weak", ds + struct.pack(">HBB", 12345, 5, 1) + bytes(20)
    yield "key", dnskey + struct.pack(">HBB", 257, 3, 13) + bytes(64)
    yield "key_rsa", dnskey + struct.pack(">HBB", 256, 3, 8) + b"\3\1\0\1\xff" + bytes(127)
    yield "key_revoked", dnskey + struct.pack(">HBB", 385, 3, 15) + bytes(32)
    yield "tlsa", tlsa + b"\3\1\1" + bytes(32)
    yield "tlsa_unknown", tlsa + b"\7\1\1" + bytes(32)


def policyd_requests():
    def netstring(text):
        return f"{len(text)}:{text},".encode()

    yield "empty", b""
    for name, key in (("domain", "example.com"), ("parent", ".example.com"), ("host", "[mx.example.com]:25"),
                      ("service", "example.com:smtp"), ("address", "[IPv6:2001:db8::1]"), ("path", "/run/lmtp")):
        yield name, netstring(f"danelaw {key}")
    yield "two", netstring("a b") + netstring("c d") + b"12:unfin"
    yield "no_length", b":a,"
    yield "zero", b"00:,"
    yield "too_long", b"1025:"
    yield "metrics", b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield "post", b"POST / HTTP/1.0\r\n\r\n"
    yield "unix", b"unix:/run/danelaw-policyd/socket"
    yield "inet", b"inet:[::1]:8461"


def sts_policy():
    good = b"version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n"
    yield "empty", b""
    yield "enforce", good
    yield "testing", good.replace(b"enforce", b"testing").replace(b"\r", b"")
    yield "none", b"version: STSv1\nmode: none\nmax_age: 86400\n"
    yield "twice", good + b"mode: none\nversion: STSv2\n\nx-more: \xc3\xbc\n"
    yield "bad_pattern", good.replace(b"*.", b"*.*.")
    yield "file", b"danelaw-policyd sts 1\nid: 20261121\nfetched: 1700000000\n" + good
    yield "record", b"v=STSv1; id=20160831085700Z; x=y;"


def referral():
    def mx(preference, exchange):
        return struct.pack(">H", preference) + wire_name(exchange)

    def srv(priority, weight, port, target):
        return struct.pack(">HHH", priority, weight, port) + wire_name(target)

    def short_row(*rdatas):
        return b"".join(bytes([len(rdata)]) + rdata for rdata in rdatas)

    yield "empty", b""
    yield "one_mx", short_row(mx(10, "mx.example"))
    yield "null_mx", short_row(mx(0, "."))
    yield "null_beside_other", short_row(mx(0, "."), mx(10, "MX.example"))
    yield "twice", short_row(mx(20, "mx.example"), mx(10, "Mx.Example"), mx(10, "other.example"))
    yield "address_as_name", short_row(mx(10, "192.0.2.1"), srv(0, 0, 443, "192.0.2.1"))
    yield "one_srv", short_row(srv(0, 5, 993, "imap.example"))
    yield "weights", short_row(*[srv(i % 2, i * 9000, 993, f"h{i}.example") for i in range(8)])
    yield "not_offered", short_row(srv(0, 0, 0, "."))
    yield "cut", short_row(mx(1, "mx.example")[:-1], srv(1, 2, 3, "a.example")[:5], b"\0", b"")
    yield "left_over", short_row(mx(1, "mx.example") + b"\0", srv(1, 2, 3, "a") + b"a")
    yield "many", short_row(*[mx(i, f"h{i}") for i in range(200)])


def tlsa_text():
    digest = hashlib.sha256(KEY).hexdigest()
    for number, text in enumerate([
            "", "3 1 1", f"3 1 1 {digest}", f"3 1 1 {digest.upper()}", f"3 1 1 {digest[:31]} {digest[31:]}",
            f"\t2 0\t1 \r\n {digest}\n", f"2 1 0 {KEY.hex()}", "255 255 255 00", "003 001 01 00", "256 1 1 00",
            "3 1 1 0", "3 1 1 zz", "3 1", r"\# 3 030101", rf"\# 35 030101{digest}", rf"\# 35 030101 {digest[:5]} {digest[5:]}",
            r"\# 4 030101", r"\# 2 0301", r"\# 65536 00", r"\#", "-1 0 0 00"]):
        yield f"{number:02}", text.encode()


def dns_name():
    for number, octets in enumerate([
            b"", b".", b"www.example", b"WWW.Example.", b"_443._tcp.www.example", b"*.example", b"a..b", b".a",
            rb"a\.b.c", rb"a\\b", rb"\000\255\032", rb"\256", rb"\1", b"xn--bcher-kva.example", "bücher.example".encode(),
            b"a" * 63, b"a" * 64, b"a." * 127, b"a." * 128, b".".join([b"x" * 63] * 3 + [b"y" * 61]),
            wire_name("www.Example"), wire_name("."), wire_name("a." * 127), wire_name("www.example")[:-1], b"\xc0\x00",
            b"\x40" + b"a" * 64 + b"\0", b"\x03a.b\x02\x00\xff\x00"]):
        yield f"{number:02}", octets


def dns_message():
    opt = b"\0" + struct.pack(">HHIH", 41, 1232, 0x8000, 0)
    tlsa_record = record(52, tlsa(3, 1, 1, bytes(32)))
    soa = record(6, b"\x02ns" + POINTER + b"\x01h" + POINTER + struct.pack(">IIIII", 1, 2, 3, 4, 5))
    yield "query", message(flags=0x0120, additional=[opt])
    yield "tlsa", message(tlsa_record, rrsig(52), additional=[opt])
    yield "hundred", message(*[record(52, tlsa(3, 1, 1, bytes([n] * 32))) for n in range(100)])
    yield "nxdomain", message(flags=0x8183, authority=[soa, rrsig(6), record(47, wire_name("x.example") + b"\0\1\x40")])
    yield "cname", message(record(5, b"\1b" + POINTER), record(52, tlsa(3, 1, 1, bytes(32)), b"\1b" + POINTER))
    yield "dname", message(record(39, wire_name("other.example")), record(5, b"\3www" + POINTER))
    yield "mx_srv_naptr", message(record(15, b"\0\x0a\1m" + POINTER), record(33, b"\0\1\0\2\x01\xbb\1s" + POINTER),
                                  record(35, b"\0\1\0\2\1U\3abc\1!" + POINTER))
    yield "minfo_rp_px", message(record(14, POINTER * 2), record(17, POINTER * 2), record(26, b"\0\1" + POINTER * 2))
    yield "badvers", message(additional=[b"\0" + struct.pack(">HHIH", 41, 1232, 0x01000000, 0)])
    yield "two_opt", message(additional=[opt, opt])
    yield "ttl_top_bit", message(record(1, bytes(4), ttl=0xFFFFFFFF))
    yield "pointer_to_itself", message(record(1, bytes(4), b"\xc0\x1d"))
    yield "pointer_forward", message(record(1, bytes(4), b"\xc0\x1f"))
    yield "pointer_to_header", message(record(1, bytes(4), b"\xc0\x00"))
    # 0x29 is where the first record's RDATA begins.
    hops = [0xC029] + [0xC02A + 2 * hop for hop in range(39)]
    yield "pointer_chain", message(record(16, b"\0" + b"".join(struct.pack(">H", hop) for hop in hops)),
                                   record(1, bytes(4), struct.pack(">H", 0xC02A + 2 * 39)))
    yield "rdata_too_long", message(tlsa_record)[:-5]
    yield "empty", b""


def configuration():
    rule = "rules = a\n[a]\n"
    for number, text in enumerate([
            "", "# nothing\n", "mode = mandatory\nprofile = smtp\n", "mode = x\n", "moode = off\n", "mode\n", "[a\n",
            "path = /x.so\nlog = /var/log/danelaw\nlog_level = info\n", "log = syslog\n", "log = x\n", "log_level = x\n",
            "deadline = 600000\ncache_entries = 0\nroot_servers = 192.0.2.1, 2001:db8::1\n",
            "negative_anchors = a.example, b.example.\nnever_asked = local\n", "trust_anchors = /nowhere\n",
            "mode = \"off\"\n", "mode = o\\\nff\n", "mode = off # comment\n", "a::mode = off\nrules = a\n",
            rule + "hosts = *\nmode = off\n", rule + "hosts = *.example:443, [2001:db8::1]:25, www.example\nprofile = srv\n",
            rule + "programs = curl, python3.11\nhost = www.example\nport = 443\n", rule + "mode = off\n", rule,
            rule + "hosts = *.*\n", rule + "hosts = *\nport = 65536\n", rule + "hosts = *\nlog = off\n",
            "rules = a, b,,a\n[b]\nprograms = x\n[a]\nhosts = *\n", ".pragma = dollarid:on\nmode = off\n",
            "[default]\nmode = off\n[x]\n[default]\nmode = mandatory\n"]):
        yield f"{number:02}", text.encode()


def message_stream():
    def framed(*messages):
        return b"".join(struct.pack(">H", len(message)) + message for message in messages)

    yield "empty", b""
    yield "half_a_length", b"\0"
    yield "empty_message", framed(b"")
    yield "one", framed(b"\x12\x34" + bytes(10))
    yield "several", framed(b"a", b"", b"bc" * 100, b"\xff" * 300)
    yield "cut_within_the_length", framed(b"abc") + b"\1"
    yield "cut_within_the_message", framed(b"abc", b"d" * 40)[:-7]
    yield "longest", framed(bytes(range(256)) * 255 + bytes(255), b"x")
    yield "longest_but_one_octet", framed(b"\x80" * 0xFFFF)[:-1]
    yield "one_that_never_ends", b"\xff\xff" + bytes(70)
    yield "nothing_but_lengths", bytes(64)


def resolvers():
    pin = "pin-sha256=KgBoV/T71GnQmivxHXAsRS30ih8q9bQ+XzytF87sQIg="
    for number, text in enumerate([
            "", "192.0.2.1", "192.0.2.1@5353", "2001:db8::1", "fe80::1%eth0@53", "tls://192.0.2.1/dns.example",
            "tls://2001:db8::1@8853/DNS.Example.", "tls://192.0.2.1/" + pin, "tls://192.0.2.1", "tls://192.0.2.1/192.0.2.1",
            "tls://192.0.2.1/pin-sha256=AAAA", "192.0.2.1@0", "192.0.2.1/x", "tls://192.0.2.1/b\xc3\xbccher.example",
            "nameserver 192.0.2.1\nnameserver fe80::1%eth0\n", "; x\n\tnameserver\t192.0.2.1 # y\r\noptions edns0\n",
            "nameserver 192.0.2.1@53\nnameserver tls://192.0.2.1/a\nnameserver\n"]):
        yield f"{number:02}", text.encode("latin-1")


def session_tag():
    def part(octets):
        return struct.pack(">Q", len(octets)) + octets

    def binding(*rdatas):
        return (b"\0" + part(b"www.example") + struct.pack(">H", 443) + part(b"tcp") + bytes([1, 0, 0, 0]) + part(b"secure-usable") +
                part(b"www.example") + struct.pack(">Q", 1) + part(b"www.example") + struct.pack(">Q", len(rdatas)) +
                b"".join(part(rdata) for rdata in rdatas))

    def tag(bound, kind=1, version=3, length=None, expires=2**62):
        length = len(bound) if length is None else length
        return b"danelaw" + bytes([version, kind]) + struct.pack(">H", length) + bound + struct.pack(">q", expires)

    own = binding(tlsa(3, 1, 1, bytes(32)))
    yield "own", tag(own)
    yield "not_applicable", tag(own, kind=2)
    yield "unresumable", tag(own, kind=0)
    yield "unknown_kind", tag(own, kind=3)
    yield "older", tag(own, version=2)
    yield "expired", tag(own, expires=-1)
    yield "other_records", tag(binding(tlsa(3, 1, 1, bytes(31) + b"\1")))
    yield "digest", tag(b"\1" + hashlib.sha256(own).digest())
    yield "nothing_bound", tag(b"")
    yield "length_lies", tag(own, length=len(own) + 1)
    yield "longest_length", tag(own, length=0xFFFF)
    yield "cut", tag(own)[:-1]
    yield "longer", tag(own) + b"\0"
    yield "begins_alike", b"danelaw"
    yield "another_s", b"the application's own data"


def pins():
    first = "danelaw pins 1\n"
    www = "www.example 443 tcp 1800000000\n"
    for number, text in enumerate([
            "", first, first + www, first + www + "dns.example 853 udp 1\nwww.example 8443 tcp 9223372036854775807\n",
            first + www + www, first + www[:-1], "danelaw pins 2\n" + www, first + "www.example 0 tcp 1\n",
            first + "WWW.example 443 tcp 1\n", first + "www.example 443 sctp 1\n", first + "a 65535 tcp 01\n",
            first + "".join(f"h{n}.example 443 tcp {n + 1}\n" for n in range(300))]):
        yield f"{number:02}", text.encode()


def credential():
    yield "empty", b""
    yield "certificate_der", CERTIFICATE
    yield "key_der", KEY
    yield "tail", CERTIFICATE + b"x"
    yield "certificate_pem", pem("CERTIFICATE", CERTIFICATE)
    yield "chain", b"text\n" + pem("CERTIFICATE", CERTIFICATE) * 3
    yield "certificate_and_key", pem("CERTIFICATE", CERTIFICATE) + pem("PUBLIC KEY", KEY)
    yield "key_pem", pem("PUBLIC KEY", KEY)
    yield "wrong_label", pem("CERTIFICATE REQUEST", CERTIFICATE)
    yield "unknown_label", pem("FROB\x1b", CERTIFICATE)
    yield "trusted", pem("TRUSTED CERTIFICATE", CERTIFICATE + b"\x30\x00")
    yield "encrypted", pem("EC PRIVATE KEY", KEY, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF")
    yield "encrypted_pkcs8", pem("ENCRYPTED PRIVATE KEY", KEY)
    yield "parameters", pem("EC PARAMETERS", bytes.fromhex("06082a8648ce3d030107"))
    yield "cut", pem("CERTIFICATE", CERTIFICATE)[:-20]


def proof_ttl():
    def record(rr_type, rdata):
        return wire_name("_443._tcp.a.example") + struct.pack(">HHIH", rr_type, 1, 17, len(rdata)) + rdata

    def signature(covered, ttl):
        return record(46, struct.pack(">HBBIIIH", covered, 13, 4, ttl, 2, 1, 7) + wire_name("example") + bytes(64))

    yield "empty", b""
    yield "one", record(52, tlsa(3, 1, 1, bytes(32))) + signature(52, 3600)
    yield "several", signature(48, 9) + signature(52, 60) + signature(52, 4294967295) + signature(1, 0)
    yield "short_signature", record(46, b"\0\x34\x0d\4\0\0\1")
    yield "compressed", b"\xc0\x00" + signature(52, 60)
    yield "long_label", b"\x40" + bytes(64) + signature(52, 60)
    yield "length_lies", wire_name("a") + struct.pack(">HHIH", 46, 1, 1, 65535)


def watch_list():
    yield "hosts", b"# ours\nwww.example.org\nwww.example.org:8443   # another port\n[2001:db8::1]:443\n192.0.2.1\n"
    yield "starttls", b"imap.example.org:143 starttls=imap\nmx.example.org starttls=smtp\n"
    yield "mail", b"example.org mail\n[mx.example.org] mail\nexample.org\n"
    yield "twice", b"www.example.org\nWWW.example.org.:443\n"
    yield "idn", "b\u00fccher.example\n".encode()
    yield "words", b"www.example.org starttls=none\nwww.example.org mail mail\n"
    yield "no_end", b"www.example.org"
    yield "control", b"www.example.org\x1b[31m\nwww\0.example.org\n"


def watch_state():
    service = b'{"verdict": "rejected", "outcome": "secure-usable", "reason": "no-match", "since": 1800000000, "concerns": ["unmatched-record"]}'
    yield "one", b'{"format": "danelaw-watch-state-1", "services": {"www.example.org:443": ' + service + b"}}"
    yield "none", b'{"format": "danelaw-watch-state-1", "services": {}}'
    yield "list", b'{"format": "danelaw-watch-state-1", "services": [' + service + b"]}"
    yield "other_format", b'{"format": "danelaw-watch-state-2", "services": {}}'
    yield "long_ago", b'{"format": "danelaw-watch-state-1", "services": {"a": ' + service.replace(b"1800000000", b"-1e300") + b"}}"
    yield "not_unicode", b'{"format": "danelaw-watch-state-1", "services": {"\xff": ' + service + b"}}"


def fleet_entry():
    def sealed(name, proof, end=1_800_000_300, key=bytes([0xAA]) * 32):
        entry = b"danelaw-fleet 1\n" + struct.pack(">q", end) + proof
        return entry + hmac.new(key, struct.pack(">Q", len(name)) + name + entry, hashlib.sha256).digest()

    name = b"danelaw:0123456789abcdef"
    yield "empty", b"\0\0"
    yield "right", b"\0\0" + sealed(name, b"proof")
    yield "other_name", b"\0\0" + sealed(name[:-1], b"proof")
    yield "other_key", b"\0\0" + sealed(name, b"proof", key=bytes([0xBB]) * 32)
    yield "ended", b"\0\0" + sealed(name, b"proof", 1_800_000_000)
    yield "too_long", b"\0\0" + sealed(name, b"proof", 1_900_000_000)
    yield "no_time", b"\0\0" + sealed(name, b"proof", -1)
    yield "no_proof", b"\0\0" + sealed(name, b"")
    yield "cut", b"\0\0" + sealed(name, b"proof")[:-1]
    for place in (0, 40, 70, 200, 255):
        yield f"spoiled_{place}", bytes([1, place]) + b"what proves an answer"
    yield "spoiled_nothing", b"\1\0"


def redis_reply():
    yield "each", b"\0+PONG\r\n-ERR no\r\n$5\r\na\r\nbc\r\n$-1\r\n:7\r\n$0\r\n\r\n*-1\r\n"
    yield "list", b"\3*1\r\n$1\r\na\r\n"
    yield "long_list", b"\3*1000000000\r\n"
    yield "lists", b"\3" + b"*1\r\n" * 20
    yield "long", b"\1$2147483647\r\nabc"
    yield "negative", b"\1$-2\r\n:-\r\n"
    yield "http", b"\7HTTP/1.1 200 OK\r\n\r\n"
    yield "resp3", b"\7_\r\n#t\r\n,1.5\r\n(12\r\n%1\r\n"


def must_fail():
    yield "ascii", b"only octets below 0x80"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "corpus")
    for target in (caa_rdata, cert_rdata, explained_rdata, policyd_requests, sts_policy, referral, tlsa_rdata, tlsa_text, dns_name, dns_message, configuration, message_stream, resolvers, pins, session_tag, credential,
                   proof_ttl, watch_list, watch_state, fleet_entry, redis_reply, must_fail):
        directory = root / target.__name__
        directory.mkdir(parents=True, exist_ok=True)
        for name, octets in target():
            (directory / name).write_bytes(octets)


if __name__ == "__main__":
    main()
