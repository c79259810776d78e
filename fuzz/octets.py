"""What the corpora are put together from: TLSA rdata, DNS messages, PEM.

The certificate and the key protect nothing; they were made for this purpose, once, so that the corpora never change.
"""
import base64
import hashlib
import struct

# openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=a -days 3650 (no extensions)
CERTIFICATE = bytes.fromhex(
    "308201123081b902142e857b521a4fe6155062f63aa558926af3e53d5d300a06082a8648ce3d040302300c310a300806035504030c0161"
    "301e170d3236313132313030313934375a170d3336313131383030313934375a300c310a300806035504030c01613059301306072a8648"
    "ce3d020106082a8648ce3d030107034200046e265502b3844d349d097e6dd8f5b25942826132a0fafabd77927f3e929024fe65bd33d7dd"
    "2dbe6f79faef2c35ebff5604dbe9dcfd178ff555e0de55818d5ed0300a06082a8648ce3d0403020348003045022100f4cbf21152488997"
    "d265c561da906eaf3af8eafccdb19ea0feff35edac92560502205636e8cffc1b45e873dd5138d690ae02d04cdcb08c4a96d7bd8ab057ae"
    "5d50e5")
# Its SubjectPublicKeyInfo.
KEY = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d030107034200046e265502b3844d349d097e6dd8f5b25942826132a0fafabd77927f3e"
    "929024fe65bd33d7dd2dbe6f79faef2c35ebff5604dbe9dcfd178ff555e0de55818d5ed0")


def tlsa(usage, selector, matching_type, data):
    return bytes([usage, selector, matching_type]) + data


def presented(selector, matching_type):
    content = (CERTIFICATE, KEY)[selector]
    return (content, hashlib.sha256(content).digest(), hashlib.sha512(content).digest())[matching_type]


def row(*rdatas):
    return b"".join(struct.pack(">H", len(rdata)) + rdata for rdata in rdatas)


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


IN = 1
POINTER = b"\xc0\x0c"  # to the question's name


def message(*answers, question="www.example", qtype=52, authority=(), additional=(), flags=0x8180):
    header = struct.pack(">HHHHHH", 1, flags, 1, len(answers), len(authority), len(additional))
    return header + wire_name(question) + struct.pack(">HH", qtype, IN) + b"".join((*answers, *authority, *additional))


def record(rtype, rdata, owner=POINTER, ttl=3600):
    return owner + struct.pack(">HHIH", rtype, IN, ttl, len(rdata)) + rdata


def rrsig(covered):
    return record(46, struct.pack(">HBBIIIH", covered, 13, 2, 3600, 0x70000000, 0x60000000, 20326) + wire_name("example")
                  + bytes(64))


def pem(label, octets, header=""):
    text = base64.encodebytes(octets).decode().replace("\n", "")
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *([header, ""] if header else []), *lines, f"-----END {label}-----", ""]).encode()
