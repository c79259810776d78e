"""STARTTLS on the loopback: every protocol once as it should be, and once for each way to refuse or cheat."""

import time

from check import AUTHENTICATED, NAME, UNDECIDED, check
from servers import Server, context_for, read_line

INJECTED = b'250 injected\r\n'


class Lines:
    """A line protocol as a server plays it; every piece can be replaced by what a bad server says."""

    def __init__(self, greeting, commands):
        self.greeting, self.commands = greeting, commands

    def playing(self, greeting=None, **replaced):
        commands = {**self.commands, **replaced}

        def dialogue(sock):
            sock.sendall(greeting if greeting is not None else self.greeting)
            while True:
                words = read_line(sock).upper().split()
                word = next(w for w in words if w in commands)
                sock.sendall(commands[word])
                if word == self.last:
                    return True
        return dialogue

    @property
    def last(self):
        return list(self.commands)[-1]


SMTP = Lines(b'220-mx.example.com\r\n220 ESMTP\r\n',
             {'EHLO': b'250-mx.example.com\r\n250-PIPELINING\r\n250-starttls\r\n250 8BITMIME\r\n',
              'STARTTLS': b'220 go ahead\r\n'})
IMAP = Lines(b'* OK [CAPABILITY IMAP4rev1] ready\r\n',
             {'CAPABILITY': b'* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK done\r\n',
              'STARTTLS': b'a2 OK begin TLS\r\n'})
POP3 = Lines(b'+OK POP3\r\n', {'CAPA': b'+OK\r\nTOP\r\nSTLS\r\nUIDL\r\n.\r\n', 'STLS': b'+OK begin TLS\r\n'})
FTP = Lines(b'220-welcome\r\nto this place\r\n220 ready\r\n', {'AUTH': b'234 begin TLS\r\n'})


def line_rows():
    """what, protocol, dialogue, the word that the error must hold; None where TLS must follow."""
    yield 'good', 'smtp', SMTP.playing(), None
    yield 'good, one line', 'smtp', SMTP.playing(EHLO=b'250-mx.example.com\r\n250 STARTTLS\r\n'), None
    yield 'not offered', 'smtp', SMTP.playing(EHLO=b'250-mx.example.com\r\n250 8BITMIME\r\n'), 'does not offer'
    yield 'name is no offer', 'smtp', SMTP.playing(EHLO=b'250-STARTTLS\r\n250 8BITMIME\r\n'), 'does not offer'
    yield 'longer word is no offer', 'smtp', SMTP.playing(EHLO=b'250-mx\r\n250 STARTTLSX\r\n'), 'does not offer'
    yield 'EHLO refused', 'smtp', SMTP.playing(EHLO=b'502 what?\r\n'), '502'
    yield 'refused', 'smtp', SMTP.playing(STARTTLS=b'454 not now\r\n'), '454'
    yield 'another 2xx is no go-ahead', 'smtp', SMTP.playing(STARTTLS=b'250 well\r\n'), '250'
    yield 'not welcome', 'smtp', SMTP.playing(greeting=b'554 go away\r\n'), '554'
    yield 'mixed codes', 'smtp', SMTP.playing(EHLO=b'250-mx\r\n251 STARTTLS\r\n'), 'differ'
    yield 'not SMTP', 'smtp', SMTP.playing(greeting=b'HTTP/1.1 200 OK\r\n'), 'not the protocol'
    yield 'injection', 'smtp', SMTP.playing(STARTTLS=b'220 go ahead\r\n' + INJECTED), 'injection'
    yield 'endless line', 'smtp', SMTP.playing(greeting=b'220 ' + b'x' * 20000), '8192'
    yield 'endless reply', 'smtp', SMTP.playing(greeting=b'220-more\r\n' * 20000), '65536'
    yield 'good', 'imap', IMAP.playing(), None
    yield 'not offered', 'imap', IMAP.playing(CAPABILITY=b'* CAPABILITY IMAP4rev1\r\na1 OK done\r\n'), 'does not offer'
    yield 'longer word is no offer', 'imap', IMAP.playing(CAPABILITY=b'* CAPABILITY XSTARTTLS\r\na1 OK done\r\n'), 'does not offer'
    yield 'refused', 'imap', IMAP.playing(STARTTLS=b'a2 NO not now\r\n'), 'not now'
    yield 'already authenticated', 'imap', IMAP.playing(greeting=b'* PREAUTH welcome back\r\n'), 'PREAUTH'
    yield 'injection', 'imap', IMAP.playing(STARTTLS=b'a2 OK begin\r\n* OK injected\r\n'), 'injection'
    yield 'not IMAP', 'imap', IMAP.playing(CAPABILITY=b'garbage\r\n'), 'not IMAP'
    yield 'good', 'pop3', POP3.playing(), None
    yield 'not offered', 'pop3', POP3.playing(CAPA=b'+OK\r\nTOP\r\n.\r\n'), 'does not offer'
    yield 'CAPA unknown', 'pop3', POP3.playing(CAPA=b'-ERR what?\r\n'), 'does not offer'
    yield 'refused', 'pop3', POP3.playing(STLS=b'-ERR not now\r\n'), 'not now'
    yield 'not welcome', 'pop3', POP3.playing(greeting=b'-ERR busy\r\n'), 'busy'
    yield 'injection', 'pop3', POP3.playing(STLS=b'+OK begin\r\n+OK injected\r\n'), 'injection'
    yield 'good', 'ftp', FTP.playing(), None
    yield 'ready in a minute', 'ftp', FTP.playing(greeting=b'120 wait\r\n220 ready\r\n'), None
    yield 'refused', 'ftp', FTP.playing(AUTH=b'502 what?\r\n'), '502'
    yield 'another 2xx is no go-ahead', 'ftp', FTP.playing(AUTH=b'200 well\r\n'), '200'
    yield 'not welcome', 'ftp', FTP.playing(greeting=b'421 busy\r\n'), '421'
    yield 'injection', 'ftp', FTP.playing(AUTH=b'234 begin\r\n230 injected\r\n'), 'injection'


STREAM = b"<?xml version='1.0'?><stream:stream from='x' id='1' version='1.0' a='>' xmlns='jabber:client'>"
OFFER = b'<stream:features><starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"><required/></starttls></stream:features>'
PROCEED = b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


def xmpp(stream=STREAM, features=OFFER, answer=PROCEED):
    def read_until(sock, end):
        seen = b''
        while not seen.endswith(end):
            octet = sock.recv(1)
            if not octet:
                raise ConnectionError
            seen += octet
        return seen

    def dialogue(sock):
        opening = read_until(sock, b"streams'>")
        if f"to='{NAME}'".encode() not in opening:
            return False
        sock.sendall(stream + features)
        read_until(sock, b'/>')
        sock.sendall(answer)
        return True
    return dialogue


def xmpp_rows():
    yield 'good', xmpp(), None
    yield 'good, long element', xmpp(answer=b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'></proceed>"), None
    yield 'good, other prefix', xmpp(features=OFFER.replace(b'stream:', b's:')), None
    yield 'not offered', xmpp(features=b'<stream:features><bind/></stream:features>'), 'does not offer'
    yield 'empty features', xmpp(features=b'<stream:features/>'), 'does not offer'
    yield 'other namespace', xmpp(features=OFFER.replace(b'xmpp-tls', b'xmpp-x')), 'does not offer'
    yield 'refused', xmpp(answer=b"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"), 'failure'
    yield 'injection', xmpp(answer=PROCEED + b'<message/>'), 'injection'
    yield 'stream error', xmpp(features=b'<stream:error><host-unknown/></stream:error>'), 'error'
    yield 'not XMPP', xmpp(stream=b'HTTP/1.1 400 Bad Request\r\n\r\n<html>'), 'not XMPP'


def octets(request, answer):
    def dialogue(sock):
        if sock.recv(len(request), 0x100) != request:  # MSG_WAITALL
            return False
        sock.sendall(answer)
        return True
    return dialogue


LDAP_REQUEST = b'\x30\x1d\x02\x01\x01\x77\x18\x80\x16' + b'1.3.6.1.4.1.1466.20037'
LDAP_GOOD = bytes.fromhex('300c02010178070a010004000400')
POSTGRES_REQUEST = bytes.fromhex('0000000804d2162f')


def octet_rows():
    ldap = lambda answer: octets(LDAP_REQUEST, answer)
    postgres = lambda answer: octets(POSTGRES_REQUEST, answer)
    yield 'good', 'ldap', ldap(LDAP_GOOD), None
    yield 'good, long length', 'ldap', ldap(bytes.fromhex('30840000000c02010178070a010004000400')), None
    yield 'refused', 'ldap', ldap(bytes.fromhex('300c02010178070a010204000400')), 'result code 2'
    yield 'another message', 'ldap', ldap(bytes.fromhex('300c02010278070a010004000400')), 'no LDAP'
    yield 'another operation', 'ldap', ldap(bytes.fromhex('300c02010161070a010004000400')), 'no LDAP'
    yield 'inner length too long', 'ldap', ldap(bytes.fromhex('300c020101787f0a010004000400')), 'no LDAP'
    yield 'empty message', 'ldap', ldap(bytes.fromhex('3000')), 'no LDAP'
    yield 'huge message', 'ldap', ldap(bytes.fromhex('30847fffffff')), 'no LDAP'
    yield 'indefinite length', 'ldap', ldap(bytes.fromhex('308002010178070a0100040004000000')), 'no LDAP'
    yield 'not LDAP', 'ldap', ldap(b'220 hello\r\n'), 'no LDAP'
    yield 'injection', 'ldap', ldap(LDAP_GOOD + LDAP_GOOD), 'injection'
    yield 'good', 'postgres', postgres(b'S'), None
    yield 'not offered', 'postgres', postgres(b'N'), 'does not offer'
    yield 'error', 'postgres', postgres(b'E\0\0\0\5x'), 'no PostgreSQL'
    yield 'injection', 'postgres', postgres(b'Sx'), 'injection'


def rows():
    yield from line_rows()
    for what, dialogue, word in xmpp_rows():
        yield what, 'xmpp', dialogue, word
    yield from octet_rows()


def run_all(tool, w, checks):
    context = context_for(w.leaf, w.intermediate)
    right = [w.leaf.record(3, 1, 1)]
    for what, protocol, dialogue, word in rows():
        with Server(context, dialogue) as server:
            run = check(tool, w, server.port, right, '--starttls', protocol)
        address = run.object()['addresses'][0] if run.out else {}
        if word is None:
            checks.equal(f'{protocol}: {what}', run.code, AUTHENTICATED, run)
            continue
        checks.equal(f'{protocol}: {what}', (run.code, address.get('protocol')), (UNDECIDED, None), run)
        checks.that(f'{protocol}: {what}: the error says so', word in (address.get('error') or ''), run)
    silence_and_trickle(tool, w, checks, right)
    default_profile(tool, w, checks, context)


def silence_and_trickle(tool, w, checks, right):
    def silent(_):
        time.sleep(5)
        return False

    def trickle(sock):
        for _ in range(50):
            sock.sendall(b'2')
            time.sleep(0.1)
        return False

    for what, dialogue in (('says nothing', silent), ('says one octet at a time', trickle)):
        for protocol in ('smtp', 'imap', 'pop3', 'ftp', 'xmpp', 'ldap', 'postgres') if dialogue is silent else ('smtp',):
            with Server(dialogue=dialogue) as server:
                began = time.monotonic()
                run = check(tool, w, server.port, right, '--starttls', protocol, timeout=300)
                took = time.monotonic() - began
                checks.that(f'{protocol}: a server that {what}', run.code == UNDECIDED and took < 3
                            and 'timed out' in run.object()['addresses'][0]['error'], run)


def default_profile(tool, w, checks, context):
    """RFC 7672 holds for smtp unless another profile is asked for."""
    pkix_ee = [w.leaf.record(1, 1, 1)]
    with Server(context, SMTP.playing()) as server:
        run = check(tool, w, server.port, pkix_ee, '--starttls', 'smtp', '--ca-file', w.root.file)
        checks.equal('smtp: usage 1 is unusable', run.object()['outcome'], 'secure-unusable', run)
        run = check(tool, w, server.port, pkix_ee, '--starttls', 'smtp', '--ca-file', w.root.file, '--profile', 'generic')
        checks.equal('smtp with --profile generic: usage 1 counts', run.code, AUTHENTICATED, run)
