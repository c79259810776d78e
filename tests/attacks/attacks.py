# SPDX-License-Identifier: Apache-2.0
"""Every attack, in the order in which they are tried; the first is none."""

from denial_attacks import DENIAL_ATTACKS
from record_attacks import RECORD_ATTACKS
from reply_attacks import REPLY_ATTACKS

ATTACKS = RECORD_ATTACKS + DENIAL_ATTACKS + REPLY_ATTACKS
