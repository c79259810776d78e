# SPDX-License-Identifier: Apache-2.0
"""The MTA-STS domains of the world: the record that announces a policy, and what the policy's server does (RFC 8461).

Each has MX records in zones.py and a row in policy_scenarios.py, which is written independently.
"""

import dataclasses

HOST = "10.53.0.90"


@dataclasses.dataclass(frozen=True)
class Policy:
    domain: str
    behaviour: str = "enforce"  # a word of policy_server.py; "": there is no server
    mx: str = "smtp.unsigned.example"  # name or pattern; several with blanks between them
    leaf: str = "PUBLIC"  # of services.py
    record: str = '"v=STSv1; id=20261121;"'  # RDATA of the TXT record; several with | between them; "": none


_SIGNED = "*.mail.dane"

POLICIES = [
    Policy("enforce.unsigned.example"),
    Policy("patterns.unsigned.example", mx="SMTP.unsigned.example *.mail.dane"),
    Policy("testing.unsigned.example", "testing"),
    Policy("none.unsigned.example", "none"),
    Policy("redirected.unsigned.example", "redirect"),
    Policy("too-large.unsigned.example", "too-large"),
    Policy("slow.unsigned.example", "slow"),
    Policy("malformed.unsigned.example", "malformed"),
    Policy("html.unsigned.example", "html"),
    Policy("not-found.unsigned.example", "not-found"),
    Policy("hangs-up.unsigned.example", "hang-up"),
    Policy("other-name.unsigned.example", leaf="WRONG_NAME"),
    Policy("self-signed.unsigned.example", leaf="SELF_SIGNED"),
    Policy("out-of-date.unsigned.example", leaf="EXPIRED"),
    Policy("no-server.unsigned.example", ""),
    Policy("no-record.unsigned.example", record=""),
    Policy("two-records.unsigned.example", record='"v=STSv1; id=1;"|"v=STSv1; id=2;"'),
    Policy("bad-record.unsigned.example", record='"v=STSv1; id=not/an/id;"'),
    Policy("split-record.unsigned.example", record='"v=STS" "v1; id=1;"|"something else"'),
    Policy("lasting.unsigned.example"),
    Policy("sts-absent.post.dane"),
    Policy("sts-dane.post.dane", mx=_SIGNED),
    Policy("sts-mixed.post.dane", mx=_SIGNED),
    Policy("sts-pkix.post.dane", mx=_SIGNED),
    Policy("sts-half-pkix.post.dane", mx=_SIGNED),
    Policy("sts-bogus.post.dane", mx="smtp.altered.dane"),
    Policy("forged-mx.dane", mx=_SIGNED),
    Policy("dead.example"),
]


def records():
    """Owner and text of the TXT records."""
    for policy in POLICIES:
        for text in filter(None, policy.record.split("|")):
            yield f"_mta-sts.{policy.domain}", f"TXT {text}"
