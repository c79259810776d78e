# SPDX-License-Identifier: Apache-2.0
"""The name servers: one nsd each for the root, the TLDs and the zones below, one that refuses every question, an unbound
that validates, over TLS too, resolvers that are not as they should be, and one server that never answers."""

import pathlib
import shutil
import socket
import struct
import sys

import zones
from dns_delay import BACKEND_PORT
from tools import find

NSD = """\
server:
  ip-address: {address}@{port}
  username: ""
  chroot: ""
  zonesdir: "{directory}"
  database: ""
  pidfile: ""
  xfrdfile: "{directory}/xfrd.state"
  zonelistfile: "{directory}/zone.list"
  xfrdir: "{directory}"
  logfile: "/dev/stderr"
  server-count: 1
  tcp-count: 200
  rrl-ratelimit: 0
  hide-version: yes
remote-control:
  control-enable: no
"""
_UNBOUND = """\
server:
  directory: "{directory}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  num-threads: 1
  port: {port}
  interface: {address}
  interface: 127.0.0.1
  interface: ::1
  interface: {address}@853
  tls-service-pem: "{certificate}"
  tls-service-key: "{key}"
  access-control: 0.0.0.0/0 allow
  do-not-query-localhost: no
  root-hints: "{directory}/root.hints"
  trust-anchor-file: "{anchors}"
  module-config: "validator iterator"
  val-log-level: 1
remote-control:
  control-enable: no
"""


def nsd_commands(directory, delayed):
    """Writes each nsd's configuration; gives names and commands. The zones' files lie in `directory` already."""
    commands = {}
    for name, address in (("root", zones.ROOT_SERVER), ("tld", zones.TLD_SERVER), ("zones", zones.ZONE_SERVER),
                          ("refusing", zones.REFUSING_SERVER)):
        served = [zone for zone in zones.ZONES if zone.server == address != zones.REFUSING_SERVER]
        commands[f"nsd-{name}"] = nsd_command(directory, f"nsd-{name}", address, served, _port(delayed))
    return commands


def nsd_command(directory, name, address, served, port=53):
    """Writes the configuration of one nsd for the zones `served`; gives its command."""
    own = pathlib.Path(directory, name)
    own.mkdir()
    text = NSD.format(address=address, port=port, directory=own)
    for zone in served:
        text += f'zone:\n  name: "{zone.name}"\n  zonefile: "{zone_file(directory, zone)}"\n'
    config = own / "nsd.conf"
    config.write_text(text)
    return [find("nsd"), "-d", "-c", str(config)]


def zone_file(directory, zone):
    """Where a zone's signed master file lies. An nsd that finds none answers SERVFAIL."""
    return pathlib.Path(directory, ("root" if zone.name == "." else zone.name.rstrip(".")) + ".signed")


def unbound_command(directory, anchors, delayed, pki):
    """unbound runs as a copy: a profile of the machine may forbid /usr/sbin/unbound to read what lies here."""
    own = pathlib.Path(directory, "unbound")
    own.mkdir()
    program = shutil.copy(find("unbound"), own / "unbound")
    (own / "root.hints").write_text(f". 300 IN NS a.root.\na.root. 300 IN A {zones.ROOT_SERVER}\n")
    config = own / "unbound.conf"
    config.write_text(
        _UNBOUND.format(address=zones.RESOLVER, port=_port(delayed), directory=own, anchors=anchors,
                        certificate=pki.certificate("resolver"), key=pki.key("resolver")))
    return [str(program), "-d", "-c", str(config)]


def make_resolver_certificates(pki):
    """One for the resolver's name, and one for another."""
    pki.make_leaf("resolver", "public-root", [zones.RESOLVER_NAME], False)
    pki.make_leaf("wrong-resolver", "public-root", ["other.resolver.example"], False)


def middle_commands(pki):
    """Resolvers that are not as they should be."""
    program = pathlib.Path(__file__).with_name("dns_middle.py")
    return {"dns-middle": [sys.executable, str(program), str(pki.certificate("resolver")), str(pki.key("resolver")),
                           str(pki.certificate("wrong-resolver")), str(pki.key("wrong-resolver"))]}


def _port(delayed):
    return BACKEND_PORT if delayed else 53


def open_silent_server():
    """Sockets that take questions and never read them. They live as long as whoever holds them."""
    silent_udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent_udp.bind((zones.SILENT_SERVER, 53))
    silent_tcp = socket.create_server((zones.SILENT_SERVER, 53))
    return silent_udp, silent_tcp


def answers(address, name, wants_authentic_data):
    """Whether the server gives an answer to `name` SOA; from the resolver it must be a validated one."""
    reply = _reply(address, name)
    if reply is None:
        return False
    authentic_data, rcode, answer_count = reply[3] & 0x20, reply[3] & 0x0F, reply[7]
    return rcode == 0 and answer_count > 0 and (bool(authentic_data) or not wants_authentic_data)


def refuses(address, name):
    """Whether the server answers `name` SOA with REFUSED."""
    reply = _reply(address, name)
    return reply is not None and reply[3] & 0x0F == 5


def serves(address, name, serial):
    """Whether the server, which may hold it for bogus, has the zone with this serial number."""
    reply = _reply(address, name, checking_disabled=True)
    return reply is not None and struct.pack(">5I", serial, *zones.SOA_TIMES) in reply


def _reply(address, name, checking_disabled=False):
    """The server's reply to `name` SOA, or None."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"
    flags = b"\x01\x30" if checking_disabled else b"\x01\x20"  # RD and AD
    question = b"\x12\x34" + flags + b"\0\1\0\0\0\0\0\0" + labels + b"\0\6\0\1"  # QTYPE SOA
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(2)
        try:
            client.connect((address, 53))
            client.send(question)
            return client.recv(4096)
        except OSError:
            return None
