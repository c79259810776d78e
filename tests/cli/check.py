"""`danelaw check` against servers on the loopback, with records from a file: no DNS is asked."""

import contextlib
import os
import socket
import ssl
import threading
import time

from harness import Run
from servers import LOOPBACK, Server, context_for

NAME = 'www.example.com'
KEYS = {'service', 'verdict', 'outcome', 'fault', 'reason', 'reason_text', 'base_domain', 'source', 'addresses', 'records',
        'hint'}
ADDRESS_KEYS = {'address', 'connected', 'verdict', 'reason', 'accepted', 'verify_result', 'match_depth', 'record',
                'matched_name', 'chain', 'source', 'dnssec_chain', 'protocol', 'error'}
AUTHENTICATED, REJECTED, USAGE, NOT_APPLICABLE, UNDECIDED = 0, 1, 2, 3, 4


def check(tool, w, port, records, *options, name=NAME, timeout=2000, env=None):
    return Run([tool, 'check', '--json', '--records', w.records_file(*records), '--address', LOOPBACK, '--timeout',
                timeout, *options, f'{name}:{port}'], env=env)


def verdict_rows(w):
    """what, records, options, exit, verdict, reason."""
    right, wrong = w.leaf.record(3, 1, 1), '3 1 1 ' + '00' * 32
    ca = ['--ca-file', w.root.file]
    yield 'usage 3 matches', [right], [], AUTHENTICATED, 'authenticated', 'matched'
    yield 'usage 2 matches', [w.intermediate.record(2, 0, 1)], [], AUTHENTICATED, 'authenticated', 'matched'
    yield 'usage 1 with a store', [w.leaf.record(1, 1, 1)], ca, AUTHENTICATED, 'authenticated', 'matched'
    yield 'usage 1 without', [w.leaf.record(1, 1, 1)], [], REJECTED, 'rejected', 'chain-invalid'
    yield 'no match', [wrong], [], REJECTED, 'rejected', 'no-match'
    yield 'no match, trusted by PKIX', [wrong], ca, REJECTED, 'rejected', 'no-match'
    yield 'no usable record', ['3 1 1 00'], ca, NOT_APPLICABLE, 'not-applicable', 'no-usable-record'
    yield 'no usable record, mandatory', ['3 1 1 00'], [*ca, '--mode', 'mandatory'], REJECTED, 'rejected', None
    yield 'mode off', [wrong], [*ca, '--mode', 'off'], NOT_APPLICABLE, 'not-applicable', None
    yield 'smtp does not use usage 1', [w.leaf.record(1, 1, 1)], [*ca, '--profile', 'smtp'], NOT_APPLICABLE, None, None


def run_all(tool, w, checks):
    with Server(context_for(w.leaf, w.intermediate)) as server:
        for what, records, options, code, verdict, reason in verdict_rows(w):
            run = check(tool, w, server.port, records, *options)
            got = run.object() if run.out else {}
            checks.equal(f'check: {what}', run.code, code, run)
            checks.that(f'check: {what}: verdict', verdict in (None, got.get('verdict')), run)
            checks.that(f'check: {what}: reason', reason in (None, got.get('reason')), run)
        names(tool, w, checks, server.port)
        shape(tool, w, checks, server.port)
        ordinary_verification(tool, w, checks, server.port)
        unauthenticated_mail(tool, w, checks, server.port)
        trust_store_is_left_alone(tool, w, checks, server.port)
        services_without_tlsa(tool, w, checks, server.port)
        versions(tool, w, checks, server.port)
    broken_servers(tool, w, checks)
    stolen_certificate(tool, w, checks)
    closed_port(tool, w, checks)
    escape_sequences(tool, w, checks)


def names(tool, w, checks, port):
    record = w.leaf.record(3, 1, 1)
    run = check(tool, w, port, [record], name='other.example')
    checks.equal('R7671-5.1a: the generic profile compares names', (run.code, run.object()['reason']),
                 (REJECTED, 'dane-ee-name-mismatch'), run)
    for options in (['--dane-ee-no-namecheck'], ['--profile', 'smtp'], ['--profile', 'srv']):
        run = check(tool, w, port, [record], *options, name='other.example')
        checks.equal('R7671-5.1a: no names with ' + ' '.join(options), run.code, AUTHENTICATED, run)


def shape(tool, w, checks, port):
    right = w.leaf.record(3, 1, 1)
    run = check(tool, w, port, ['3 1 1 ' + '00' * 32, right])
    got = run.object()
    checks.equal('one line of JSON and nothing else', (len(run.out.splitlines()), run.err), (1, ''), run)
    checks.equal('the keys', set(got), KEYS, run)
    checks.equal('the service', got['service'], f'{NAME}:{port}', run)
    checks.equal('the base domain', got['base_domain'], NAME, run)
    checks.equal('the outcome', got['outcome'], 'secure-usable', run)
    checks.equal('one entry per address', [a['address'] for a in got['addresses']], [LOOPBACK], run)
    address = got['addresses'][0]
    checks.equal('the keys of an address', set(address), ADDRESS_KEYS, run)
    for key, value in (('connected', True), ('verdict', 'authenticated'), ('verify_result', 0), ('match_depth', 0),
                       ('record', right), ('matched_name', NAME), ('protocol', 'TLSv1.3'), ('error', None),
                       ('source', 'application'), ('dnssec_chain', None)):
        checks.equal(f'address: {key}', address[key], value, run)
    checks.equal('one entry per record', [r['matched_depth'] for r in got['records']], [-1, 0], run)
    text = Run([tool, 'check', '--records', w.records_file(right), '--address', LOOPBACK, f'{NAME}:{port}'])
    checks.that('text for people', text.code == 0 and text.out.startswith(f'{NAME}:{port}  authenticated\n'), text)
    checks.that('text has no colour off a terminal', '\x1b' not in text.out, text)


def ordinary_verification(tool, w, checks, port):
    run = check(tool, w, port, [], '--ca-file', w.root.file)
    address = run.object()['addresses'][0]
    checks.equal('without a record PKIX is reported: accepted', (run.code, address['verify_result'], address['accepted']),
                 (NOT_APPLICABLE, 0, True), run)
    run = check(tool, w, port, [], '--ca-file', w.other_root.file)
    address = run.object()['addresses'][0]
    checks.equal('without a record PKIX is reported: refused', (run.code, address['verify_result'], address['accepted']),
                 (NOT_APPLICABLE, 20, False), run)
    run = check(tool, w, port, [], '--ca-file', w.root.file, name='other.example')
    checks.equal('ordinary verification compares the name', run.object()['addresses'][0]['verify_result'], 62, run)
    run = check(tool, w, port, [], env={'SSL_CERT_FILE': w.root.file, 'SSL_CERT_DIR': '/nonexistent'})
    checks.equal('the system store is used where PKIX decides', run.object()['addresses'][0]['verify_result'], 0, run)


def unauthenticated_mail(tool, w, checks, port):
    """RFC 7672 section 2.2: encrypted and not authenticated, whatever ordinary verification would say."""
    for ca in (w.root, w.other_root):
        run = check(tool, w, port, ['3 1 1 00'], '--profile', 'smtp', '--ca-file', ca.file)
        got = run.object()
        checks.equal('R7672-2.2a: nothing but unusable records',
                     (run.code, got['outcome'], got['reason'], got['addresses'][0]['accepted']),
                     (NOT_APPLICABLE, 'secure-unusable', 'no-usable-record', True), run)
        checks.that('R7672-2.2a: no word of ordinary verification, but what the connection is',
                    'ordinary' not in got['reason_text'] and 'encrypted' in got['reason_text']
                    and 'not authenticated' in got['reason_text'], run)
    text = Run([tool, 'check', '--profile', 'smtp', '--records', w.records_file('3 1 1 00'), '--address', LOOPBACK,
                f'{NAME}:{port}'])
    checks.that('R7672-2.2a: the text shows no error that decided nothing',
                text.code == NOT_APPLICABLE and 'not authenticated' in text.out
                and f'  {LOOPBACK}  not-applicable, TLSv1.3\n' in text.out, text)
    run = check(tool, w, port, ['3 1 1 00'], '--profile', 'generic', '--ca-file', w.other_root.file)
    checks.that('R6698-4.1e: elsewhere ordinary verification decides', 'ordinary verification refuses' in
                run.object()['reason_text'], run)


def trust_store_is_left_alone(tool, w, checks, port):
    """Opening a FIFO that nobody writes to would hang: the run ends only if the store is not read."""
    fifo = os.path.join(w.directory, 'store.fifo')
    os.mkfifo(fifo)
    for record in (w.leaf.record(3, 1, 1), w.intermediate.record(2, 1, 1)):
        run = check(tool, w, port, [record], env={'SSL_CERT_FILE': fifo, 'SSL_CERT_DIR': '/nonexistent'})
        checks.equal('usages 2 and 3 load no trust store', run.code, AUTHENTICATED, run)


def services_without_tlsa(tool, w, checks, port):
    store = {'SSL_CERT_FILE': w.root.file, 'SSL_CERT_DIR': '/nonexistent'}
    for service in (f'{LOOPBACK}:{port}', f'localhost:{port}', f'a.localhost:{port}', f'printer.local:{port}'):
        words = [tool, 'check', '--json', '--timeout', '2000', '--address', LOOPBACK, service]
        run = Run(words, env=store)
        checks.equal(f'{service} is never looked up', (run.code, run.object()['outcome']),
                     (NOT_APPLICABLE, 'not-asked'), run)
        checks.equal(f'{service}: the stable word for why', run.object()['fault'],
                     'ip-literal' if service.startswith(LOOPBACK) else 'private-name', run)
        for mode in ('off', 'opportunistic'):
            run = Run([*words, '--mode', mode], env=store)
            checks.equal(f'{service} in mode {mode}: an address has no base domain', run.object()['base_domain'],
                         '' if service.startswith(LOOPBACK) else service.split(':')[0], run)
        run = Run([*words, '--mode', 'mandatory'], env=store)
        checks.equal(f'{service} fails in mandatory mode', run.code, REJECTED, run)


def versions(tool, w, checks, port):
    run = check(tool, w, port, [w.leaf.record(3, 1, 1)], '--tls-max', '1.2')
    checks.equal('--tls-max 1.2', (run.code, run.object()['addresses'][0]['protocol']), (AUTHENTICATED, 'TLSv1.2'), run)


def broken_servers(tool, w, checks):
    right = [w.leaf.record(3, 1, 1)]

    def hang(_):
        time.sleep(5)
        return False

    def babble(sock):
        sock.sendall(b'SSH-2.0-not TLS\r\n' * 10)
        return False

    for what, dialogue, words in (('a server that hangs', hang, ('timed out',)),
                                  ('a server that closes', lambda _: False, ('closed',)),
                                  ('a server that speaks something else', babble, ('handshake',))):
        with Server(dialogue=dialogue) as server:
            began = time.monotonic()
            run = check(tool, w, server.port, right, timeout=500)
            took = time.monotonic() - began
            address = run.object()['addresses'][0]
            checks.equal(what, (run.code, address['connected'], run.object()['verdict']), (UNDECIDED, True, 'undecided'), run)
            checks.that(f'{what}: the error says so', any(word in (address['error'] or '') for word in words), run)
            checks.that(f'{what}: in time', took < 3, f'{took:.1f} s')


def stolen_certificate(tool, w, checks):
    """The right certificate in the hands of somebody who has not its key: the signature in the middle is spoilt."""
    with Server(context_for(w.leaf, w.intermediate, newest=ssl.TLSVersion.TLSv1_2)) as server:
        with Server(dialogue=spoiling_key_exchange(server.port)) as middle:
            run = check(tool, w, middle.port, [w.leaf.record(3, 1, 1)])
    got = run.object()
    address = got['addresses'][0]
    checks.equal('a certificate without its key is not authenticated',
                 (run.code, got['verdict'], address['verdict'], address['accepted'], address['match_depth']),
                 (UNDECIDED, 'undecided', 'undecided', False, -1), run)
    checks.that('a certificate without its key: the error says so', 'signature' in (address['error'] or ''), run)


def spoiling_key_exchange(port):
    """Passes TLS 1.2 records on, but for the last octet of the server's signed key exchange."""
    handshake, server_key_exchange = 22, 12

    def pass_up(client, server):
        with contextlib.suppress(OSError):  # either end may hang up
            while octets := client.recv(65536):
                server.sendall(octets)

    def dialogue(client):
        with socket.create_connection((LOOPBACK, port)) as server, server.makefile('rb') as records:
            threading.Thread(target=pass_up, args=(client, server), daemon=True).start()
            while header := records.read(5):
                body = bytearray(records.read(int.from_bytes(header[3:5], 'big')))
                if header[0] == handshake and body[0] == server_key_exchange:
                    body[-1] ^= 1
                client.sendall(header + body)
        return False
    return dialogue


def closed_port(tool, w, checks):
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
    run = check(tool, w, port, [w.leaf.record(3, 1, 1)])
    address = run.object()['addresses'][0]
    checks.equal('no connection is undecided', (run.code, address['connected'], address['verify_result']),
                 (UNDECIDED, False, None), run)
    checks.that('no connection: the reason', 'refused' in run.object()['reason_text'], run)


def escape_sequences(tool, w, checks):
    def dialogue(sock):
        sock.sendall(b'554 \x1b[31mred\x07 \xc2\x9b \xff\r\n')
        return False

    with Server(dialogue=dialogue) as server:
        words = [tool, 'check', '--starttls', 'smtp', '--records', w.records_file(w.leaf.record(3, 1, 1)), '--address',
                 LOOPBACK, f'{NAME}:{server.port}']
        run = Run(words)
        checks.that('what a server says does not steer the terminal',
                    run.code == UNDECIDED and not any(c in run.out for c in '\x1b\x07\x9b'), run)
        run = Run([*words, '--json'])
        checks.that('JSON stays UTF-8', run.code == UNDECIDED and run.object()['verdict'] == 'undecided', run)
