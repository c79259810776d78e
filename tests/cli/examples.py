"""The example clients against a server on the loopback: python3 examples.py BLOCKING-CLIENT EVENT-CLIENT CURL-CLIENT

Nothing is looked up here, because `localhost` never is; with DNS they run in tests/world.
"""

import sys
import tempfile

from harness import Checks, Run
from pki import Certificate
from servers import Server, context_for

ACCEPTED, REFUSED, USAGE = 0, 1, 2


def answering(body):
    """A page for every request."""
    def respond(tls):
        tls.recv(4096)
        tls.sendall(b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n' + body)
    return respond


def check_client(client, server, root, other_root, checks):
    trusted = {'SSL_CERT_FILE': root.file, 'SSL_CERT_DIR': '/nonexistent'}
    strange = {'SSL_CERT_FILE': other_root.file, 'SSL_CERT_DIR': '/nonexistent'}
    run = Run([client, 'localhost', server.port], env=trusted)
    checks.that('accepted by ordinary verification, and the page is read',
                run.code == ACCEPTED and 'hello' in run.out and 'not-applicable' in run.out, run)
    run = Run([client, 'localhost', server.port], env=strange)
    checks.that('refused by ordinary verification', run.code == REFUSED and 'hello' not in run.out, run)
    run = Run([client, 'localhost', server.port, 'mode=mandatory'], env=trusted)
    checks.that('refused where DANE is mandatory', run.code == REFUSED and 'rejected' in run.out, run)
    run = Run([client, 'localhost', 1], env=trusted)
    checks.that('refused where nobody listens', run.code == REFUSED and 'cannot connect' in run.err, run)
    for words in ([], ['localhost'], ['localhost', '0'], ['localhost', 'https'], ['a..b', '443'],
                  ['localhost', '443', 'mode'], ['localhost', '443', 'mode=x'], ['localhost', '443', 'x=y']):
        run = Run([client, *words])
        checks.that('usage: ' + ' '.join(words), run.code == USAGE and len(run.err.splitlines()) == 1, run)
    run = Run([client, 'localhost', '443', 'trust_anchors=/nonexistent'])
    checks.that('no anchors', run.code == REFUSED and len(run.err.splitlines()) == 1, run)


def check_curl_client(client, server, root, other_root, checks):
    url = f'https://localhost:{server.port}/'
    trusted, strange = {'SSL_CERT_FILE': root.file}, {'SSL_CERT_FILE': other_root.file}
    run = Run([client, url], env=trusted)
    checks.that('curl: accepted by ordinary verification, and the page is read',
                run.code == ACCEPTED and 'hello' in run.out and 'not-applicable' in run.err, run)
    run = Run([client, url], env=strange)
    checks.that('curl: refused by ordinary verification', run.code == REFUSED and 'hello' not in run.out, run)
    run = Run([client, url, 'mode=mandatory'], env=trusted)
    checks.that('curl: refused where DANE is mandatory',
                run.code == REFUSED and 'hello' not in run.out and 'rejected' in run.err
                and f'localhost:{server.port}' in run.err, run)
    run = Run([client, url, 'mode=off'], env=trusted)
    checks.that('curl: mode off', run.code == ACCEPTED and 'hello' in run.out, run)
    run = Run([client, 'https://localhost:1/'], env=trusted)
    checks.that('curl: refused where nobody listens', run.code == REFUSED, run)
    for words in ([], [url, 'mode'], [url, 'mode=x'], [url, 'x=y']):
        run = Run([client, *words])
        checks.that('curl: usage: ' + ' '.join(words), run.code == USAGE and len(run.err.splitlines()) == 1, run)
    run = Run([client, url, 'trust_anchors=/nonexistent'])
    checks.that('curl: no anchors', run.code == REFUSED and len(run.err.splitlines()) == 1, run)


def main():
    if len(sys.argv) != 4:
        sys.exit('usage: examples.py BLOCKING-CLIENT EVENT-CLIENT CURL-CLIENT')
    checks = Checks()
    with tempfile.TemporaryDirectory() as directory:
        root = Certificate(directory, 'root', ca=True)
        other_root = Certificate(directory, 'other', ca=True)
        leaf = Certificate(directory, 'leaf', parent=root, alternative_names=['localhost'])
        with Server(context_for(leaf), respond=answering(b'hello\n')) as server:
            for client in sys.argv[1:3]:
                check_client(client, server, root, other_root, checks)
            check_curl_client(sys.argv[3], server, root, other_root, checks)
    return checks.report()


if __name__ == '__main__':
    sys.exit(main())
