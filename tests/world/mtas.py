# SPDX-License-Identifier: Apache-2.0
"""What mail servers and clients must do with letters to the domains of the mail quarter: one row for each sender and way to
help it.

What RFC 7672 wants of each case is in CASES; what a sender does otherwise, and why that is so, in its row. A cell is one of
the words below; "arrives" is what the servers say that took the letter, "authenticated" what the sender says.
"""

import dataclasses

import dns_without_ad
import mail_scenarios
import services

AUTHENTICATED, ENCRYPTED, CLEARTEXT, NO = "authenticated", "encrypted", "cleartext", "no letter"
WRONG_HOST = "encrypted, to the first host"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    domain: str
    host: str  # where the letter arrives, if it does, and whom a sender is told that looks for no MX records
    what: str
    want: str
    other_host: str = ""  # where it may arrive as well

    def is_safe(self, cell):
        """Nobody reads the letter who must not; a letter that stays where it is does no harm."""
        if self.domain == "injects.post.dane":  # what was injected may be thrown away: the handshake shows who is there
            return cell in (NO, AUTHENTICATED)
        if self.domain == "literal.post.dane":  # no host name: whoever takes it for an address has no records to obey
            return cell in (NO, ENCRYPTED)
        return cell in {AUTHENTICATED: (AUTHENTICATED, NO), ENCRYPTED: (AUTHENTICATED, ENCRYPTED, NO),
                        CLEARTEXT: (AUTHENTICATED, ENCRYPTED, CLEARTEXT, NO), NO: (NO,)}[self.want]


CASES = (
    Case("3 1 1", "both-families.post.dane", "mx-both.post.dane", "the key of a certificate of a public CA", AUTHENTICATED),
    Case("3 1 1, self-signed", "good.post.dane", "mx.mail.dane", "the key of a self-signed certificate", AUTHENTICATED),
    Case("2 1 1", "public-anchor.post.dane", "mx-public-anchor.post.dane", "a public CA", AUTHENTICATED),
    Case("2 1 1, private", "trust-anchor.post.dane", "mx-ta.mail.dane", "a CA that no store has", AUTHENTICATED),
    Case("failover", "failover.post.dane", "mx.mail.dane", "the first host has another key, the second the right one",
         AUTHENTICATED),
    Case("mismatch", "renewed.post.dane", "mx-mismatch.mail.dane", "another key", NO),
    Case("unusable", "pkix.post.dane", "mx-pkix.mail.dane", "usage 1 alone: TLS, not authenticated", ENCRYPTED),
    Case("unusable, no TLS", "pkix-cleartext.post.dane", "mx-pkix-cleartext.post.dane",
         "usage 1 alone, STARTTLS not offered: never cleartext", NO),
    Case("absent", "absent.post.dane", "mx-absent.mail.dane", "proof that there is no record", ENCRYPTED),
    Case("absent, no TLS", "cleartext.post.dane", "mx-cleartext.post.dane",
         "proof that there is no record, STARTTLS not offered", CLEARTEXT),
    Case("insecure", "to-unsigned.post.dane", "smtp.unsigned.example", "a host in an unsigned zone", ENCRYPTED),
    Case("bogus TLSA", "bogus-host.post.dane", "smtp.altered.dane", "TLSA records changed after they were signed", NO),
    Case("bogus MX", "forged-mx.dane", "", "MX records changed after they were signed", NO),
    Case("dead TLSA", "silent-host.post.dane", "tlsa-dead.good.example", "no name server answers for the TLSA records", NO),
    Case("dead MX", "dead.example", "", "no name server answers for the domain", NO),
    Case("not offered", "no-starttls.post.dane", "mx-no-starttls.mail.dane", "a record, STARTTLS not offered", NO),
    Case("refused", "refuses.post.dane", "mx-refuses.mail.dane", "a record, STARTTLS refused", NO),
    Case("injected", "injects.post.dane", "mx-injects.mail.dane", "a record, plaintext follows the go-ahead for TLS", NO),
    Case("hung up", "hangs-up.post.dane", "mx-hangs-up.mail.dane", "a record, the handshake is broken off", NO),
)
_MX_ONLY = ("failover", "bogus MX", "dead MX")


def _case_of(row):
    """A row of mail_scenarios.py: the letter arrives at the first host that takes it."""
    names = {address: host.name for host in services.SERVICES if host.protocol == "smtp" and host.port == 25
             for address in host.addresses}
    takers = [(names[address], result) for host in row.hosts for address, result in host.addresses.items()
              if result in (AUTHENTICATED, ENCRYPTED, CLEARTEXT)]
    taker, want = takers[0] if takers else ("", NO)
    return Case(row.next_hop, row.next_hop, taker, row.what, want,
                takers[1][0] if row.next_hop == "equal.post.dane" else "")


QUARTER = tuple(_case_of(row) for row in mail_scenarios.MAIL if not row.options and not row.next_hop.startswith("["))


# Domains with MTA-STS (RFC 8461), beside DANE or without it.
STS = tuple(Case(domain, domain, host, what, want) for domain, host, what, want in (
    ("enforce.unsigned.example", "smtp.unsigned.example", "unsigned, a policy in force: a public CA vouches for the host",
     AUTHENTICATED),
    ("testing.unsigned.example", "smtp.unsigned.example", "unsigned, a policy for testing: as without one", ENCRYPTED),
    ("sts-absent.post.dane", "", "signed, no TLSA record, a policy that names another host", NO),
    ("sts-dane.post.dane", "mx.mail.dane", "usable records and a policy: DANE decides, the certificate is self-signed",
     AUTHENTICATED),
    ("sts-mixed.post.dane", "mx.mail.dane", "a policy, and only one host with records: that one", AUTHENTICATED),
    ("sts-pkix.post.dane", "mx-pkix.mail.dane", "unusable records and a policy: a public CA vouches for the host",
     AUTHENTICATED),
    ("sts-bogus.post.dane", "", "forged records stay that beside a policy", NO),
))


@dataclasses.dataclass(frozen=True, eq=False)
class Sender:
    name: str
    help: str  # what is done for it; "" where nothing is
    how: str  # the function of senders.py
    options: dict  # policyd: well, deaf (its resolver is dead) or absent
    notes: tuple = ()  # ((case, …), cell, why) where it differs from RFC 7672
    looks_for_mx: bool = True
    table: tuple = CASES

    def cases(self):
        return [case for case in self.table if self.looks_for_mx or case.name not in _MX_ONLY]

    def want(self, case):
        return next((cell for names, cell, _why in self.notes if case.name in names), case.want)


_HIGHER_THAN_OPPORTUNISTIC = "asks for TLS always, as it is called here"
_THROWS_AWAY = "throws away what came with the go-ahead, and authenticates the host in the handshake"
_NO_DANE = "does not ask for TLSA records"
_WITHOUT_AD = "takes a domain for unsigned where the resolver does not say AD"
_NULL_MX = "takes a null MX for the domain's word, whatever stands beside it"
_NO_NAME = "takes what looks like an address for one, to which DANE does not apply"
_ALL_GOOD = ("3 1 1", "3 1 1, self-signed", "2 1 1", "2 1 1, private")
_CANNOT_HAVE_RECORDS = "must have records, and takes them only with AD: letters wait"
_ALL_WAIT = ((tuple(case.name for case in CASES if case.want != NO), NO, "has no answer: all letters wait"),)
_NO_HOST_NAME = "does not say whom it connects to, so that the plugin asks nothing"
_OPENSMTPD_ALONE = (
    (_ALL_GOOD, ENCRYPTED, _NO_HOST_NAME), (("failover",), WRONG_HOST, _NO_HOST_NAME),
    (("mismatch", "bogus TLSA", "dead TLSA"), ENCRYPTED, _NO_HOST_NAME),
    (("unusable, no TLS", "not offered", "refused", "hung up"), CLEARTEXT, _NO_HOST_NAME))
_DOWNGRADED = (
    (_ALL_GOOD, ENCRYPTED, _WITHOUT_AD), (("failover",), WRONG_HOST, _WITHOUT_AD),
    (("mismatch", "bogus TLSA", "dead TLSA", "injected"), ENCRYPTED, _WITHOUT_AD),
    (("unusable, no TLS", "not offered", "refused"), CLEARTEXT, _WITHOUT_AD))

SENDERS = (
    Sender("Postfix", "danelaw-policyd", "postfix", {"policyd": "well"},
           ((("injected",), AUTHENTICATED, _THROWS_AWAY),)),
    Sender("Postfix", "its own level dane", "postfix", {"level": "dane"},
           ((("injected",), AUTHENTICATED, _THROWS_AWAY),)),
    Sender("Postfix", "", "postfix", {"level": "may"},
           ((_ALL_GOOD, ENCRYPTED, _NO_DANE), (("failover",), WRONG_HOST, _NO_DANE),
            (("mismatch", "bogus TLSA", "dead TLSA", "injected"), ENCRYPTED, _NO_DANE),
            (("unusable, no TLS", "not offered", "refused"), CLEARTEXT, _NO_DANE))),
    Sender("Postfix", "danelaw-policyd, a resolver without AD", "postfix",
           {"policyd": "well", "resolver": dns_without_ad.ADDRESS},
           (((*_ALL_GOOD, "failover", "injected"), NO, _CANNOT_HAVE_RECORDS),)),
    Sender("Postfix", "its own level dane, a resolver without AD", "postfix",
           {"level": "dane", "resolver": dns_without_ad.ADDRESS}, _DOWNGRADED),
    Sender("Postfix", "danelaw-policyd, whose resolver is dead", "postfix", {"policyd": "deaf"}, _ALL_WAIT),
    Sender("Postfix", "danelaw-policyd, which is not running", "postfix", {"policyd": "absent"}, _ALL_WAIT),
    Sender("Exim", "its own DANE, by GnuTLS", "exim4", {}),
    Sender("Exim", "its own DANE and danelaw-policyd, which is not running", "exim4", {"policyd": "absent"}, _ALL_WAIT),
    Sender("Exim", "its own DANE and danelaw-policyd", "exim4", {"policyd": "well"}),
    Sender("Exim", "its own DANE and danelaw-policyd, a resolver without AD", "exim4",
           {"policyd": "well", "resolver": dns_without_ad.ADDRESS},
           (((*_ALL_GOOD, "failover"), NO, _CANNOT_HAVE_RECORDS),)),
    Sender("Exim", "its own DANE, a resolver without AD", "exim4", {"resolver": dns_without_ad.ADDRESS},
           ((("injected", "hung up"), CLEARTEXT, _WITHOUT_AD), *_DOWNGRADED)),
    Sender("OpenSMTPD", "letters go to mail_sender.c", "opensmtpd_mda", {}),
    Sender("OpenSMTPD", "one relay host, with the plugin", "opensmtpd_host", {},
           ((("absent, no TLS",), NO, _HIGHER_THAN_OPPORTUNISTIC),), looks_for_mx=False),
    Sender("OpenSMTPD", "the plugin alone", "opensmtpd", {"plugin": True}, _OPENSMTPD_ALONE),
    Sender("OpenSMTPD", "", "opensmtpd", {}, _OPENSMTPD_ALONE),
    Sender("mail_sender.c", "the library", "mail_sender", {}),
    Sender("curl --ssl-reqd", "danelaw run", "curl", {},
           ((("absent, no TLS",), NO, _HIGHER_THAN_OPPORTUNISTIC),), looks_for_mx=False),
    Sender("swaks --tls-verify", "danelaw run", "swaks", {},
           ((("absent, no TLS",), NO, _HIGHER_THAN_OPPORTUNISTIC),), looks_for_mx=False),
    Sender("msmtp", "a certificate that danelaw has seen authenticated", "msmtp", {},
           ((("absent, no TLS",), NO, _HIGHER_THAN_OPPORTUNISTIC),), looks_for_mx=False),
)

# The whole mail quarter, by two ways that must agree.
QUARTER_SENDERS = (
    Sender("Postfix", "danelaw-policyd, all domains", "postfix", {"policyd": "well"},
           ((("injects.post.dane",), AUTHENTICATED, _THROWS_AWAY), (("null-beside.post.dane",), NO, _NULL_MX)), table=QUARTER),
    Sender("Postfix", "its own level dane, all domains", "postfix", {"level": "dane"},
           ((("injects.post.dane",), AUTHENTICATED, _THROWS_AWAY), (("null-beside.post.dane",), NO, _NULL_MX),
            (("literal.post.dane",), ENCRYPTED, _NO_NAME)), table=QUARTER),
)
STS_SENDER = Sender("Postfix", "danelaw-policyd, MTA-STS", "postfix", {"policyd": "well"}, table=STS)
