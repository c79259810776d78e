# SPDX-License-Identifier: Apache-2.0
"""curl by HTTPS proxies, which speak TLS themselves: the proxy and the server behind it are judged each as its own service."""

from program import BOTH, MODULE, PRELOAD, Program
from program_cells import ONE_NAME, VERIFIES, Cell, cells_of
from programs_curl import CURL, CURL_EXITS

_PROXY = "https://hub.good.example:3129"
_PROXY_SERVICE = "hub.good.example:3129/tcp"
_SERVER = "https://www.good.example/"
_SERVER_SERVICE = "www.good.example:443/tcp"
_MATCHED = "authenticated (matched)"

# A proxy that matches, and the case's server behind it.
_BEHIND = {key: Cell(cell.accepts, (_MATCHED, *cell.verdicts)) for key, cell in VERIFIES.items()}
# The case's proxy, and behind it a server that matches, which a proxy that is refused is not asked for.
_IN_FRONT = {key: Cell(cell.accepts, (*cell.verdicts, _MATCHED) if cell.accepts else cell.verdicts)
             for key, cell in VERIFIES.items()}
# The proxy may be anybody, and the server may not.
_PROXY_UNVERIFIED = cells_of("""
good        | accepts: authenticated (matched) twice
mismatch    | accepts: rejected (no-match), authenticated (matched)
self-signed | accepts: authenticated (matched) twice
absent      | accepts: not-applicable (secure-absent), authenticated (matched) \
            | accepts: rejected (mandatory-without-dane), authenticated (matched)
bogus       | accepts: undecided (lookup-failed), authenticated (matched)
""")

_TO_CASE = (*CURL, "--proxy", _PROXY, "https://{host}/")
_BY_CASE = (*CURL, "--proxy", "https://{host}:3129", _SERVER)
_ITS_PAGE = r"^www\.good\.example$"

BY_PROXY = [
    # Behind such a proxy curl, also without the plugin, calls whatever it refuses a broken handshake.
    Program("curl --proxy https://, to the case's server", PRELOAD, _TO_CASE, _BEHIND, beside=(_PROXY_SERVICE,),
            exits=(0, 35)),
    Program("curl --proxy https://, by the case's proxy", PRELOAD, _BY_CASE, _IN_FRONT, service="proxy",
            beside=(_SERVER_SERVICE,), shows=_ITS_PAGE, exits=CURL_EXITS),
    Program("https_proxy=https://… curl, by the case's proxy", MODULE,
            ("env", "https_proxy=https://{host}:3129", *CURL, _SERVER), _IN_FRONT, service="proxy",
            beside=(_SERVER_SERVICE,), shows=_ITS_PAGE, exits=CURL_EXITS),
    Program("curl --proxy https:// http://…", BOTH,
            (*CURL, "--proxy", "https://{host}:3129", "-w", "%{http_code}", "http://www.good.example/"), VERIFIES,
            service="proxy", shows="^302$", exits=CURL_EXITS),
    Program("curl --proxy https:// --proxy-insecure", PRELOAD, (*_BY_CASE, "--proxy-insecure"), _PROXY_UNVERIFIED,
            service="proxy", beside=(_SERVER_SERVICE,), shows=_ITS_PAGE, exits=CURL_EXITS),
    Program("curl --proxy https://, a proxy with the server's name", PRELOAD,
            (*CURL, "--proxy", "https://{host}:3129", "--resolve", "{host}:3129:{namesake}", "https://{host}/"),
            ONE_NAME, exits=CURL_EXITS),
]
