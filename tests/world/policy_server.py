#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The servers of MTA-STS policies, and some that misbehave (RFC 8461 section 3.3).

Used as `policy_server.py CONFIG`, a JSON list of {name, address, port, chain, key, fault, mx}; `fault` is one of:
  enforce, testing, none   a policy of that mode
  redirect                 another place, where there is a policy
  too-large                a policy with more than 64 KiB
  slow                     a policy, after longer than anybody should wait
  malformed                a policy without a mode
  html                     a policy of another media type
  not-found                404
  hang-up                  the connection ends after the handshake
Requests are written to standard output. While a file NAME.down lies beside CONFIG that server hangs up, and what a file
NAME.txt says is its policy.
"""

import http.server
import json
import pathlib
import socketserver
import ssl
import sys
import time

_PATH = "/.well-known/mta-sts.txt"
_SLOW = 30  # seconds
_config = None


def _policy(mode, mx, more=""):
    patterns = "".join(f"mx: {pattern}\r\n" for pattern in mx.split())
    return f"version: STSv1\r\nmode: {mode}\r\n{patterns}max_age: 604800\r\n{more}"


def _text(row):
    """What the server sends in place of an error."""
    own = _config.with_name(f"{row['name']}.txt")
    if own.exists():
        return own.read_text()
    fault = row["fault"]
    if fault == "malformed":
        return _policy("enforce", row["mx"]).replace("mode: enforce\r\n", "")
    more = "padding: " + "x" * 70000 + "\r\n" if fault == "too-large" else ""
    return _policy(fault if fault in ("testing", "none") else "enforce", row["mx"], more)


class _Handler(http.server.BaseHTTPRequestHandler):
    timeout = 20

    def do_GET(self):
        host = self.headers.get("Host", "")
        row = self.server.rows.get(host)
        print(host, self.path, row["fault"] if row else "unknown", flush=True)
        if row is None or self.path != _PATH:
            self.say(404, "nothing here\n")
        elif row["fault"] == "hang-up" or _config.with_name(f"{host}.down").exists():
            self.close_connection = True
        elif row["fault"] == "not-found":
            self.say(404, _policy("enforce", row["mx"]))
        elif row["fault"] == "redirect":
            self.say(301, "", ("Location", "https://mta-sts.enforce.unsigned.example" + _PATH))
        else:
            if row["fault"] == "slow":
                time.sleep(_SLOW)
            kind = "text/html" if row["fault"] == "html" else "text/plain; charset=utf-8"
            self.say(200, _text(row), ("Content-Type", kind))

    def say(self, status, text, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_arguments):
        pass


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, port, rows):
        super().__init__((address, port), _Handler)
        self.rows = {row["name"]: row for row in rows}
        self.contexts = {row["name"]: self._context(row) for row in rows}

    @staticmethod
    def _context(row):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(row["chain"], row["key"])
        return context

    def _choose(self, connection, name, _context):
        if name in self.contexts:
            connection.context = self.contexts[name]
        return None

    def finish_request(self, request, client_address):
        """In the thread of the connection, so that a handshake holds up nobody else."""
        request.settimeout(_Handler.timeout)
        context = self._context(next(iter(self.rows.values())))
        context.sni_callback = self._choose
        try:
            with context.wrap_socket(request, server_side=True) as encrypted:
                super().finish_request(encrypted, client_address)
        except (OSError, ssl.SSLError):
            pass


def main():
    global _config
    _config = pathlib.Path(sys.argv[1])
    rows = json.loads(_config.read_text())
    _Listener(rows[0]["address"], rows[0]["port"], rows).serve_forever()


if __name__ == "__main__":
    main()
