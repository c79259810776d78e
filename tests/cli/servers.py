"""TLS servers on the loopback that say, before TLS, whatever a test wants."""

import socket
import ssl
import threading

LOOPBACK = '127.0.0.1'


def context_for(certificate, *rest, newest=None):
    """A server's context for a leaf and the chain above it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    chain_file = certificate.file + '.served'
    with open(chain_file, 'w') as file:
        file.write(''.join(c.pem for c in (certificate, *rest)))
    context.load_cert_chain(chain_file, certificate.key_file)
    if newest is not None:
        context.maximum_version = newest
    return context


def read_line(sock):
    line = b''
    while not line.endswith(b'\n'):
        octet = sock.recv(1)
        if not octet:
            raise ConnectionError
        line += octet
    return line.decode('latin-1').strip()


class Server:
    """`dialogue(sock)` speaks first; where it returns True, TLS follows, and in it `respond(tls)`. Without a context
    nobody speaks TLS."""

    def __init__(self, context=None, dialogue=lambda sock: True, respond=lambda tls: tls.recv(1)):
        self.context, self.dialogue, self.respond = context, dialogue, respond
        self.listener = socket.create_server((LOOPBACK, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _serve(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock):
        with sock:
            try:
                if self.dialogue(sock) and self.context is not None:
                    with self.context.wrap_socket(sock, server_side=True) as tls:
                        self.respond(tls)
            except (OSError, ConnectionError):
                pass
