# SPDX-License-Identifier: Apache-2.0
"""What a program with the plugin may meet, and what is wanted of it then.

The cells are written from the table of outcomes (src/verify/action.hpp), not from what was seen: whether the program
accepts the peer, and each verdict that the plugin logs, as "decision (reason)". Which server is behind a case is in HOSTS;
how the servers are made is in services.py.
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
WRONG_NAME = "wrong name"  # cases for a few programs only
STRAY_DATA = "stray data"
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
_HUBS = {
    "good": "hub.good.example",
    "mismatch": "hub-mismatch.services.dane",
    "self-signed": "hub.services.dane",
    "private CA": "hub-ta.services.dane",
    "absent": "hub-absent.services.dane",
    "insecure": "hub.unsigned.example",
    "bogus": "hub.altered.dane",
    "dead": "tlsa-dead.good.example",
}
HOSTS |= {"imap": _HUBS, "pop3": _HUBS, "ftp": _HUBS | {STRAY_DATA: "ftp-data.services.dane"}, "ftps": _HUBS,
          "proxy": _HUBS}
PORTS = {"https": 443, "smtp": 25, "postgres": 5432, "imap": 143, "pop3": 110, "ftp": 21, "ftps": 990, "proxy": 3129}


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


def cells_of(text):
    """Lines of "case | opportunistic | mandatory", or "case | both", as {(case, mode): Cell}."""
    cells = {}
    for line in text.strip().splitlines():
        case, *wanted = line.split("|")
        for mode, cell in zip(MODES, wanted * (2 if len(wanted) == 1 else 1), strict=True):
            cells[case.strip(), mode] = Cell.from_text(cell)
    return cells


# A program that verifies its peers.
VERIFIES = cells_of("""
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
TRUSTS_ANYBODY = cells_of("""
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
ENFORCED = cells_of("""
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
UNKNOWN_PEER = cells_of("""
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
UNKNOWN_PEER_REFUSED = cells_of("""
good              | refuses: rejected (mandatory-without-dane)
mismatch          | refuses: rejected (mandatory-without-dane)
self-signed       | refuses: rejected (mandatory-without-dane)
absent            | refuses: rejected (mandatory-without-dane)
insecure          | refuses: rejected (mandatory-without-dane)
""")

# Two connections, one after the other, to the same server, which resumes sessions.
RESUMES = cells_of("""
good        | accepts: authenticated (matched), authenticated (resumed)
self-signed | accepts: authenticated (matched), authenticated (resumed)
private CA  | accepts: authenticated (matched), authenticated (resumed)
absent      | accepts: not-applicable (secure-absent) twice | refuses: rejected (mandatory-without-dane) twice
insecure    | accepts: not-applicable (insecure) twice      | refuses: rejected (mandatory-without-dane) twice
""")

# Two servers at a time: the case's, and one that matches.
TWO_AT_A_TIME = cells_of("""
good        | accepts: authenticated (matched) twice
mismatch    | refuses: authenticated (matched), rejected (no-match)
self-signed | accepts: authenticated (matched) twice
private CA  | accepts: authenticated (matched) twice
absent      | accepts: authenticated (matched), not-applicable (secure-absent) \
            | refuses: authenticated (matched), rejected (mandatory-without-dane)
absent, untrusted | refuses: authenticated (matched), not-applicable (secure-absent) \
            | refuses: authenticated (matched), rejected (mandatory-without-dane)
insecure    | accepts: authenticated (matched), not-applicable (insecure) \
            | refuses: authenticated (matched), rejected (mandatory-without-dane)
bogus       | refuses: authenticated (matched), undecided (lookup-failed)
dead        | refuses: authenticated (matched), undecided (lookup-failed)
""")

# `mode = off`, whatever the other mode says.
OFF = cells_of("""
good        | accepts: not-applicable (not-asked)
mismatch    | accepts: not-applicable (not-asked)
self-signed | refuses: not-applicable (not-asked)
private CA  | refuses: not-applicable (not-asked)
bogus       | accepts: not-applicable (not-asked)
dead        | accepts: not-applicable (not-asked)
""")

# RFC 7671 section 5.1: the certificate has another name, and `dane_ee_names = skip`.
NAMES_SKIPPED = cells_of("""
wrong name | accepts: authenticated (matched)
""")
NAMES_SKIPPED_BUT_BY_THE_PROGRAM = cells_of("""
wrong name | refuses: authenticated (matched)
""")
NAMES_COMPARED = cells_of("""
wrong name | refuses: rejected (dane-ee-name-mismatch)
""")

# FTP by a program that shows sockets only: nobody knows what a port that the server made up belongs to, so the second
# connection is held against the records of that port, of which there are none.
NAMELESS_FTP = cells_of("""
good        | accepts: authenticated (matched), not-applicable (secure-absent) \
            | refuses: authenticated (matched), rejected (mandatory-without-dane)
mismatch    | refuses: rejected (no-match)
self-signed | refuses: authenticated (matched), not-applicable (secure-absent) \
            | refuses: authenticated (matched), rejected (mandatory-without-dane)
private CA  | refuses: authenticated (matched), not-applicable (secure-absent) \
            | refuses: authenticated (matched), rejected (mandatory-without-dane)
absent      | accepts: not-applicable (secure-absent) twice | refuses: rejected (mandatory-without-dane)
insecure    | accepts: not-applicable (insecure) twice      | refuses: rejected (mandatory-without-dane)
bogus       | refuses: undecided (lookup-failed)
dead        | refuses: undecided (lookup-failed)
""")

# The proxy has the server's name: SNI does not tell which of both a handshake is with.
ONE_NAME = cells_of("""
good | accepts: not-applicable (not-asked) twice | refuses: rejected (mandatory-without-dane)
""")
NAMELESS = (UNKNOWN_PEER, UNKNOWN_PEER_REFUSED, NAMELESS_FTP, ONE_NAME)  # the log does not have the service, or not only
