# SPDX-License-Identifier: Apache-2.0
"""What unmodified programs must do with the plugin: one row for each program and way to use it.

The cells are written from the table of outcomes (src/verify/action.hpp), not from what was seen: whether the program
accepts the peer, and each verdict that the plugin logs, as "decision (reason)". run_programs holds the programs against
them. Which server is behind a case is in HOSTS; how the servers are made is in services.py.
"""

import dataclasses

# What a client meets. The certificate is right and from a public CA where nothing else is said.
CASES = {
    "good": "a record that matches",
    "mismatch": "a record of another key",
    "self-signed": "DANE-EE record of a self-signed certificate",
    "private CA": "DANE-TA record of a CA that no store has",
    "absent": "proof that there is no record",
    "absent, untrusted": "proof that there is no record, and a self-signed certificate",
    "insecure": "a record in an unsigned zone",
    "bogus": "a record that was changed after it was signed",
    "dead": "a name server that does not answer",
}
WRONG_NAME = "wrong name"  # a case for a few programs only
MODES = ("opportunistic", "mandatory")

HOSTS = {
    "https": {
        "good": "www.good.example",
        "mismatch": "mismatch.bad.example",
        "self-signed": "self-signed.good.example",
        "private CA": "www.good.dane",
        "absent": "absent.good.example",
        "absent, untrusted": "absent-untrusted.good.example",
        "insecure": "www.unsigned.example",
        "bogus": "www.altered.dane",
        "dead": "tlsa-dead.good.example",
        WRONG_NAME: "wrong-name.bad.example",
    },
    "smtp": {
        "good": "smtp.good.example",
        "mismatch": "mx-mismatch.mail.dane",
        "self-signed": "mx.mail.dane",
        "private CA": "mx-ta.mail.dane",
        "absent": "mx-absent.mail.dane",
        "insecure": "smtp.unsigned.example",
        "bogus": "smtp.altered.dane",
        "dead": "tlsa-dead.good.example",
    },
    "postgres": {
        "good": "postgres.good.example",
        "mismatch": "postgres-mismatch.services.dane",
        "self-signed": "postgres.services.dane",
        "private CA": "postgres-ta.services.dane",
        "absent": "postgres-absent.services.dane",
        "insecure": "postgres.unsigned.example",
        "bogus": "postgres.altered.dane",
        "dead": "tlsa-dead.good.example",
    },
}
for _protocol in ("imap", "pop3", "ftp"):
    HOSTS[_protocol] = {"self-signed": f"{_protocol}.services.dane", "mismatch": f"{_protocol}-mismatch.services.dane"}
PORTS = {"https": 443, "smtp": 25, "postgres": 5432, "imap": 143, "pop3": 110, "ftp": 21}


@dataclasses.dataclass(frozen=True)
class Cell:
    """What is wanted of one program in one case and mode."""

    accepts: bool
    verdicts: tuple

    @classmethod
    def from_text(cls, text):
        """"accepts: authenticated (matched)"; more verdicts after commas, or "twice"."""
        does, listed = text.strip().split(": ")
        verdicts = listed.removesuffix(" twice").split(", ") * (2 if listed.endswith(" twice") else 1)
        return cls({"accepts": True, "refuses": False}[does], tuple(verdicts))

    def __str__(self):
        return f"{'accepts' if self.accepts else 'refuses'}: {', '.join(self.verdicts)}"


def _cells(text):
    """Lines of "case | opportunistic | mandatory", or "case | both", as {(case, mode): Cell}."""
    cells = {}
    for line in text.strip().splitlines():
        case, *wanted = line.split("|")
        for mode, cell in zip(MODES, wanted * (2 if len(wanted) == 1 else 1), strict=True):
            cells[case.strip(), mode] = Cell.from_text(cell)
    return cells


# A program that verifies its peers.
_VERIFIES = _cells("""
good              | accepts: authenticated (matched)       | accepts: authenticated (matched)
mismatch          | refuses: rejected (no-match)           | refuses: rejected (no-match)
self-signed       | accepts: authenticated (matched)       | accepts: authenticated (matched)
private CA        | accepts: authenticated (matched)       | accepts: authenticated (matched)
absent            | accepts: not-applicable (secure-absent)| refuses: rejected (mandatory-without-dane)
absent, untrusted | refuses: not-applicable (secure-absent)| refuses: rejected (mandatory-without-dane)
insecure          | accepts: not-applicable (insecure)     | refuses: rejected (mandatory-without-dane)
bogus             | refuses: undecided (lookup-failed)     | refuses: undecided (lookup-failed)
dead              | refuses: undecided (lookup-failed)     | refuses: undecided (lookup-failed)
""")

# A program that was told not to verify, and `verify_none = respect`: the verdicts are the same, and nobody asks for them.
_TRUSTS_ANYBODY = _cells("""
good              | accepts: authenticated (matched)       | accepts: authenticated (matched)
mismatch          | accepts: rejected (no-match)           | accepts: rejected (no-match)
self-signed       | accepts: authenticated (matched)       | accepts: authenticated (matched)
private CA        | accepts: authenticated (matched)       | accepts: authenticated (matched)
absent            | accepts: not-applicable (secure-absent)| accepts: rejected (mandatory-without-dane)
absent, untrusted | accepts: not-applicable (secure-absent)| accepts: rejected (mandatory-without-dane)
insecure          | accepts: not-applicable (insecure)     | accepts: rejected (mandatory-without-dane)
bogus             | accepts: undecided (lookup-failed)     | accepts: undecided (lookup-failed)
dead              | accepts: undecided (lookup-failed)     | accepts: undecided (lookup-failed)
""")

# The same with `verify_none = enforce`. Where DANE does not apply the program's own wish stands: nothing is verified.
_ENFORCED = _cells("""
good              | accepts: authenticated (matched)       | accepts: authenticated (matched)
mismatch          | refuses: rejected (no-match)           | refuses: rejected (no-match)
self-signed       | accepts: authenticated (matched)       | accepts: authenticated (matched)
private CA        | accepts: authenticated (matched)       | accepts: authenticated (matched)
absent            | accepts: not-applicable (secure-absent)| refuses: rejected (mandatory-without-dane)
absent, untrusted | accepts: not-applicable (secure-absent)| refuses: rejected (mandatory-without-dane)
insecure          | accepts: not-applicable (insecure)     | refuses: rejected (mandatory-without-dane)
bogus             | refuses: undecided (lookup-failed)     | refuses: undecided (lookup-failed)
dead              | refuses: undecided (lookup-failed)     | refuses: undecided (lookup-failed)
""")

# A program that does not show whom it connects to: its own PKIX check decides, and mandatory mode refuses all.
UNKNOWN_PEER = _cells("""
good              | accepts: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
mismatch          | accepts: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
self-signed       | refuses: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
private CA        | refuses: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
absent            | accepts: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
absent, untrusted | refuses: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
insecure          | accepts: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
bogus             | accepts: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
dead              | accepts: not-applicable (not-asked)    | refuses: rejected (mandatory-without-dane)
""")

# The same with a rule that may be meant, whose mode is mandatory.
_UNKNOWN_PEER_REFUSED = _cells("""
good              | refuses: rejected (mandatory-without-dane)
mismatch          | refuses: rejected (mandatory-without-dane)
self-signed       | refuses: rejected (mandatory-without-dane)
absent            | refuses: rejected (mandatory-without-dane)
insecure          | refuses: rejected (mandatory-without-dane)
""")
NAMELESS = (UNKNOWN_PEER, _UNKNOWN_PEER_REFUSED)

# Two connections, one after the other, to the same server, which resumes sessions.
_RESUMES = _cells("""
good        | accepts: authenticated (matched), authenticated (resumed)
self-signed | accepts: authenticated (matched), authenticated (resumed)
private CA  | accepts: authenticated (matched), authenticated (resumed)
absent      | accepts: not-applicable (secure-absent) twice | refuses: rejected (mandatory-without-dane) twice
insecure    | accepts: not-applicable (insecure) twice      | refuses: rejected (mandatory-without-dane) twice
""")

# Two servers at a time: the case's, and one that matches.
_TWO_AT_A_TIME = _cells("""
good        | accepts: authenticated (matched) twice
mismatch    | refuses: authenticated (matched), rejected (no-match)
self-signed | accepts: authenticated (matched) twice
absent      | accepts: authenticated (matched), not-applicable (secure-absent) \
            | refuses: authenticated (matched), rejected (mandatory-without-dane)
bogus       | refuses: authenticated (matched), undecided (lookup-failed)
""")

# One connection for what is said, and one for the file.
_FTP = _cells("""
mismatch    | refuses: rejected (no-match)
self-signed | accepts: authenticated (matched), authenticated (resumed)
""")

# `mode = off`, whatever the other mode says.
_OFF = _cells("""
good        | accepts: not-applicable (not-asked)
mismatch    | accepts: not-applicable (not-asked)
self-signed | refuses: not-applicable (not-asked)
private CA  | refuses: not-applicable (not-asked)
bogus       | accepts: not-applicable (not-asked)
dead        | accepts: not-applicable (not-asked)
""")

# RFC 7671 section 5.1: the certificate has another name, and `dane_ee_names = skip`.
_NAMES_SKIPPED = _cells("""
wrong name | accepts: authenticated (matched)
""")
_NAMES_SKIPPED_BUT_BY_THE_PROGRAM = _cells("""
wrong name | refuses: authenticated (matched)
""")
_NAMES_COMPARED = _cells("""
wrong name | refuses: rejected (dane-ee-name-mismatch)
""")

PRELOAD = "preload"
MODULE = "openssl.cnf"
BOTH = "both"


@dataclasses.dataclass(frozen=True)
class Program:
    """A command, in which {host}, {directory}, {ca}, {proxy} and {here} are filled in, and what is wanted of it."""

    name: str
    load: str  # by LD_PRELOAD, with the settings in the environment; by openssl.cnf, with the settings there; or both
    command: tuple
    cells: dict
    service: str = "https"
    shows: str = r"^{host}$"  # pattern for what it prints where it accepts, and only there
    exits: tuple = (0, 1)  # where it accepts and where it refuses
    input: str = ""
    settings: tuple = ()  # beside those of every row
    rule: tuple = ()  # lines of a rule; the settings are then in the file that DANELAW_CONF names
    files: tuple = ()  # (name, text) of what has to be in {directory}
    optional: bool = False  # skipped where there is no such program: scripts/deps does not install it

    def hosts(self):
        return {case: HOSTS[self.service][case] for case, _mode in self.cells if case in HOSTS[self.service]}


_REQUEST = "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
_OK = r"^HTTP/1.1 200 OK"

_CURL = ("curl", "-sS")
_CURL_EXITS = (0, 60)

_CURLS = [
    Program("curl", PRELOAD, (*_CURL, "https://{host}/"), _VERIFIES, exits=_CURL_EXITS),
    Program("curl", MODULE, (*_CURL, "https://{host}/"), _VERIFIES, exits=_CURL_EXITS),
    Program("curl", BOTH, (*_CURL, "https://{host}/"), _VERIFIES, exits=_CURL_EXITS),
    Program("curl --http1.1", PRELOAD, (*_CURL, "--http1.1", "-w", "%{http_version}", "https://{host}/"), _VERIFIES,
            shows=r"^{host}\n1\.1$", exits=_CURL_EXITS),
    Program("curl --http2", PRELOAD, (*_CURL, "--http2", "-w", "%{http_version}", "https://{host}/"), _VERIFIES,
            shows=r"^{host}\n2$", exits=_CURL_EXITS),
    Program("curl --parallel, two servers", PRELOAD,
            (*_CURL, "--parallel", "--parallel-immediate", "https://{host}/", "https://www.nsec3.dane/"),
            _TWO_AT_A_TIME, exits=_CURL_EXITS),
    Program("curl -k", PRELOAD, (*_CURL, "-k", "https://{host}/"), _TRUSTS_ANYBODY, exits=_CURL_EXITS),
    Program("curl -k, verify_none = enforce", PRELOAD, (*_CURL, "-k", "https://{host}/"), _ENFORCED,
            exits=_CURL_EXITS, settings=("verify_none = enforce",)),
    Program("curl --proxy (CONNECT)", PRELOAD, (*_CURL, "--proxy", "{proxy}", "https://{host}/"), _VERIFIES,
            exits=_CURL_EXITS),
    Program("curl --resolve", PRELOAD, (*_CURL, "--resolve", "{host}:443:10.53.0.80", "https://{host}/"), _VERIFIES,
            exits=_CURL_EXITS),
    Program("curl --connect-to an address", PRELOAD,
            (*_CURL, "--connect-to", "{host}:443:10.53.0.80:443", "https://{host}/"), _VERIFIES, exits=_CURL_EXITS),
    Program("curl --location, redirected", PRELOAD, (*_CURL, "--location", "{proxy}/{host}"), _VERIFIES,
            exits=_CURL_EXITS),
    Program("curl, sessions resumed", PRELOAD,
            (*_CURL, "--http1.1", "-H", "Connection: close", "https://{host}/", "https://{host}/"), _RESUMES,
            shows=r"^{host}\n{host}$", exits=_CURL_EXITS),
    Program("curl smtp:// --ssl-reqd", PRELOAD, (*_CURL, "--ssl-reqd", "smtp://{host}", "-X", "NOOP"), _VERIFIES,
            service="smtp", shows="^250 ", exits=_CURL_EXITS),
    Program("curl imap:// --ssl-reqd", PRELOAD, (*_CURL, "--ssl-reqd", "imap://me:mine@{host}/INBOX;UID=1"), _VERIFIES,
            service="imap", shows="^a letter", exits=_CURL_EXITS),
    Program("curl pop3:// --ssl-reqd", PRELOAD, (*_CURL, "--ssl-reqd", "pop3://me:mine@{host}/1"), _VERIFIES,
            service="pop3", shows="^a letter", exits=_CURL_EXITS),
    Program("curl ftp:// --ssl-reqd", PRELOAD, (*_CURL, "--ssl-reqd", "ftp://me:mine@{host}/file"), _FTP,
            service="ftp", shows="^a file", exits=_CURL_EXITS),
    Program("curl, a rule with mode = off", PRELOAD, (*_CURL, "https://{host}/"), _OFF, exits=_CURL_EXITS,
            rule=("hosts = {host}", "mode = off")),
    Program("curl, another's name", PRELOAD, (*_CURL, "https://{host}/"), _NAMES_COMPARED, exits=_CURL_EXITS),
    Program("curl, another's name, dane_ee_names = skip", PRELOAD, (*_CURL, "https://{host}/"),
            _NAMES_SKIPPED_BUT_BY_THE_PROGRAM, exits=_CURL_EXITS, settings=("dane_ee_names = skip",)),
]

_S_CLIENT = ("openssl", "s_client", "-quiet", "-connect", "{host}:443")

_OPENSSL = [
    Program("openssl s_client -verify_return_error", PRELOAD, (*_S_CLIENT, "-verify_return_error"), _VERIFIES,
            shows=_OK, input=_REQUEST),
    Program("openssl s_client -verify_return_error", MODULE, (*_S_CLIENT, "-verify_return_error"), _VERIFIES,
            shows=_OK, input=_REQUEST),
    Program("openssl s_client -verify_return_error", BOTH, (*_S_CLIENT, "-verify_return_error"), _VERIFIES,
            shows=_OK, input=_REQUEST),
    Program("openssl s_client", PRELOAD, _S_CLIENT, _TRUSTS_ANYBODY, shows=_OK, input=_REQUEST),
    Program("openssl s_client, another's name, dane_ee_names = skip", PRELOAD, (*_S_CLIENT, "-verify_return_error"),
            _NAMES_SKIPPED, shows=_OK, input=_REQUEST, settings=("dane_ee_names = skip",)),
    Program("openssl s_client -starttls smtp", PRELOAD,
            ("openssl", "s_client", "-quiet", "-verify_return_error", "-starttls", "smtp", "-connect", "{host}:25",
             "-servername", "{host}"), _VERIFIES, service="smtp", shows="^250 2.0.0 OK", input="NOOP\r\nQUIT\r\n"),
]

_PYTHON = "/usr/bin/python3"
_URLLIB = """\
import sys, urllib.request
with urllib.request.urlopen(f"https://{sys.argv[1]}/") as answer:
    print(answer.read().decode(), end="")
"""
_SSL_CERT_NONE = """\
import socket, ssl, sys
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
with socket.create_connection((sys.argv[1], 443)) as plain:
    with context.wrap_socket(plain, server_hostname=sys.argv[1]) as encrypted:
        encrypted.sendall(f"GET / HTTP/1.0\\r\\nHost: {sys.argv[1]}\\r\\n\\r\\n".encode())
        print(b"".join(iter(lambda: encrypted.recv(4096), b"")).decode(), end="")
"""
_ASYNCIO = """\
import asyncio, sys
async def main():
    reader, writer = await asyncio.open_connection(sys.argv[1], 443, ssl=True)
    writer.write(f"GET / HTTP/1.0\\r\\nHost: {sys.argv[1]}\\r\\n\\r\\n".encode())
    print((await reader.read()).decode(), end="")
    writer.close()
asyncio.run(main())
"""
# As a program that keeps a connection to its data base open: the one to the world's PostgreSQL server.
_ASYNCIO_BESIDE = "import socket\nother = socket.create_connection(('10.53.0.120', 5432))\n" + _ASYNCIO
# As a server that asks others: a stranger is connected to its listener.
_ASYNCIO_SERVES = """\
import asyncio, os, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:
    socket.create_connection(listener.getsockname()).recv(1)
    os._exit(0)
kept = []
async def main():
    connected = asyncio.Event()
    def serve(*stranger):
        kept.append(stranger)
        connected.set()
    kept.append(await asyncio.start_server(serve, sock=listener))
    await connected.wait()
    reader, writer = await asyncio.open_connection(sys.argv[1], 443, ssl=True)
    writer.write(f"GET / HTTP/1.0\\r\\nHost: {sys.argv[1]}\\r\\n\\r\\n".encode())
    print((await reader.read()).decode(), end="")
    writer.close()
asyncio.run(main())
"""
_URLLIB_BY_PROXY = ("env", "https_proxy={proxy}", _PYTHON, "-c", _URLLIB, "{host}")
_PYTHONS = [
    Program("Python urllib", MODULE, (_PYTHON, "-c", _URLLIB, "{host}"), _VERIFIES),
    Program("Python urllib", BOTH, (_PYTHON, "-c", _URLLIB, "{host}"), _VERIFIES),
    Program("Python ssl, CERT_NONE", MODULE, (_PYTHON, "-c", _SSL_CERT_NONE, "{host}"), _TRUSTS_ANYBODY),
    Program("Python asyncio", MODULE, (_PYTHON, "-c", _ASYNCIO, "{host}"), _VERIFIES),
    Program("Python asyncio beside another connection", MODULE, (_PYTHON, "-c", _ASYNCIO_BESIDE, "{host}"),
            UNKNOWN_PEER),
    Program("Python asyncio beside another connection, a rule with port = 443", MODULE,
            (_PYTHON, "-c", _ASYNCIO_BESIDE, "{host}"), _VERIFIES,
            rule=("programs = python3.11", "port = 443")),
    Program("Python asyncio beside another connection, a mandatory rule for host and port", MODULE,
            (_PYTHON, "-c", _ASYNCIO_BESIDE, "{host}"), _UNKNOWN_PEER_REFUSED,
            rule=("hosts = {host}:443", "mode = mandatory")),
    Program("Python asyncio, client and server in one", MODULE, (_PYTHON, "-c", _ASYNCIO_SERVES, "{host}"), _VERIFIES),
    Program("Python urllib, https_proxy", MODULE, _URLLIB_BY_PROXY, UNKNOWN_PEER),
    Program("Python urllib, https_proxy, a rule with port = 443", MODULE, _URLLIB_BY_PROXY, _VERIFIES,
            rule=("programs = python3.11", "port = 443")),
]

_IO_SOCKET_SSL = """\
my $host = $ARGV[0];
my $socket = IO::Socket::SSL->new(PeerHost => $host, PeerPort => 443) or do { print STDERR "$SSL_ERROR\\n"; exit 1 };
print $socket "GET / HTTP/1.0\\r\\nHost: $host\\r\\n\\r\\n";
print <$socket>;
"""
_SWAKS = ("swaks", "--server", "{host}", "--to", "somebody@{host}", "--helo", "client.example", "--tls",
          "--quit-after", "TLS")
_SWAKS_SHOWS = "^=== TLS started with cipher"

_PERLS = [
    Program("Perl IO::Socket::SSL", MODULE, ("perl", "-MIO::Socket::SSL", "-e", _IO_SOCKET_SSL, "{host}"), _VERIFIES),
    Program("swaks --tls-verify --tls-sni", MODULE, (*_SWAKS, "--tls-verify", "--tls-sni", "{host}"), _VERIFIES,
            service="smtp", shows=_SWAKS_SHOWS, exits=(0, 29)),
    Program("swaks --tls-verify, no name known", MODULE, (*_SWAKS, "--tls-verify"), UNKNOWN_PEER, service="smtp",
            shows=_SWAKS_SHOWS, exits=(0, 29)),
    Program("swaks --tls-verify, a rule with the name", MODULE, (*_SWAKS, "--tls-verify"), _VERIFIES, service="smtp",
            shows=_SWAKS_SHOWS, exits=(0, 29), rule=("programs = perl", "host = {host}")),
    Program("swaks --tls-sni", MODULE, (*_SWAKS, "--tls-sni", "{host}"), _TRUSTS_ANYBODY, service="smtp",
            shows=_SWAKS_SHOWS, exits=(0, 29)),
]

_PSQL_SHOWS = "FATAL:  this server has no databases"
_PSQLS = [
    Program("psql sslmode=verify-full", PRELOAD,
            ("psql", "host={host} dbname=none user=nobody sslmode=verify-full sslrootcert={ca}"), _VERIFIES,
            service="postgres", shows=_PSQL_SHOWS, exits=(2, 2)),
    Program("psql sslmode=require", PRELOAD, ("psql", "host={host} dbname=none user=nobody sslmode=require"),
            _TRUSTS_ANYBODY, service="postgres", shows=_PSQL_SHOWS, exits=(2, 2)),
    Program("psql sslmode=require, verify_none = enforce", PRELOAD,
            ("psql", "host={host} dbname=none user=nobody sslmode=require"), _ENFORCED, service="postgres",
            shows=_PSQL_SHOWS, exits=(2, 2), settings=("verify_none = enforce",)),
]

_STUNNEL = """\
foreground = yes
syslog = no
client = yes
connect = {host}:443
sni = {host}
verifyChain = yes
checkHost = {host}
CAfile = {ca}
"""
_PHP = 'if (($text = file_get_contents("https://$argv[1]/")) === false) exit(1); echo $text;'
_NET_HTTP = 'print Net::HTTP.get(URI("https://#{ARGV[0]}/"))'
_NODE = """\
require("https").get(`https://${process.argv[1]}/`, answer => answer.pipe(process.stdout))
  .on("error", error => { console.error(error.message); process.exit(1); });
"""
_OTHERS = [
    Program("stunnel as client", PRELOAD, ("stunnel4", "{directory}/stunnel.conf"), _VERIFIES, shows=_OK, exits=(0, 0),
            input=_REQUEST, files=(("stunnel.conf", _STUNNEL),)),
    Program("socat OPENSSL:", PRELOAD, ("socat", "-t", "5", "-", "OPENSSL:{host}:443,cafile={ca}"), _VERIFIES,
            shows=_OK, input=_REQUEST),
    Program("nginx to its upstream", MODULE, ("{here}/nginx_upstream.py", "{directory}", "{host}"), _VERIFIES),
    Program("nginx to its upstream", PRELOAD, ("{here}/nginx_upstream.py", "{directory}", "{host}"), _VERIFIES),
    Program("PHP https://", PRELOAD, ("php", "-r", _PHP, "{host}"), _VERIFIES),
    Program("Ruby net/http", MODULE, ("ruby", "-rnet/http", "-e", _NET_HTTP, "{host}"), _VERIFIES),
    Program("Node.js https", PRELOAD, ("node", "-e", _NODE, "{host}"), _VERIFIES, optional=True),
]

PROGRAMS = _CURLS + _OPENSSL + _PYTHONS + _PERLS + _PSQLS + _OTHERS
