# SPDX-License-Identifier: Apache-2.0
"""Builds the world inside the sandbox, from keys to listening servers, and says where to find it."""

import pathlib
import subprocess
import sys
import time

import dns_servers
import pki as pki_module
import sandbox
import services
import signing
import tls_servers
import zones
from tools import Failed, in_parallel

_START_LIMIT = 10  # seconds for a server to answer
_LOG_TAIL = 20  # lines shown of each log when the start fails

_steps = []
_held = []  # what must live as long as the world


def world(dns_delay, served):
    """Builds everything, starting servers for those services that are in `served`; gives the environment that COMMAND
    finds, and the servers' names by process id. Failed, with the servers' logs, if it cannot."""
    logs = sandbox.WORLD_DIR / "log"
    logs.mkdir()
    try:
        return _build(sandbox.WORLD_DIR, dns_delay, served)
    except Failed as failed:
        raise Failed(f"{failed}{_log_tails(logs)}") from failed


def print_times(total):
    for step, seconds in _steps:
        print(f"world: {step}: {seconds:.2f} s", file=sys.stderr)
    print(f"world: started in {total:.2f} s", file=sys.stderr)


def _build(directory, dns_delay, served):
    pki = pki_module.Pki(directory / "pki")
    keys = signing.Keys(directory / "keys")
    with _Step("certificates and zone keys"):
        pki.make_authorities()
        in_parallel([keys.make, lambda: _make_certificates(pki)])
    anchors = directory / "root.key"
    anchors.write_text(keys.trust_anchor("."))
    (directory / "example.key").write_text(keys.trust_anchor("example."))
    servers = {}
    with _Step("signatures"):
        servers |= _start_tls_servers(directory, pki, served)
        _sign_zones(directory / "zones", pki, keys)
    with _Step("servers"):
        servers |= _start_name_servers(directory, dns_delay)
        _replace_system_files(directory, pki, anchors)
        _wait_for_name_servers(servers)
        servers |= _start_resolvers(directory, pki, anchors, dns_delay)
        _wait_for_tls_servers(servers, served)
        _wait(servers, "the resolver", lambda: dns_servers.answers(zones.RESOLVER, "good.dane", True))
        for address in (zones.RESOLVER, zones.CLOSING_RESOLVER, zones.WRONG_RESOLVER):
            _wait(servers, f"the resolver at {address}", lambda a=address: tls_servers.listens(a, 853))
    return _environment(directory, pki, anchors, dns_delay), {process.pid: name for name, process in servers.items()}


def _environment(directory, pki, anchors, dns_delay):
    environment = {
        "DANELAW_WORLD_DIR": str(directory),
        "DANELAW_WORLD_ROOT_SERVERS": zones.ROOT_SERVER,
        "DANELAW_WORLD_RESOLVER": zones.RESOLVER,
        "DANELAW_WORLD_TLS_RESOLVER": f"tls://{zones.RESOLVER}/{zones.RESOLVER_NAME}",
        "DANELAW_WORLD_ANCHORS": str(anchors),
        "DANELAW_WORLD_DNS_DELAY": str(dns_delay),
        "DANELAW_WORLD_EXAMPLE_ANCHORS": str(directory / "example.key"),
        "DANELAW_WORLD_CA": str(pki.certificate("public-root")),
    }
    if not pathlib.Path("/etc/ssl/certs").exists():  # so it could not be replaced
        environment["SSL_CERT_FILE"] = environment["DANELAW_WORLD_CA"]
    return environment


class _Step:
    def __init__(self, name):
        self._name = name

    def __enter__(self):
        self._begun = time.monotonic()

    def __exit__(self, *_error):
        _steps.append((self._name, time.monotonic() - self._begun))


def _make_certificates(pki):
    tasks = [lambda: pki.make_leaf("stranger", None, ["stranger.invalid"], False),
             lambda: pki.make_leaf("stray", "public-intermediate", ["ftp-data.services.dane"], False),
             lambda: dns_servers.make_resolver_certificates(pki)]
    with_certificate = list({service.file_name: service for service in services.SERVICES}.values())
    for service in with_certificate:
        leaf = service.leaf
        tasks.append(lambda s=service, leaf=leaf: pki.make_leaf(
            s.file_name, leaf.issuer, leaf.names or [s.name], leaf.expired))
    in_parallel(tasks)
    pki.write_chain("stray.chain.pem", ["stray", "public-intermediate"])
    for service in with_certificate:
        pki.write_chain(f"{service.file_name}.chain.pem", [service.file_name, *service.leaf.sent])


def _association(pki, service, tlsa):
    """"3 1 1 leaf" as "3 1 1 <hex>"."""
    *numbers, subject = tlsa.split()
    if subject.startswith("="):
        return " ".join([*numbers, subject[1:]])
    _usage, selector, matching_type = map(int, numbers)
    certificate = service.file_name if subject == "leaf" else subject
    known = selector if selector in (0, 1) else 1, matching_type if matching_type in (0, 1, 2) else 1
    return " ".join([*numbers, pki.association(*known, certificate)])


def _sign_zones(directory, pki, keys):
    directory.mkdir()
    texts = zones.zone_texts(
        services.SERVICES, lambda service, tlsa: _association(pki, service, tlsa), keys.ds_records())
    tasks = []
    for zone in zones.ZONES:
        signed = dns_servers.zone_file(directory, zone)
        unsigned = signed.with_suffix(".zone")
        unsigned.write_text(texts[zone.name])
        if zone.fault != "not-loaded":
            tasks.append(lambda zone=zone, unsigned=unsigned, signed=signed: keys.sign(zone, unsigned, signed))
    in_parallel(tasks)


def _start_tls_servers(directory, pki, served):
    return {
        name: _start(name, command)
        for name, command in {
            "nginx": tls_servers.nginx_command(directory, pki, served),
            "starttls": tls_servers.starttls_command(directory, pki, served),
            "policies": tls_servers.policy_command(directory, pki, services.SERVICES),
            "mailbox": tls_servers.mailbox_command(),
        }.items()
    }


def _start_name_servers(directory, dns_delay):
    _held.append(dns_servers.open_silent_server())
    commands = dns_servers.nsd_commands(directory / "zones", delayed=dns_delay > 0)
    if dns_delay > 0:
        proxy = pathlib.Path(__file__).with_name("dns_delay.py")
        addresses = [zones.ROOT_SERVER, zones.TLD_SERVER, zones.ZONE_SERVER, zones.REFUSING_SERVER, zones.RESOLVER]
        commands["dns-delay"] = [sys.executable, str(proxy), str(dns_delay), *addresses]
    return {name: _start(name, command) for name, command in commands.items()}


def _start_resolvers(directory, pki, anchors, dns_delay):
    """Only once the name servers answer: a resolver remembers for minutes that they did not."""
    commands = dns_servers.middle_commands(pki)
    commands["unbound"] = dns_servers.unbound_command(directory, anchors, dns_delay > 0, pki)
    return {name: _start(name, command) for name, command in commands.items()}


def _start(name, command):
    """A session of its own keeps the terminal's signals away: the servers end with the sandbox."""
    with open(_log_file(name), "wb") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                start_new_session=True)


def _replace_system_files(directory, pki, anchors):
    resolv_conf = directory / "resolv.conf"
    resolv_conf.write_text(f"nameserver {zones.RESOLVER}\noptions edns0 trust-ad\n")
    sandbox.mount_over(resolv_conf, "/etc/resolv.conf")
    sandbox.mount_over(anchors, "/usr/share/dns/root.key")
    sandbox.mount_over(pki.make_system_store(directory / "certs"), "/etc/ssl/certs")


def _wait_for_name_servers(servers):
    for address, name in ((zones.ROOT_SERVER, "."), (zones.TLD_SERVER, "dane"), (zones.ZONE_SERVER, "good.example")):
        _wait(servers, f"the name server at {address}", lambda a=address, n=name: dns_servers.answers(a, n, False))
    _wait(servers, "the name server that refuses",
          lambda: dns_servers.refuses(zones.REFUSING_SERVER, "refused.example"))


def _wait_for_tls_servers(servers, served):
    listeners = {(address, service.port) for service in served for address in service.addresses
                 if service.protocol not in services.NOT_STARTED}
    for address, port in sorted(listeners):
        _wait(servers, f"port {port} at {address}", lambda a=address, p=port: tls_servers.listens(a, p))


def _wait(servers, what, is_ready):
    limit = time.monotonic() + _START_LIMIT
    while not is_ready():
        ended = [name for name, process in servers.items() if process.poll() is not None]
        if ended:
            raise Failed(f"{', '.join(ended)} ended at once")
        if time.monotonic() > limit:
            raise Failed(f"{what} did not answer within {_START_LIMIT} s")
        time.sleep(0.02)


def _log_tails(logs):
    return "".join(log_tail(log.stem) for log in sorted(logs.iterdir()))


def log_tail(name):
    lines = _log_file(name).read_text(errors="replace").splitlines()[-_LOG_TAIL:]
    return f"\n--- {name}\n" + "\n".join(lines) if lines else ""


def _log_file(name):
    return sandbox.WORLD_DIR / "log" / f"{name}.log"
