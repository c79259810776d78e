# SPDX-License-Identifier: Apache-2.0
"""Names under attack, and what is true of them: one row for each, as `danelaw lookup` and `danelaw check` see it."""

import dataclasses

SECURE, ABSENT, INSECURE, BOGUS = "secure", "secure-absent", "insecure", "error"


@dataclasses.dataclass(frozen=True)
class Target:
    name: str
    truth: str  # outcome of `danelaw lookup NAME TLSA`
    what: str


LOOKUPS = [
    Target("_443._tcp.www.good.example", SECURE, "NSEC, and so is its parent"),
    Target("_443._tcp.www.nsec3.dane", SECURE, "NSEC3 below an opt-out zone"),
    Target("_443._tcp.www.sub.nsec3.dane", SECURE, "NSEC3 below an NSEC3 zone"),
    Target("_443._tcp.any.wild.dane", SECURE, "by a wildcard, NSEC3"),
    Target("_443._tcp.any.wild.example", SECURE, "by a wildcard, NSEC"),
    Target("_443._tcp.www.wild.example", SECURE, "by a wildcard below another, NSEC"),
    Target("_443._tcp.tlsa-alias-across.good.example", SECURE, "by an alias into another zone"),
    Target("_443._tcp.www.mixed-ds.example", SECURE, "with DS records of unknown algorithms, too"),
    Target("_443._tcp.absent.good.example", ABSENT, "NSEC"),
    Target("_443._tcp.absent.nsec3.dane", ABSENT, "NSEC3"),
    Target("_443._tcp.www.unsigned.example", INSECURE, "no DS, NSEC"),
    Target("_443._tcp.www.unsigned.dane", INSECURE, "no DS, opt-out"),
    Target("_443._tcp.www.unknown-ds.example", INSECURE, "DS records of unknown algorithms only"),
    Target("_443._tcp.www.altered.dane", BOGUS, "changed after signing"),
    Target("_443._tcp.www.expired.example", BOGUS, "signatures expired"),
    Target("_443._tcp.www.weak-ds.example", BOGUS, "a key fits only the weaker of two digests"),
]

# Only for attacks that name it: the denials of such a zone prove nothing, so who strips its signatures makes it look insecure
# (RFC 9276 section 3.2).
LOOKUPS_BY_NAME = [
    Target("_443._tcp.www.many-iterations.example", SECURE, "150 NSEC3 iterations, but nothing to deny"),
]

AUTHENTICATED, REJECTED, NOT_APPLICABLE, UNDECIDED = "authenticated", "rejected", "not-applicable", "undecided"

CHECKS = [
    Target("www.good.example", AUTHENTICATED, "its records match"),
    Target("www.nsec3.dane", AUTHENTICATED, "its records match"),
    Target("mismatch.bad.example", REJECTED, "its records do not match"),
    Target("absent.nsec3.dane", NOT_APPLICABLE, "no records"),
    Target("www.unsigned.dane", NOT_APPLICABLE, "unsigned"),
    Target("www.altered.dane", UNDECIDED, "bogus"),
]
EXIT = {AUTHENTICATED: 0, REJECTED: 1, NOT_APPLICABLE: 3, UNDECIDED: 4}
