# SPDX-License-Identifier: Apache-2.0
"""FTP with TLS (RFC 4217): a connection for what is said and one for the file, to a port that the server made up.

Both are with one service, that of the control connection: libcurl's transfers are known by their URL. A program that only
shows a socket needs a rule, and is refused without one where DANE is mandatory. The server is vsftpd (ftp_servers.py).
"""

from program import BOTH, MODULE, PRELOAD, Program
from program_cells import NAMELESS_FTP, STRAY_DATA, cells_of
from programs_curl import CURL, CURL_EXITS

# The second connection resumes the first one's session, where that was authenticated.
_BOTH_CONNECTIONS = cells_of("""
good        | accepts: authenticated (matched), authenticated (resumed)
mismatch    | refuses: rejected (no-match)
self-signed | accepts: authenticated (matched), authenticated (resumed)
private CA  | accepts: authenticated (matched), authenticated (resumed)
absent      | accepts: not-applicable (secure-absent) twice | refuses: rejected (mandatory-without-dane)
insecure    | accepts: not-applicable (insecure) twice      | refuses: rejected (mandatory-without-dane)
bogus       | refuses: undecided (lookup-failed)
dead        | refuses: undecided (lookup-failed)
""")
# Without resumption.
_TWICE_THE_SAME = cells_of("""
good        | accepts: authenticated (matched) twice
mismatch    | refuses: rejected (no-match)
self-signed | accepts: authenticated (matched) twice
private CA  | accepts: authenticated (matched) twice
absent      | accepts: not-applicable (secure-absent) twice | refuses: rejected (mandatory-without-dane)
insecure    | accepts: not-applicable (insecure) twice      | refuses: rejected (mandatory-without-dane)
bogus       | refuses: undecided (lookup-failed)
dead        | refuses: undecided (lookup-failed)
""")
# Somebody else answers at the data connection's port, with a certificate that a public CA gave out for the right name.
_STRAY = cells_of(f"""
{STRAY_DATA} | refuses: authenticated (matched), rejected (no-match)
""")

_EXPLICIT = (*CURL, "--ssl-reqd", "ftp://{host}/file")
_FILE = "^a file$"
_FTPLIB = """\
import ftplib, ssl, sys
with ftplib.FTP_TLS(sys.argv[1], "ftp", "me@", context=ssl.create_default_context()) as server:
    server.prot_p()
    server.retrlines("RETR file")
"""
_PYTHON_FTPLIB = ("/usr/bin/python3", "-c", _FTPLIB, "{host}")

FTP = [
    Program("curl ftp:// --ssl-reqd", PRELOAD, _EXPLICIT, _BOTH_CONNECTIONS, service="ftp", shows=_FILE,
            exits=CURL_EXITS),
    Program("curl ftp:// --ssl-reqd, TLS 1.2", MODULE, (*_EXPLICIT, "--tls-max", "1.2"), _BOTH_CONNECTIONS, service="ftp",
            shows=_FILE, exits=CURL_EXITS),
    Program("curl ftps://", PRELOAD, (*CURL, "ftps://{host}/file"), _BOTH_CONNECTIONS, service="ftps", shows=_FILE,
            exits=CURL_EXITS),
    Program("curl ftps://", BOTH, (*CURL, "ftps://{host}/file"), _BOTH_CONNECTIONS, service="ftps", shows=_FILE,
            exits=CURL_EXITS),
    # The server's "150" and the end of the data connection's handshake come at once: curl tells of whichever it sees first.
    Program("curl ftp:// --ssl-reqd, data from elsewhere", PRELOAD, _EXPLICIT, _STRAY, service="ftp", shows=_FILE,
            exits=(0, 13, 60)),
    Program("Python ftplib", MODULE, _PYTHON_FTPLIB, NAMELESS_FTP, service="ftp", shows=_FILE),
    Program("Python ftplib, a rule with port = 21", MODULE, _PYTHON_FTPLIB, _TWICE_THE_SAME, service="ftp", shows=_FILE,
            rule=("programs = python3.11", "port = 21")),
]
