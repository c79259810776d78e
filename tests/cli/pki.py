"""Certificates made with the openssl program, and the TLSA records that fit them."""

import hashlib
import os
import ssl
import subprocess

CA = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n'
LEAF = 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n'


def openssl(*arguments, stdin=b''):
    return subprocess.run(['openssl', *arguments], input=stdin, check=True, capture_output=True).stdout


class Certificate:
    """A certificate and its key; `parent` signs it, without one it signs itself."""

    def __init__(self, directory, name, parent=None, ca=False, alternative_names=(), days=30):
        base = os.path.join(directory, name)
        self.name, self.parent = name, parent
        self.key_file, self.file = base + '.key', base + '.pem'
        openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', self.key_file)
        extensions = CA if ca else LEAF
        if alternative_names:
            extensions += 'subjectAltName=' + ','.join('DNS:' + n for n in alternative_names) + '\n'
        with open(base + '.ext', 'w') as file:
            file.write(extensions)
        request = openssl('req', '-new', '-key', self.key_file, '-subj', '/CN=' + name)
        signer = ['-signkey', self.key_file] if parent is None else ['-CA', parent.file, '-CAkey', parent.key_file,
                                                                     '-CAcreateserial']
        openssl('x509', '-req', '-days', str(days), '-extfile', base + '.ext', '-out', self.file, *signer,
                stdin=request)
        with open(self.file) as file:
            self.pem = file.read()
        self.der = ssl.PEM_cert_to_DER_cert(self.pem)
        self.spki = openssl('pkey', '-pubin', '-outform', 'DER',
                            stdin=openssl('x509', '-in', self.file, '-noout', '-pubkey'))

    def record(self, usage, selector, matching_type):
        data = self.der if selector == 0 else self.spki
        if matching_type == 1:
            data = hashlib.sha256(data).digest()
        if matching_type == 2:
            data = hashlib.sha512(data).digest()
        return f'{usage} {selector} {matching_type} {data.hex()}'


class World:
    """root → intermediate → leaf, and what goes wrong beside it."""

    def __init__(self, directory):
        self.directory = directory
        make = lambda name, **more: Certificate(directory, name, **more)
        self.root = make('root', ca=True)
        self.intermediate = make('intermediate', parent=self.root, ca=True)
        self.leaf = make('leaf', parent=self.intermediate, alternative_names=['www.example.com'])
        self.wild = make('wild', parent=self.intermediate, alternative_names=['*.example.com'])
        self.nameless = make('www.example.com', parent=self.intermediate)
        self.self_signed = make('self-signed', alternative_names=['www.example.com'])
        self.other_root = make('other-root', ca=True)
        self.other_leaf = make('other-leaf', parent=self.other_root, alternative_names=['www.example.com'])

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, 'wb' if isinstance(text, bytes) else 'w') as file:
            file.write(text)
        return path

    def chain_file(self, *certificates):
        return self.write('chain.pem', ''.join(c.pem for c in certificates))

    def records_file(self, *records):
        return self.write('records.txt', ''.join(r + '\n' for r in records))
