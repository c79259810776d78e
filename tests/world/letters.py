# SPDX-License-Identifier: Apache-2.0
"""Where letters arrive: a Postfix at every mail host of the world that has no fault, each with the host's certificate, and
beside it starttls_server.py at those that have one. Each letter is known by its subject."""

import collections
import json
import os
import pathlib
import re
import smtplib
import socketserver
import threading
import time

import services

_PORT = 9025  # at 127.0.0.1: to this each Postfix passes letters on, before it has said that they were taken
_MAIN = ["myhostname = receiver.example", "inet_interfaces = 127.0.0.1", "smtpd_tls_security_level = may",
         "smtpd_tls_received_header = yes", f"smtpd_proxy_filter = 127.0.0.1:{_PORT}"]
_RECEIVED = re.compile(r"^Received: .*?\bby (\S+) .*?\bwith (E?SMTP\w*)", re.MULTILINE | re.DOTALL)
_SUBJECT = re.compile(r"^Subject: *(.*?)\r?$", re.MULTILINE)
_PATIENCE = 60  # seconds without a word
_START_LIMIT = 20

Letter = collections.namedtuple("Letter", "host protection")  # protection: TLS or cleartext


class Letters:
    def __init__(self):
        self._taken = collections.defaultdict(list)
        self._lock = threading.Lock()

    def start(self, postfix):
        """`postfix` is the one that receives."""
        letters = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = _PATIENCE

            def handle(self):
                try:
                    letters._take_from(self.rfile, self.wfile)
                except OSError:  # smtpd(8) has left
                    pass

        class Listener(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 64

        listener = Listener(("127.0.0.1", _PORT), Handler)
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        postfix.start(_MAIN, [line for host in services.mail_hosts() for line in _listeners(host)])
        for host in services.mail_hosts():
            for address in host.addresses:
                _wait_for_greeting(address, host.name)

    def taken(self, subject):
        """The letters of this subject that have arrived, wherever."""
        return self._by_subject().get(subject, [])

    def count(self):
        """Of all that have arrived."""
        return sum(len(letters) for letters in self._by_subject().values())

    def _by_subject(self):
        with self._lock:
            taken = collections.defaultdict(list, {subject: list(some) for subject, some in self._taken.items()})
        log = pathlib.Path(os.environ["DANELAW_WORLD_DIR"], "log", "starttls.log").read_text()
        for letter in (json.loads(line) for line in log.splitlines() if line.startswith("{")):
            taken[letter["subject"]].append(Letter(letter["host"], letter["protection"]))
        return taken

    def _take_from(self, lines, replies):
        """What smtpd(8) says to a filter before its queue, which knows no extension."""
        replies.write(b"220 filter ESMTP\r\n")
        for line in lines:
            verb = line.strip().upper()
            if verb == b"DATA":
                replies.write(b"354 Go ahead\r\n")
                self._note(b"".join(iter(lines.readline, b".\r\n")).decode(errors="replace"))
            replies.write(b"250 Fine\r\n" if verb != b"QUIT" else b"221 Bye\r\n")

    def _note(self, letter):
        received, subject = _RECEIVED.search(letter), _SUBJECT.search(letter)
        how = "TLS" if received[2].startswith("ESMTPS") else "cleartext"
        with self._lock:
            self._taken[subject[1]].append(Letter(received[1], how))


def _listeners(host):
    pki = pathlib.Path(os.environ["DANELAW_WORLD_DIR"], "pki")
    files = f"{pki / (host.file_name + '.key')},{pki / (host.file_name + '.chain.pem')}"
    for address in host.addresses:
        place = f"[{address}]" if ":" in address else address
        yield f"{place}:{host.port} inet n - n - - smtpd -o myhostname={host.name} -o smtpd_tls_chain_files={files}"


def _wait_for_greeting(address, name):
    end = time.monotonic() + _START_LIMIT
    while True:
        try:
            with smtplib.SMTP(address, 25, timeout=_START_LIMIT) as session:
                assert name in session.ehlo()[1].decode(), (name, session.ehlo_resp)
                return
        except (OSError, smtplib.SMTPException):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
