#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Servers that speak just enough of a protocol to start TLS, and servers that misbehave on the way.

Used as `starttls_server.py CONFIG`, a JSON list of {protocol, address, port, name, chain, key, other_chain, other_key,
fault}. After the handshake a server reads until the client goes; that of PostgreSQL says first that it has no databases,
that of FTP has a file, and those of SMTP take letters, in cleartext too: each is a line of JSON on standard output. `fault`
is empty, or one of:
  not-offered  STARTTLS is neither announced nor known
  refused      STARTTLS is announced and then refused
  injected     plaintext follows the reply to STARTTLS in the same segment, as an attacker would send it
  hang-up      the connection ends in the middle of the handshake
  plaintext    what should be a TLS server answers in plaintext
  stray-data   the data connection of FTP shows the other certificate, which no record vouches for
  takes-mail   no fault: this server, and no other one, has the host
"""

import json
import pathlib
import re
import socket
import socketserver
import ssl
import sys

_PATIENCE = 20  # seconds without a word from the client


class _Gone(Exception):
    """The client has left, or said what no client of this protocol says."""


class Peer:
    """A connection before TLS: reads to a delimiter, one octet at a time so that nothing of the handshake is taken."""

    _LIMIT = 65536

    def __init__(self, connection):
        self.connection = connection

    def send(self, text):
        self.connection.sendall(text.encode() if isinstance(text, str) else text)

    def exactly(self, count):
        octets = b""
        while len(octets) < count:
            more = self.connection.recv(count - len(octets))
            if not more:
                raise _Gone
            octets += more
        return octets

    def until(self, delimiter):
        octets = b""
        while not octets.endswith(delimiter):
            if len(octets) > self._LIMIT:
                raise _Gone
            octets += self.exactly(1)
        return octets

    def line(self):
        return self.until(b"\n").decode("ascii", "replace").strip()


# Each of the following returns when TLS may begin, or raises _Gone. `accept` is sent instead of the usual reply.


def smtp(peer, server):
    """RFC 3207."""
    peer.send(f"220 {server['name']} ESMTP\r\n")
    while True:
        verb = peer.line().upper()
        if verb.startswith("EHLO") and server["fault"] != "not-offered":
            peer.send(f"250-{server['name']}\r\n250-8BITMIME\r\n250 STARTTLS\r\n")
        elif verb.startswith(("EHLO", "HELO")):
            peer.send(f"250 {server['name']}\r\n")
        elif verb == "STARTTLS" and server["fault"] == "refused":
            peer.send("454 TLS not available due to temporary reason\r\n")
        elif verb == "STARTTLS" and server["fault"] == "injected":
            peer.send("220 Ready to start TLS\r\n250 injected.example\r\n")
            return
        elif verb == "STARTTLS" and server["fault"] != "not-offered":
            peer.send("220 Ready to start TLS\r\n")
            return
        else:
            smtp_mail(peer, server, verb, "cleartext")


def ftp(peer, server):
    """RFC 4217."""
    peer.send(f"220-{server['name']}\r\n220 FTP\r\n")
    while True:
        verb = peer.line().upper()
        if verb == "AUTH TLS":
            peer.send("234 Proceed with negotiation\r\n")
            return
        if verb == "FEAT":
            peer.send("211-Features:\r\n AUTH TLS\r\n211 End\r\n")
        elif verb == "QUIT":
            peer.send("221 Goodbye\r\n")
            raise _Gone
        else:
            peer.send("530 Please login with USER and PASS\r\n")


def xmpp(peer, server):
    """RFC 6120 section 5."""
    opening = peer.until(b">")
    while b"<stream:stream" not in opening:
        opening = peer.until(b">")
    domain = re.search(rb"""\bto=['"]([^'"]*)""", opening)
    peer.send("<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' version='1.0' "
              f"xmlns:stream='http://etherx.jabber.org/streams' from='{domain[1].decode() if domain else server['name']}'>"
              "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
              "</stream:features>")
    while b"<starttls" not in peer.until(b">"):
        pass
    peer.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")


def ldap(peer, _server):
    """RFC 4511 section 4.14: an ExtendedRequest [APPLICATION 23] with the StartTLS name, and its response."""
    start_tls = b"1.3.6.1.4.1.1466.20037"
    tag, length = peer.exactly(2)
    request = peer.exactly(length if length < 0x80 else int.from_bytes(peer.exactly(length & 0x7F), "big"))
    if tag != 0x30 or request[:2] != b"\x02\x01" or request[3] != 0x77 or start_tls not in request:
        raise _Gone
    success = b"\x0a\x01\x00\x04\x00\x04\x00"  # resultCode 0, matchedDN and diagnosticMessage empty
    response = b"\x02\x01" + request[2:3] + b"\x78" + bytes([len(success)]) + success
    peer.send(b"\x30" + bytes([len(response)]) + response)


def postgres(peer, _server):
    """PostgreSQL's protocol, SSLRequest: length 8, code 80877103; the answer is one octet."""
    if peer.exactly(8) != b"\x00\x00\x00\x08\x04\xd2\x16\x2f":
        raise _Gone
    peer.send(b"S")


def postgres_after_tls(peer, _context, _server):
    """The StartupMessage, which begins with its length, and an ErrorResponse: there is nothing to log in to."""
    peer.exactly(int.from_bytes(peer.exactly(4), "big") - 4)
    fields = b"SFATAL\0VFATAL\0C3D000\0Mthis server has no databases\0\0"
    peer.send(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)


def ftp_after_tls(peer, context, server):
    """RFC 4217: one file, over a data connection that is encrypted, too."""
    data = None
    if server["fault"] == "stray-data":
        context = make_context(server["other_chain"], server["other_key"])
    try:
        while True:
            verb, _, _argument = peer.line().upper().partition(" ")
            if verb == "EPSV":
                data = socket.create_server((peer.connection.getsockname()[0], 0))
                data.settimeout(_PATIENCE)
                peer.send(f"229 Entering extended passive mode (|||{data.getsockname()[1]}|)\r\n")
            elif verb == "RETR" and data is not None:
                peer.send("150 Here it comes\r\n")
                with context.wrap_socket(data.accept()[0], server_side=True) as transfer:
                    transfer.sendall(b"a file\r\n")
                    transfer.unwrap()
                peer.send("226 That was it\r\n")
            elif verb == "QUIT":
                peer.send("221 Goodbye\r\n")
                return
            else:
                replies = {"USER": "331 Password?", "PASS": "230 Welcome", "PWD": '257 "/"', "SIZE": "213 8"}
                peer.send(f"{replies.get(verb, '200 Fine')}\r\n")
    finally:
        if data is not None:
            data.close()


def smtp_after_tls(peer, _context, server):
    while True:
        smtp_mail(peer, server, peer.line().upper(), "TLS")


def smtp_mail(peer, server, verb, protection):
    """RFC 5321, as far as it takes to take mail in."""
    if verb == "DATA":
        peer.send("354 Go ahead\r\n")
        head = peer.until(b"\r\n.\r\n").decode("ascii", "replace").partition("\r\n\r\n")[0]
        subject = re.search(r"^Subject: *(.*?)\r?$", head, re.MULTILINE | re.IGNORECASE)
        letter = {"host": server["name"], "protection": protection, "subject": subject[1] if subject else ""}
        print(json.dumps(letter), flush=True)
        peer.send("250 Taken\r\n")
    elif verb == "QUIT":
        peer.send("221 Bye\r\n")
        raise _Gone
    elif verb.startswith("RCPT TO:<NOBODY@"):
        peer.send("550 No such user\r\n")
    else:
        peer.send("250 Fine\r\n")


def tls(peer, server):
    """TLS at once, or something else where TLS is expected."""
    if server["fault"] == "plaintext":
        peer.send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        raise _Gone


_PROTOCOLS = {"smtp": smtp, "ftp": ftp, "xmpp": xmpp, "ldap": ldap, "postgres": postgres, "tls": tls}
_AFTER_TLS = {"smtp": smtp_after_tls, "postgres": postgres_after_tls, "ftp": ftp_after_tls}


def serve_client(connection, server, context):
    connection.settimeout(_PATIENCE)
    peer = Peer(connection)
    _PROTOCOLS[server["protocol"]](peer, server)
    if server["fault"] == "hang-up":
        peer.exactly(5)  # the record header of the ClientHello
        return
    with context.wrap_socket(connection, server_side=True) as encrypted:
        if server["protocol"] in _AFTER_TLS:
            _AFTER_TLS[server["protocol"]](Peer(encrypted), context, server)
        while encrypted.recv(4096):
            pass


def make_context(chain, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context


def make_listener(server):
    context = make_context(server["chain"], server["key"])

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            try:
                serve_client(self.request, server, context)
            except (_Gone, OSError):  # ssl.SSLError is one: clients that reject us leave like this
                pass

    class Listener(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        request_queue_size = 64
        address_family = socket.AF_INET6 if ":" in server["address"] else socket.AF_INET

    return Listener((server["address"], server["port"]), Handler)


def main():
    import threading

    listeners = [make_listener(server) for server in json.loads(pathlib.Path(sys.argv[1]).read_text())]
    for listener in listeners:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
