"""danelaw tlsa: records of files and live servers, against golden files, other makers of records, and the tool itself."""

import itertools
import shutil
import subprocess

import golden
import tlsa_rollover
from harness import Run
from pki import openssl
from servers import Server, context_for

PARAMETERS = list(itertools.product((0, 1, 2, 3), (0, 1), (0, 1, 2)))

GOLDEN = [
    ('certificate', ['tlsa', 'old.pem']),
    ('der', ['tlsa', 'old.der', '--service', 'www.example.com']),
    ('key', ['tlsa', 'old.pub', '--service', 'www.example.com:8443/udp', '--ttl', '300']),
    ('request', ['tlsa', 'old.csr', '--mx', 'mx.example.com']),
    ('two_kinds', ['tlsa', 'old-chain.pem', '--record', '3', '1', '1', '--record', '2', '1', '1', '--service', 'www.example.com']),
    ('two_certificates', ['tlsa', 'old.pem', 'new.pem', '--service', 'www.example.com']),
    ('several_services', ['tlsa', 'old.pem', '--port', '853', '--service', 'bücher.example', '--service', 'WWW.Example.COM.:443',
                          '--mx', 'mx1.example.com', '--mx', 'mx1.example.com', '--service', 'a.example/sctp']),
    ('generic', ['tlsa', 'old.pem', '--format', 'generic', '--service', 'www.example.com']),
    ('generic_alone', ['tlsa', 'old.pem', '--format', 'generic']),
    ('nsupdate', ['tlsa', 'old.pem', '--format', 'nsupdate', '--service', 'www.example.com']),
    ('nsupdate_replace', ['tlsa', 'old.pem', '--format', 'nsupdate', '--replace', '--server', '192.0.2.1', '--zone', 'example.com',
                          '--service', 'www.example.com', '--service', 'a.example.com:25']),
    ('warn_full_certificate', ['tlsa', 'old.pem', '--record', '3', '0', '0']),
    ('warn_pkix', ['tlsa', 'old-chain.pem', '--record', '1', '1', '1', '--record', '0', '0', '1', '--service', 'www.example.com']),
    ('warn_pkix_mail', ['tlsa', 'old-chain.pem', '--record', '1', '1', '1', '--mx', 'www.example.com']),
    ('warn_sha512', ['tlsa', 'old.pub', '--record', '3', '1', '2']),
    ('both_digests', ['tlsa', 'old.pub', '--record', '3', '1', '2', '--record', '3', '1', '1']),
    ('warn_anchor', ['tlsa', 'old-root.pem', '--record', '2', '1', '1', '--record', '2', '0', '1']),
    ('warn_end_entity_is_ca', ['tlsa', 'old-ca.pem']),
    ('warn_names', ['tlsa', 'old-chain.pem', '--record', '2', '1', '1', '--service', 'other.example']),
    ('warn_order', ['tlsa', 'bundle.pem', '--record', '2', '1', '1']),
    ('no_anchor', ['tlsa', 'old.pem', '--record', '2', '1', '1']),
    ('no_certificate', ['tlsa', 'old.csr', '--record', '3', '0', '1']),
]


def warnings_of(run):
    return [warning['code'] for warning in run.object()['warnings']]


def every_kind_of_record(tool, w, checks):
    """R6698-2.1b: all twenty-four, held against what openssl and hashlib make of the same certificates."""
    chain = w.write('tlsa-chain.pem', w.leaf.pem + w.intermediate.pem)
    for parameters in PARAMETERS:
        wanted = (w.leaf if parameters[0] in (1, 3) else w.intermediate).record(*parameters)
        run = Run([tool, 'tlsa', chain, '--record', *parameters])
        checks.equal(f'R6698-2.1b: {parameters}', run.out, wanted + '\n', run)
        generic = Run([tool, 'tlsa', chain, '--format', 'generic', '--record', *parameters])
        octets = bytes(parameters) + bytes.fromhex(wanted.split()[3])
        checks.equal(f'R6698-2.2a: {parameters}, generic', generic.out, f'\\# {len(octets)} {octets.hex()}\n', generic)


def every_kind_of_file(tool, w, checks):
    """One key, in all the files that it comes in: one record."""
    key = w.leaf.key_file
    request = openssl('req', '-new', '-key', key, '-subj', '/CN=x')
    rsa = openssl('genrsa', '2048')
    rows = {
        'PEM certificate': w.leaf.pem.encode(),
        'text before it': b'subject=x\n0 s: y\n' + w.leaf.pem.encode(),
        'DER certificate': w.leaf.der,
        'trusted certificate': openssl('x509', '-in', w.leaf.file, '-trustout'),
        'PEM request': request,
        'DER request': openssl('req', '-outform', 'DER', stdin=request),
        'new request': request.replace(b'CERTIFICATE REQUEST', b'NEW CERTIFICATE REQUEST'),
        'PEM public key': openssl('pkey', '-in', key, '-pubout'),
        'DER public key': w.leaf.spki,
        'EC key': openssl('ec', '-in', key),
        'EC key with its parameters': openssl('ecparam', '-name', 'prime256v1') + openssl('ec', '-in', key),
        'PKCS #8': openssl('pkcs8', '-topk8', '-nocrypt', '-in', key),
        'DER PKCS #8': openssl('pkcs8', '-topk8', '-nocrypt', '-in', key, '-outform', 'DER'),
        'DER EC key': openssl('ec', '-in', key, '-outform', 'DER'),
        'certificate and key': w.leaf.pem.encode() + openssl('pkey', '-in', key),
        'key and certificate': openssl('pkey', '-in', key) + w.leaf.pem.encode(),
        'CR LF': w.leaf.pem.replace('\n', '\r\n').encode(),
    }
    wanted = w.leaf.record(3, 1, 1) + '\n'
    for what, octets in rows.items():
        run = Run([tool, 'tlsa', w.write('tlsa-input', octets)])
        checks.equal(f'{what}: the record', run.out, wanted, run)
        checks.equal(f'{what}: standard input', Run([tool, 'tlsa', '-'], stdin=octets).out, wanted)
    rsa_rows = {'PKCS #1': openssl('rsa', '-traditional', stdin=rsa), 'PKCS #8': rsa,
                'public PKCS #1': openssl('rsa', '-RSAPublicKey_out', stdin=rsa)}
    for what, octets in rsa_rows.items():
        spki = openssl('pkey', '-pubout', '-outform', 'DER', stdin=rsa)
        run = Run([tool, 'tlsa', '-', '--record', '3', '1', '0'], stdin=octets)
        checks.equal(f'RSA {what}', run.out, f'3 1 0 {spki.hex()}\n', run)
        run = Run([tool, 'tlsa', '-', '--json', '--record', '3', '1', '0'], stdin=octets)
        checks.equal(f'R7671-10.1a: RSA {what}: a whole key is advised against', warnings_of(run), ['full-key'])


def bad_files(w):
    """what, octets, a word that the line must have"""
    pem, der = w.leaf.pem.encode(), w.leaf.der
    key = openssl('pkey', '-in', w.leaf.key_file)
    request = openssl('req', '-new', '-key', w.leaf.key_file, '-subj', '/CN=x')
    yield 'empty', b'', 'empty'
    yield 'garbage', bytes(range(256)) * 4, 'neither PEM nor whole DER'
    yield 'text', b'hello\n', 'neither PEM'
    yield 'DER cut short', der[:-1], 'neither PEM nor whole DER'
    yield 'DER with a tail', der + b'\n', '1 octets follow'
    yield 'two DER certificates', der + der, 'octets follow'
    yield 'DER key with a tail', w.leaf.spki + b'x', '1 octets follow'
    yield 'PEM cut short', pem[:-30], 'damaged or cut short'
    yield 'PEM without its end', pem[:100], 'damaged or cut short'
    yield 'PEM with other letters', pem.replace(b'M', b'!'), 'damaged or cut short'
    yield 'PEM with a tail inside', b'-----BEGIN CERTIFICATE-----\n' + subprocess.run(
        ['base64'], input=der + b'xyz', capture_output=True, check=True).stdout + b'-----END CERTIFICATE-----\n', '3 octets follow'
    yield 'a wrong label', pem.replace(b' CERTIFICATE', b' PUBLIC KEY'), 'damaged or cut short'
    yield 'labels that differ', pem.replace(b'END CERTIFICATE', b'END PUBLIC KEY'), 'damaged'
    yield 'an unknown label', pem.replace(b' CERTIFICATE', b' FROBNICATION'), '"FROBNICATION"'
    yield 'a label with control characters', pem.replace(b' CERTIFICATE', b' A\x1b[2J'), r'\x1b'
    yield 'a revocation list', pem.replace(b' CERTIFICATE', b' X509 CRL'), '"X509 CRL"'
    yield 'an OpenSSH key', pem.replace(b' CERTIFICATE', b' OPENSSH PRIVATE KEY'), 'OPENSSH'
    yield 'an encrypted PKCS #8 key', openssl('pkcs8', '-topk8', '-in', w.leaf.key_file, '-passout', 'pass:x'), 'is encrypted'
    yield 'the same in DER', openssl('pkcs8', '-topk8', '-in', w.leaf.key_file, '-passout', 'pass:x', '-outform', 'DER'), 'is encrypted'
    yield 'an encrypted EC key', openssl('ec', '-in', w.leaf.key_file, '-aes128', '-passout', 'pass:x'), 'is encrypted'
    yield 'PKCS #12', openssl('pkcs12', '-export', '-in', w.leaf.file, '-inkey', w.leaf.key_file, '-passout', 'pass:x'), 'PKCS#12'
    yield 'PKCS #7', openssl('crl2pkcs7', '-nocrl', '-certfile', w.leaf.file), '"PKCS7"'
    yield 'a strange key', pem + openssl('pkey', '-in', w.other_leaf.key_file), 'not that of the first certificate'
    yield 'two keys', key + key, 'more than one key'
    yield 'two requests', request + request, 'more than one request'
    yield 'parameters alone', openssl('ecparam', '-name', 'prime256v1'), 'no certificate, request or key'
    yield 'many certificates', pem * 65, 'more than 64'
    yield 'a huge file', b'\x30' * (1 << 20) + b'x', 'longer than'


def bad_input(tool, w, checks):
    for what, octets, word in bad_files(w):
        path = w.write('tlsa-bad', octets)
        for words in ([path], [path, '--json'], [path, '--service', 'a.example', '--format', 'nsupdate']):
            run = Run([tool, 'tlsa', *words])
            checks.one_line_and_exit(f'bad file: {what}', run, 2)
            checks.that(f'bad file: {what}: the words', word in run.err and path in run.err, run)
    good = w.leaf.file
    rows = [[], ['/nonexistent/x'], [w.directory], [''], ['-', '-'], [good, '--from', 'a.example'], [good, '--starttls', 'smtp'],
            ['--from', '127.0.0.1', '--starttls', 'gopher'], [good, '--record', '3', '1'], [good, '--record', '4', '1', '1'],
            [good, '--record', '3', '2', '1'], [good, '--record', '3', '1', '3'], [good, '--record', '3', '1', '-1'],
            [good, '--record', 'x', '1', '1'], [good, '--ttl', '2147483648'], [good, '--ttl', '-1'], [good, '--ttl', ''],
            [good, '--format', 'bind'], [good, '--format', 'nsupdate'], [good, '--replace'], [good, '--zone', 'example'],
            [good, '--server', 'a.example'], [good, '--port', '0'], [good, '--port', '65536'], [good, '--port', 'https'],
            [good, '--service', '192.0.2.1'], [good, '--service', '[2001:db8::1]:443'], [good, '--service', '2001:db8::1'],
            [good, '--service', 'a..b'], [good, '--service', ''], [good, '--service', 'a.example:0'],
            [good, '--service', 'a.example/quic'], [good, '--service', 'a.example/'], [good, '--service', 'https://a.example/'],
            [good, '--service', 'a b.example'], [good, '--service', ('a' * 63 + '.') * 3 + 'b' * 61],
            [good, '--mx', 'a.example:25'], [good, '--mx', '192.0.2.1'],
            [good, '--format', 'nsupdate', '--service', 'a.example', '--zone', '192.0.2.1'],
            [good, '--format', 'nsupdate', '--service', 'a.example', '--server', 'a..b'],
            [good, '--format', 'nsupdate', '--service', 'a.example', '--zone', 'b.example'],
            [good, '--format', 'nsupdate', '--service', 'aexample', '--zone', 'example']]
    for words in rows:
        checks.one_line_and_exit('tlsa ' + ' '.join(words), Run([tool, 'tlsa', *words]), 2)


def live_servers(tool, w, checks):
    with Server(context_for(w.leaf, w.intermediate)) as server:
        where = f'127.0.0.1:{server.port}'
        run = Run([tool, 'tlsa', '--from', where, '--record', '3', '1', '1', '--record', '2', '0', '1'])
        checks.equal('a live server', run.out, w.leaf.record(3, 1, 1) + '\n' + w.intermediate.record(2, 0, 1) + '\n', run)
        checks.that('it was taken at its word, and no more is said', 'at its word' in run.err and run.err.count('\n') == 1, run)
        run = Run([tool, 'tlsa', '--from', f'localhost:{server.port}', '--json'])
        checks.equal('its own service is the owner', run.object()['owners'], [f'_{server.port}._tcp.localhost'], run)
    speak = lambda sock: sock.sendall(b'220 x\r\n') or sock.recv(999) and (
        sock.sendall(b'250-x\r\n250 STARTTLS\r\n') or sock.recv(999) and (sock.sendall(b'220 go\r\n') or True))
    with Server(context_for(w.leaf), speak) as server:
        run = Run([tool, 'tlsa', '--from', f'127.0.0.1:{server.port}', '--starttls', 'smtp'])
        checks.equal('a mail server', run.out, w.leaf.record(3, 1, 1) + '\n', run)
    with Server(None, lambda sock: sock.sendall(b'hello') and False) as server:
        checks.one_line_and_exit('no TLS', Run([tool, 'tlsa', '--from', f'127.0.0.1:{server.port}']), 4)
    below = Run([tool, 'tlsa', w.leaf.file, '--format', 'nsupdate', '--service', 'a.example', '--zone', '_tcp.a.example'])
    checks.that('a zone may be cut below the host', below.code == 0 and 'zone _tcp.a.example.' in below.out, below)
    checks.one_line_and_exit('nobody there', Run([tool, 'tlsa', '--from', f'127.0.0.1:{server.port}']), 4)


def by_danetool(tool, w, checks):
    """Every usage and selector, by digest. It makes no record of the whole certificate or key, and says so."""
    if not shutil.which('danetool'):
        checks.that('danetool is there', False, 'scripts/deps test installs it')
        return
    chain = w.write('tlsa-chain.pem', w.leaf.pem + w.intermediate.pem)
    for usage, selector, kind in PARAMETERS:
        words = ['danetool', '--tlsa-rr', '--host', 'www.example.com', '--port', '443', '--proto', 'tcp', '--load-certificate',
                 (w.leaf if usage in (1, 3) else w.intermediate).file, '--hash', {0: 'NONE', 1: 'SHA256', 2: 'SHA512'}[kind]]
        words += ['--x509'] if selector == 0 else []
        words += ['--ca'] if usage in (0, 2) else []
        words += ['--domain'] if usage in (2, 3) else ['--no-domain']
        theirs = Run(words)
        if kind == 0:
            checks.that(f'danetool: {usage} {selector} 0 is none that it makes', theirs.code != 0 and 'TLSA' not in theirs.out, theirs)
            continue
        ours = Run([tool, 'tlsa', chain, '--record', usage, selector, kind, '--format', 'generic'])
        checks.that(f'danetool: {usage} {selector} {kind}', f'({ours.out.split()[2]})' in theirs.out.lower().replace(' ', ''),
                    f'{theirs}\n    ours {ours}')


def by_ldns_dane(tool, w, checks):
    """Every usage, selector and matching type. The path of usages 0 and 1 it verifies itself; -o counts from the path's end."""
    if not shutil.which('ldns-dane'):
        checks.that('ldns-dane is there', False, 'scripts/deps test installs it')
        return
    chain = w.write('tlsa-chain.pem', w.leaf.pem + w.intermediate.pem)
    how = {0: ['-f', w.root.file, '-o', '1'], 1: ['-f', w.root.file], 2: ['-s', '-o', '0'], 3: []}
    for usage, selector, kind in PARAMETERS:
        theirs = Run(['ldns-dane', '-c', chain, '-n', *how[usage], 'create', 'www.example.com.', '443', usage, selector, kind])
        ours = Run([tool, 'tlsa', chain, '--record', usage, selector, kind])
        checks.that(f'ldns-dane: {usage} {selector} {kind}', theirs.code == 0 and
                    ' '.join(theirs.out.lower().split()).endswith(f'in tlsa {ours.out.strip()}'), f'{theirs}\n    ours {ours}')


def other_makers(tool, w, checks):
    """The same records as danetool, ldns-dane and dnspython make."""
    by_danetool(tool, w, checks)
    by_ldns_dane(tool, w, checks)
    script = '''
import sys, dns.zone, dns.rdatatype
zone = dns.zone.from_text(sys.stdin.read(), origin='.', relativize=False, check_origin=False)
for name, _, rdata in zone.iterate_rdatas(dns.rdatatype.TLSA):
    print(name, rdata.to_text().lower())
'''
    python = '/usr/bin/python3'  # Debian's, which has Debian's dnspython
    if subprocess.run([python, '-c', 'import dns'], capture_output=True).returncode != 0:
        checks.that('dnspython is there', False, 'scripts/deps test installs it')
        return
    for form in ('zone', 'generic'):
        for usage, selector, kind in PARAMETERS:
            chain = w.write('tlsa-chain.pem', w.leaf.pem + w.intermediate.pem)
            ours = Run([tool, 'tlsa', chain, '--format', form, '--record', usage, selector, kind, '--service', 'www.example.com'])
            theirs = Run([python, '-c', script], stdin=ours.out.encode())
            want = (w.leaf if usage in (1, 3) else w.intermediate).record(usage, selector, kind)
            checks.equal(f'dnspython reads {form}: {usage} {selector} {kind}', ''.join(theirs.out.split()), f'_443._tcp.www.example.com.{want}'.replace(' ', ''),
                         f'{theirs}\n    {ours}')


def nsupdate_reads_it(tool, w, checks):
    """nsupdate(1) makes a message of it; `show` instead of `send` keeps that at home."""
    chain = w.write('tlsa-chain.pem', w.leaf.pem + w.intermediate.pem)
    for usage, selector, kind in PARAMETERS:
        ours = Run([tool, 'tlsa', chain, '--record', usage, selector, kind, '--service', 'www.example.com', '--format', 'nsupdate',
                    '--replace', '--zone', 'example.com', '--server', '127.0.0.1'])
        shown = Run(['nsupdate'], stdin=ours.out.replace('\nsend\n', '\nshow\n').encode())
        words = ''.join(shown.out.split()).lower()
        want = (w.leaf if usage in (1, 3) else w.intermediate).record(usage, selector, kind).replace(' ', '')
        checks.that(f'nsupdate: {usage} {selector} {kind}', shown.code == 0 and f'_443._tcp.www.example.com.3600intlsa{want}' in words and
                    '_443._tcp.www.example.com.0anytlsa' in words and ';example.com.insoa' in words, f'{shown}\n    {ours}')


def own_records_match(tool, w, checks):
    """What is made of a chain, the chain is authenticated by, and another that is as good is not. Usages 0 and 1 want a trusted CA, too."""
    trusted = w.write('tlsa-trusted.pem', w.root.pem + w.other_root.pem)
    own, other = w.write('tlsa-own.pem', w.leaf.pem + w.intermediate.pem), w.write('tlsa-other.pem', w.other_leaf.pem)
    for usage, selector, kind in PARAMETERS:
        made = Run([tool, 'tlsa', own, '--record', usage, selector, kind])
        words = ['--tlsa', w.records_file(made.out), '--name', 'www.example.com']
        by_ca = ['--ca-file', trusted] if usage in (0, 1) else []
        run = Run([tool, 'verify-chain', '--chain', own, *words, *by_ca])
        checks.that(f'verify-chain takes what tlsa made: {usage} {selector} {kind}', run.code == 0, f'{run}\n    {made}')
        run = Run([tool, 'verify-chain', '--chain', other, *words, *by_ca])
        checks.that(f'and nobody else: {usage} {selector} {kind}', run.code == 1, run)
        if usage in (0, 1):
            run = Run([tool, 'verify-chain', '--chain', own, *words])
            checks.that(f'nor by the record alone: {usage} {selector} {kind}', run.code == 1, run)


def run_all(tool, w, checks):
    golden.check_all(tool, checks, GOLDEN + tlsa_rollover.GOLDEN)
    tlsa_rollover.run_all(tool, w, checks)
    every_kind_of_record(tool, w, checks)
    every_kind_of_file(tool, w, checks)
    bad_input(tool, w, checks)
    live_servers(tool, w, checks)
    other_makers(tool, w, checks)
    nsupdate_reads_it(tool, w, checks)
    own_records_match(tool, w, checks)
