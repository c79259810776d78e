# SPDX-License-Identifier: Apache-2.0
"""A proxy that knows CONNECT (RFC 9110 section 9.3.6), and sends whoever asks it for /HOST on to https://HOST/. Before it,
at the hubs, stunnel: an HTTPS proxy for each case."""

import http.server
import os
import pathlib
import selectors
import socket
import subprocess
import threading

import services
import tools

_PATIENCE = 30  # seconds without an octet from either side


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_CONNECT(self):
        host, port = self.path.rsplit(":", 1)
        try:
            other = socket.create_connection((host, int(port)), timeout=_PATIENCE)
        except OSError:
            return self.send_error(502)
        with other:
            self.send_response(200)
            self.end_headers()
            _carry(self.connection, other)
        self.close_connection = True

    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", f"https:/{self.path}/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


def _carry(one, other):
    """All that one sends goes to the other, until either is done."""
    with selectors.DefaultSelector() as ready:
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while events := ready.select(_PATIENCE):
            for key, _ in events:
                try:
                    octets = key.fileobj.recv(65536)
                    key.data.sendall(octets)
                except OSError:
                    octets = b""
                if not octets:
                    return


def start(address):
    """Serves until the program ends; gives its URL."""
    server = http.server.ThreadingHTTPServer((address, 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{address}:{server.server_address[1]}"


_STUNNEL = """\
foreground = yes
syslog = no
pid =
"""
_STUNNEL_SERVICE = """\
[at-{address}]
accept = {address}:{port}
connect = {plain}
cert = {pki}/{file_name}.chain.pem
key = {pki}/{file_name}.key
"""


def start_with_tls(directory, proxy_url, namesake_address):
    """The process, which ends with the sandbox. At `namesake_address` is one with the certificate of www.good.example."""
    namesake = next(service for service in services.SERVICES if service.name == "www.good.example")
    places = [(service, service.addresses[0]) for service in services.hub_services("proxy")]
    config = pathlib.Path(directory, "stunnel.conf")
    config.write_text(_STUNNEL + "".join(
        _STUNNEL_SERVICE.format(address=address, port=services.HUB_PROTOCOLS["proxy"],
                                plain=proxy_url.removeprefix("http://"), file_name=service.file_name,
                                pki=pathlib.Path(os.environ["DANELAW_WORLD_DIR"], "pki"))
        for service, address in [*places, (namesake, namesake_address)]))
    with open(config.with_suffix(".log"), "wb") as log:
        return subprocess.Popen([tools.find("stunnel4"), str(config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
