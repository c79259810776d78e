# SPDX-License-Identifier: Apache-2.0
"""curl, as people use it."""

from program import BOTH, MODULE, PRELOAD, Program
from program_cells import (
    ENFORCED, NAMES_COMPARED, NAMES_SKIPPED_BUT_BY_THE_PROGRAM, OFF, RESUMES, TRUSTS_ANYBODY, TWO_AT_A_TIME,
    VERIFIES,
)

CURL = ("curl", "-sS")
CURL_EXITS = (0, 60)

CURLS = [
    Program("curl", PRELOAD, (*CURL, "https://{host}/"), VERIFIES, exits=CURL_EXITS),
    Program("curl", MODULE, (*CURL, "https://{host}/"), VERIFIES, exits=CURL_EXITS),
    Program("curl", BOTH, (*CURL, "https://{host}/"), VERIFIES, exits=CURL_EXITS),
    Program("curl --http1.1", PRELOAD, (*CURL, "--http1.1", "-w", "%{http_version}", "https://{host}/"), VERIFIES,
            shows=r"^{host}\n1\.1$", exits=CURL_EXITS),
    Program("curl --http2", PRELOAD, (*CURL, "--http2", "-w", "%{http_version}", "https://{host}/"), VERIFIES,
            shows=r"^{host}\n2$", exits=CURL_EXITS),
    Program("curl --parallel, two servers", PRELOAD,
            (*CURL, "--parallel", "--parallel-immediate", "https://{host}/", "https://www.nsec3.dane/"),
            TWO_AT_A_TIME, exits=CURL_EXITS, beside=("www.nsec3.dane:443/tcp",)),
    Program("curl -k", PRELOAD, (*CURL, "-k", "https://{host}/"), TRUSTS_ANYBODY, exits=CURL_EXITS),
    Program("curl -k, verify_none = enforce", PRELOAD, (*CURL, "-k", "https://{host}/"), ENFORCED,
            exits=CURL_EXITS, settings=("verify_none = enforce",)),
    Program("curl --proxy (CONNECT)", PRELOAD, (*CURL, "--proxy", "{proxy}", "https://{host}/"), VERIFIES,
            exits=CURL_EXITS),
    Program("curl --resolve", PRELOAD, (*CURL, "--resolve", "{host}:443:10.53.0.80", "https://{host}/"), VERIFIES,
            exits=CURL_EXITS),
    Program("curl --connect-to an address", PRELOAD,
            (*CURL, "--connect-to", "{host}:443:10.53.0.80:443", "https://{host}/"), VERIFIES, exits=CURL_EXITS),
    Program("curl --location, redirected", PRELOAD, (*CURL, "--location", "{proxy}/{host}"), VERIFIES,
            exits=CURL_EXITS),
    Program("curl, sessions resumed", PRELOAD,
            (*CURL, "--http1.1", "-H", "Connection: close", "https://{host}/", "https://{host}/"), RESUMES,
            shows=r"^{host}\n{host}$", exits=CURL_EXITS),
    Program("curl smtp:// --ssl-reqd", PRELOAD, (*CURL, "--ssl-reqd", "smtp://{host}", "-X", "NOOP"), VERIFIES,
            service="smtp", shows="^250 ", exits=CURL_EXITS),
    Program("curl imap:// --ssl-reqd", PRELOAD, (*CURL, "--ssl-reqd", "imap://me:mine@{host}/INBOX;UID=1"), VERIFIES,
            service="imap", shows="^a letter", exits=CURL_EXITS),
    Program("curl pop3:// --ssl-reqd", PRELOAD, (*CURL, "--ssl-reqd", "pop3://me:mine@{host}/1"), VERIFIES,
            service="pop3", shows="^a letter", exits=CURL_EXITS),
    Program("curl, a rule with mode = off", PRELOAD, (*CURL, "https://{host}/"), OFF, exits=CURL_EXITS,
            rule=("hosts = {host}", "mode = off")),
    Program("curl, another's name", PRELOAD, (*CURL, "https://{host}/"), NAMES_COMPARED, exits=CURL_EXITS),
    Program("curl, another's name, dane_ee_names = skip", PRELOAD, (*CURL, "https://{host}/"),
            NAMES_SKIPPED_BUT_BY_THE_PROGRAM, exits=CURL_EXITS, settings=("dane_ee_names = skip",)),
]
