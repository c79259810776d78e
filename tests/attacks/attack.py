# SPDX-License-Identifier: Apache-2.0
"""One attack: what is lied, which rule it tries, and what must come out.

Whatever the lie, of these nothing else may come out: what is true, or an error (SAFE). A row says more where there is more
to say: `secure` is what must come out where the truth is a secure RRset, and so on. STANDS means that the lie does no
harm and FAILS that it is noticed.
"""

import dataclasses

SAFE, STANDS, FAILS = "safe", "stands", "fails"


@dataclasses.dataclass(frozen=True)
class Attack:
    name: str
    rule: str
    lie: object
    secure: str = SAFE
    absent: str = SAFE
    insecure: str = SAFE
    slow: bool = False  # it takes the tool's whole deadline, so only some names are attacked
    timeout: int = 4000  # the tool's deadline in milliseconds
    second_is_honest: bool = False  # beside an honest resolver
    names: tuple = ("",)  # only targets whose name contains one of these


def refused(name, rule, lie, **more):
    return Attack(name, rule, lie, secure=FAILS, **more)


def harmless(name, rule, lie, **more):
    return Attack(name, rule, lie, secure=STANDS, absent=STANDS, insecure=STANDS, **more)


def blocked(name, rule, lie, **more):
    """Nothing can come out but an error."""
    return Attack(name, rule, lie, secure=FAILS, absent=FAILS, insecure=FAILS, **more)
