# SPDX-License-Identifier: Apache-2.0
"""The world's certificates, made by openssl, and the TLSA association data of them (RFC 6698 section 2.1).

Authorities: `public-root` and `public-intermediate`, which the sandbox trusts; `private-root` and
`private-intermediate`, which are in no store; `other-root`, a stranger to everybody.
"""

import base64
import hashlib
import os
import pathlib

from tools import run

AUTHORITIES = {
    "public-root": None,
    "public-intermediate": "public-root",
    "private-root": None,
    "private-intermediate": "private-root",
    "other-root": None,
}

_CONFIG = """\
[req]
distinguished_name = name
prompt = no
string_mask = utf8only
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = ${ENV::SAN}
[ca]
default_ca = expired
[expired]
default_md = sha256
rand_serial = yes
policy = any
[any]
commonName = supplied
"""
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Pki:
    """Certificates and keys in one directory, which may be there: NAME.pem and NAME.key."""

    def __init__(self, directory):
        self._directory = pathlib.Path(directory)
        self._directory.mkdir(exist_ok=True)
        self._config = self._directory / "openssl.cnf"
        self._config.write_text(_CONFIG)

    def certificate(self, name):
        return self._directory / f"{name}.pem"

    def key(self, name):
        return self._directory / f"{name}.key"

    def make_authorities(self):
        for name, issuer in AUTHORITIES.items():
            self._request(name, issuer, f"/O=Danelaw world/CN={name}", "authority", san="")

    def make_leaf(self, name, issuer, names, expired):
        """A certificate for `names`; `issuer` None makes it self-signed."""
        san = ",".join(f"DNS:{dns_name}" for dns_name in names)
        subject = f"/CN={names[0][:64]}"
        if expired:
            self._expired(name, issuer, subject, san)
        else:
            self._request(name, issuer, subject, "leaf", san)

    def write_chain(self, file_name, names):
        path = self._directory / file_name
        path.write_text("".join(self.certificate(name).read_text() for name in names))
        return path

    def association(self, selector, matching_type, name):
        """The hex data of a TLSA record with these parameters for the certificate `name`."""
        certificate = _der(self.certificate(name))
        selected = certificate if selector == 0 else subject_public_key_info(certificate)
        digest = {0: lambda data: data.hex(), 1: _hex_digest("sha256"), 2: _hex_digest("sha512")}
        return digest[matching_type](selected)

    def make_system_store(self, directory):
        """What the sandbox has for /etc/ssl/certs: the public root, as a bundle and by its hash."""
        directory.mkdir()
        root = self.certificate("public-root")
        subject_hash = run("openssl", "x509", "-noout", "-hash", "-in", str(root)).strip()
        for file_name in ("ca-certificates.crt", f"{subject_hash}.0"):
            (directory / file_name).write_text(root.read_text())
        return directory

    def _request(self, name, issuer, subject, extensions, san):
        signer = ()
        if issuer is not None:
            signer = ("-CA", str(self.certificate(issuer)), "-CAkey", str(self.key(issuer)))
        run("openssl", "req", "-x509", *_NEW_KEY, *signer, "-days", "30", "-subj", subject, "-config",
            str(self._config), "-extensions", extensions, "-keyout", str(self.key(name)), "-out",
            str(self.certificate(name)), environment={"SAN": san})

    def _expired(self, name, issuer, subject, san):
        """`req` and `x509` cannot date back; `ca` can, at the price of a database."""
        request = self._directory / f"{name}.csr"
        database = self._directory / f"{name}.database"
        database.touch()
        run("openssl", "req", "-new", *_NEW_KEY, "-subj", subject, "-config", str(self._config), "-keyout",
            str(self.key(name)), "-out", str(request), environment={"SAN": san})
        issued_by = ("-cert", str(self.certificate(issuer)), "-keyfile", str(self.key(issuer)))
        config = self._directory / f"{name}.cnf"
        config.write_text(_CONFIG.replace("[expired]\n", f"[expired]\ndatabase = {database}\n"))
        run("openssl", "ca", "-batch", "-notext", "-in", str(request), *issued_by, "-startdate",
            "20200101000000Z", "-enddate", "20200201000000Z", "-config", str(config), "-extensions", "leaf",
            "-out", str(self.certificate(name)), "-outdir", os.fspath(self._directory), environment={"SAN": san})


def subject_public_key_info(certificate):
    """The DER SubjectPublicKeyInfo within a DER certificate (RFC 5280 section 4.1)."""
    tbs_certificate = _contents(_contents(certificate))
    fields = list(_elements(tbs_certificate))
    if fields[0][0] == 0xA0:  # the explicit version, absent from version 1
        fields.pop(0)
    serial, signature, issuer, validity, subject, public_key = fields[:6]
    return public_key


def _elements(octets):
    while octets:
        header, length = _header(octets)
        yield octets[: header + length]
        octets = octets[header + length :]


def _contents(octets):
    header, length = _header(octets)
    return octets[header : header + length]


def _header(octets):
    """Lengths of an element's tag and length octets, and of its contents; tags here are one octet."""
    if octets[1] < 0x80:
        return 2, octets[1]
    count = octets[1] & 0x7F
    return 2 + count, int.from_bytes(octets[2 : 2 + count], "big")


def _der(path):
    lines = path.read_text().split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    return base64.b64decode(lines)


def _hex_digest(algorithm):
    return lambda data: hashlib.new(algorithm, data).hexdigest()
