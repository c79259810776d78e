# SPDX-License-Identifier: Apache-2.0
"""docs/MTAS.md, from what run_mtas has found."""

import mtas

_HEAD = """\
# Mail servers and clients

Written by `tests/world/run_mtas BUILD --table docs/MTAS.md`: unmodified programs of Debian 12 deliver letters to the mail
domains of the private Internet in tests/world, where Postfix and servers with faults take them. Change nothing here;
tests/world/mtas.py says what is wanted of each.

A cell says how the letter arrived, as the server saw it, and whether the sender had authenticated the host, as the sender
says; "no letter": none arrived anywhere, nor in any way. **⚠** marks what RFC 7672 forbids: a letter that went to a host that
is not the domain's, or without the protection that the records demand. – : not tried, since this sender looks for no MX
records and is told the host.
"""
_HOW = """\
How each is helped is in the README's section on mail. Postfix and Exim have DANE of their own, which rests on the AD bit of
the resolver in their /etc/resolv.conf; `danelaw-policyd` validates by itself and tells both what to require. They still take
the records from their own resolver: where that does not say AD, letters to domains with DANE wait rather than go out without
it; one that says AD to forged records they believe. OpenSMTPD knows no DANE: it can hand letters to a program that does, or,
where all letters go to one relay host, the plugin can hold that host against its records. For its deliveries by MX records the
plugin cannot: it does not learn the host's name, and where a handshake fails OpenSMTPD goes on in cleartext. msmtp and Exim use
GnuTLS, where the plugin cannot be.
"""


def table_of(found):
    """`found` is {sender: {case: cell}}."""
    rows = [(sender, found[sender]) for sender in mtas.SENDERS if sender in found]
    lines = [_HEAD, "| case | the mail host |", "|---|---|", *(f"| {case.name} | {case.what} |" for case in mtas.CASES), "",
             "## Letters", "", _HOW, f"| sender | with | {' | '.join(case.name for case in mtas.CASES)} |",
             "|---" * (len(mtas.CASES) + 2) + "|"]
    lines += [f"| {sender.name} | {sender.help or 'nothing'} | "
              + " | ".join(_cell(case, cells.get(case)) for case in mtas.CASES) + " |" for sender, cells in rows]
    lines += ["", "Where a sender that is helped differs from RFC 7672:", "", "| sender | with | case | why |",
              "|---|---|---|---|"]
    lines += [_note(sender, note) for sender, _cells in rows for note in sender.notes if sender.help]
    lines += ["", "## Postfix, by two ways", "",
              "Every domain of the mail quarter, through `danelaw-policyd` and by Postfix's own level `dane`:", "",
              "| domain | what it is | RFC 7672 | danelaw-policyd | level dane | |", "|---" * 6 + "|"]
    ways = [(sender, found[sender]) for sender in mtas.QUARTER_SENDERS if sender in found]
    lines += [f"| {case.domain} | {case.what} | {case.want} | "
              + " | ".join(_cell(case, cells[case]) for _sender, cells in ways) + f" | {_why(case)} |"
              for case in mtas.QUARTER if ways]
    lines += ["", "## MTA-STS beside DANE", "", "Postfix, through `danelaw-policyd`:", "", "| domain | what it is | letter |",
              "|---|---|---|"]
    lines += [f"| {case.domain} | {case.what} | {_cell(case, cell)} |"
              for case, cell in found.get(mtas.STS_SENDER, {}).items()]
    return "\n".join(lines) + "\n"


def stale_lines(old, new):
    """Lines of `new` that `old` does not have."""
    if old == new:
        return []
    return [line for line in new.splitlines() if line not in old.splitlines()] or ["lines in another order, or too many"]


def _cell(case, cell):
    return "–" if cell is None else cell if case.is_safe(cell) else f"**⚠** {cell}"


def _note(sender, note):
    names, _cell_wanted, why = note
    return f"| {sender.name} | {sender.help} | {', '.join(names)} | {why} |"


def _why(case):
    return "; ".join(dict.fromkeys(
        f"Postfix {why}" for sender in mtas.QUARTER_SENDERS for names, _cell_wanted, why in sender.notes
        if case.name in names))
