# SPDX-License-Identifier: Apache-2.0
"""vsftpd for the hubs: FTP with AUTH TLS at port 21, and TLS from the start at port 990 (RFC 4217), with one file."""

import os
import pathlib
import subprocess

import services
import tools

# One user is all that there is. At port 990 a data connection must resume the control connection's session, as vsftpd wants
# it by default; not so at port 21, because not every client can.
_CONFIG = """\
listen=YES
listen_address={address}
listen_port={port}
run_as_launching_user=YES
background=NO
anonymous_enable=YES
local_enable=NO
anon_root={directory}/files
secure_chroot_dir={directory}/nothing
user_config_dir={directory}/nothing
ftp_username=root
nopriv_user=root
guest_username=root
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
connect_from_port_20=NO
ssl_enable=YES
implicit_ssl={implicit}
require_ssl_reuse={implicit}
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
ssl_ciphers=HIGH
rsa_cert_file={pki}/{name}.chain.pem
rsa_private_key_file={pki}/{name}.key
"""


def start(directory):
    """[process] of servers, which end with the sandbox; what they need is made in `directory`."""
    own = pathlib.Path(directory)
    for folder in ("files", "nothing"):
        (own / folder).mkdir()
    (own / "files" / "file").write_text("a file\n")
    return [_start(own, service) for service in services.hub_services("ftp") + services.hub_services("ftps")]


def _start(own, service):
    config = own / f"{service.name}-{service.port}.conf"
    config.write_text(_CONFIG.format(
        address=service.addresses[0], port=service.port, directory=own, name=service.file_name,
        pki=pathlib.Path(os.environ["DANELAW_WORLD_DIR"], "pki"),
        implicit="YES" if service.port == services.HUB_PROTOCOLS["ftps"] else "NO"))
    with open(config.with_suffix(".log"), "wb") as log:  # also as its standard input, where it complains
        return subprocess.Popen([tools.find("vsftpd"), str(config)], stdin=log, stdout=log, stderr=log)
