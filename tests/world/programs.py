# SPDX-License-Identifier: Apache-2.0
"""What unmodified programs must do with the plugin: one row for each program and way to use it.

run_programs holds the programs against the rows. What the cells say is in program_cells.py.
"""

import programs_by_proxy
import programs_curl
import programs_ftp
from program import BOTH, MODULE, PRELOAD, Program
from program_cells import ENFORCED, NAMES_SKIPPED, TRUSTS_ANYBODY, UNKNOWN_PEER, UNKNOWN_PEER_REFUSED, VERIFIES

_REQUEST = "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
_OK = r"^HTTP/1.1 200 OK"

_S_CLIENT = ("openssl", "s_client", "-quiet", "-connect", "{host}:443")

_OPENSSL = [
    Program("openssl s_client -verify_return_error", PRELOAD, (*_S_CLIENT, "-verify_return_error"), VERIFIES,
            shows=_OK, input=_REQUEST),
    Program("openssl s_client -verify_return_error", MODULE, (*_S_CLIENT, "-verify_return_error"), VERIFIES,
            shows=_OK, input=_REQUEST),
    Program("openssl s_client -verify_return_error", BOTH, (*_S_CLIENT, "-verify_return_error"), VERIFIES,
            shows=_OK, input=_REQUEST),
    Program("openssl s_client", PRELOAD, _S_CLIENT, TRUSTS_ANYBODY, shows=_OK, input=_REQUEST),
    Program("openssl s_client, another's name, dane_ee_names = skip", PRELOAD, (*_S_CLIENT, "-verify_return_error"),
            NAMES_SKIPPED, shows=_OK, input=_REQUEST, settings=("dane_ee_names = skip",)),
    Program("openssl s_client -starttls smtp", PRELOAD,
            ("openssl", "s_client", "-quiet", "-verify_return_error", "-starttls", "smtp", "-connect", "{host}:25",
             "-servername", "{host}"), VERIFIES, service="smtp", shows="^250 2.0.0 OK", input="NOOP\r\nQUIT\r\n"),
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
    Program("Python urllib", MODULE, (_PYTHON, "-c", _URLLIB, "{host}"), VERIFIES),
    Program("Python urllib", BOTH, (_PYTHON, "-c", _URLLIB, "{host}"), VERIFIES),
    Program("Python ssl, CERT_NONE", MODULE, (_PYTHON, "-c", _SSL_CERT_NONE, "{host}"), TRUSTS_ANYBODY),
    Program("Python asyncio", MODULE, (_PYTHON, "-c", _ASYNCIO, "{host}"), VERIFIES),
    Program("Python asyncio beside another connection", MODULE, (_PYTHON, "-c", _ASYNCIO_BESIDE, "{host}"),
            UNKNOWN_PEER),
    Program("Python asyncio beside another connection, a rule with port = 443", MODULE,
            (_PYTHON, "-c", _ASYNCIO_BESIDE, "{host}"), VERIFIES,
            rule=("programs = python3.11", "port = 443")),
    Program("Python asyncio beside another connection, a mandatory rule for host and port", MODULE,
            (_PYTHON, "-c", _ASYNCIO_BESIDE, "{host}"), UNKNOWN_PEER_REFUSED,
            rule=("hosts = {host}:443", "mode = mandatory")),
    Program("Python asyncio, client and server in one", MODULE, (_PYTHON, "-c", _ASYNCIO_SERVES, "{host}"), VERIFIES),
    Program("Python urllib, https_proxy", MODULE, _URLLIB_BY_PROXY, UNKNOWN_PEER),
    Program("Python urllib, https_proxy, a rule with port = 443", MODULE, _URLLIB_BY_PROXY, VERIFIES,
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
    Program("Perl IO::Socket::SSL", MODULE, ("perl", "-MIO::Socket::SSL", "-e", _IO_SOCKET_SSL, "{host}"), VERIFIES),
    Program("swaks --tls-verify --tls-sni", MODULE, (*_SWAKS, "--tls-verify", "--tls-sni", "{host}"), VERIFIES,
            service="smtp", shows=_SWAKS_SHOWS, exits=(0, 29)),
    Program("swaks --tls-verify, no name known", MODULE, (*_SWAKS, "--tls-verify"), UNKNOWN_PEER, service="smtp",
            shows=_SWAKS_SHOWS, exits=(0, 29)),
    Program("swaks --tls-verify, a rule with the name", MODULE, (*_SWAKS, "--tls-verify"), VERIFIES, service="smtp",
            shows=_SWAKS_SHOWS, exits=(0, 29), rule=("programs = perl", "host = {host}")),
    Program("swaks --tls-sni", MODULE, (*_SWAKS, "--tls-sni", "{host}"), TRUSTS_ANYBODY, service="smtp",
            shows=_SWAKS_SHOWS, exits=(0, 29)),
]

_PSQL_SHOWS = "FATAL:  this server has no databases"
_PSQLS = [
    Program("psql sslmode=verify-full", PRELOAD,
            ("psql", "host={host} dbname=none user=nobody sslmode=verify-full sslrootcert={ca}"), VERIFIES,
            service="postgres", shows=_PSQL_SHOWS, exits=(2, 2)),
    Program("psql sslmode=require", PRELOAD, ("psql", "host={host} dbname=none user=nobody sslmode=require"),
            TRUSTS_ANYBODY, service="postgres", shows=_PSQL_SHOWS, exits=(2, 2)),
    Program("psql sslmode=require, verify_none = enforce", PRELOAD,
            ("psql", "host={host} dbname=none user=nobody sslmode=require"), ENFORCED, service="postgres",
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
    Program("stunnel as client", PRELOAD, ("stunnel4", "{directory}/stunnel.conf"), VERIFIES, shows=_OK, exits=(0, 0),
            input=_REQUEST, files=(("stunnel.conf", _STUNNEL),)),
    Program("socat OPENSSL:", PRELOAD, ("socat", "-t", "5", "-", "OPENSSL:{host}:443,cafile={ca}"), VERIFIES,
            shows=_OK, input=_REQUEST),
    Program("nginx to its upstream", MODULE, ("{here}/nginx_upstream.py", "{directory}", "{host}"), VERIFIES),
    Program("nginx to its upstream", PRELOAD, ("{here}/nginx_upstream.py", "{directory}", "{host}"), VERIFIES),
    Program("PHP https://", PRELOAD, ("php", "-r", _PHP, "{host}"), VERIFIES),
    Program("Ruby net/http", MODULE, ("ruby", "-rnet/http", "-e", _NET_HTTP, "{host}"), VERIFIES),
    Program("Node.js https", PRELOAD, ("node", "-e", _NODE, "{host}"), VERIFIES, optional=True),
]

PROGRAMS = programs_curl.CURLS + programs_by_proxy.BY_PROXY + programs_ftp.FTP + _OPENSSL + _PYTHONS + _PERLS + _PSQLS + _OTHERS
