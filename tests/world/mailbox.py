#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A mailbox with one letter, for IMAP and POP3 in plaintext: what nginx hands a client on to that has logged in over TLS.

Usage: mailbox.py IMAP-PORT POP3-PORT, at 127.0.0.1. It speaks as much of both as it takes to fetch the letter.
"""

import socketserver
import sys
import threading

_PATIENCE = 20  # seconds without a word from the client
_LETTER = "a letter\r\n"


class _Handler(socketserver.StreamRequestHandler):
    timeout = _PATIENCE

    def handle(self):
        try:
            self.greet()
            for line in self.rfile:
                if not self.reply(line.decode("ascii", "replace").strip()):
                    return
        except OSError:  # the client has left
            pass

    def say(self, text):
        self.wfile.write(text.encode())


class Imap(_Handler):
    """RFC 9051. nginx logs in with literals, each of which waits for a continuation."""

    _login = ""  # the tag of a LOGIN that goes on

    def greet(self):
        self.say("* OK [CAPABILITY IMAP4rev1] ready\r\n")

    def reply(self, line):
        tag, _, command = line.partition(" ")
        if line.endswith("}"):
            self._login = self._login or tag
            self.say("+ go on\r\n")
            return True
        if self._login:
            tag, command, self._login = self._login, "", ""
        verb = command.upper()
        if verb.startswith("CAPABILITY"):
            self.say("* CAPABILITY IMAP4rev1\r\n")
        elif verb.startswith("SELECT"):
            self.say("* 1 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n")
        elif verb.startswith("UID FETCH"):
            self.say(f"* 1 FETCH (UID 1 BODY[] {{{len(_LETTER)}}}\r\n{_LETTER})\r\n")
        elif verb.startswith("LOGOUT"):
            self.say(f"* BYE\r\n{tag} OK\r\n")
            return False
        self.say(f"{tag} OK done\r\n")
        return True


class Pop3(_Handler):
    """RFC 1939."""

    def greet(self):
        self.say("+OK ready\r\n")

    def reply(self, line):
        verb = line.upper()
        if verb.startswith("RETR"):
            self.say(f"+OK\r\n{_LETTER}.\r\n")
        elif verb.startswith("CAPA"):
            self.say("+OK\r\nUSER\r\n.\r\n")
        else:
            self.say("+OK\r\n")
        return not verb.startswith("QUIT")


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    for handler, port in zip((Imap, Pop3), sys.argv[1:], strict=True):
        listener = _Listener(("127.0.0.1", int(port)), handler)
        threading.Thread(target=listener.serve_forever, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
