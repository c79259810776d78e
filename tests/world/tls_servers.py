# SPDX-License-Identifier: Apache-2.0
"""The TLS servers: one nginx for HTTPS, SMTP, IMAP and POP3, and starttls_server.py for what nginx does not speak and for
servers that misbehave."""

import json
import pathlib
import socket
import sys

import policies
import services
from tools import Failed, find

_NGINX_MODULE = "/usr/lib/nginx/modules/ngx_mail_module.so"
_NGINX_PROTOCOLS = {"smtp", "imap", "pop3"}
_LOGIN_PORT, _IMAP_PORT, _POP3_PORT = 9080, 9143, 9110  # at 127.0.0.1, behind nginx

# One process, and "root", because an ordinary user's namespace has no other user to run workers as.
_NGINX = """\
load_module {module};
daemon off;
master_process off;
user root;
pid {directory}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  server_names_hash_bucket_size 128;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  scgi_temp_path {directory}/scgi;
  uwsgi_temp_path {directory}/uwsgi;
  default_type text/plain;
{https}  map $http_auth_protocol $mailbox {{
    imap {imap};
    pop3 {pop3};
    default 9;
  }}
  server {{
    listen 127.0.0.1:{login};
    location / {{
      add_header Auth-Status OK;
      add_header Auth-Server 127.0.0.1;
      add_header Auth-Port $mailbox;
      return 200;
    }}
  }}
}}
mail {{
  auth_http 127.0.0.1:{login}/anybody-may-log-in;
{mail}}}
"""
_HTTPS_SERVER = """\
  server {{
{listen}    server_name {name};
    ssl_certificate {chain};
    ssl_certificate_key {key};
    ssl_protocols {versions};
    location / {{ return 200 "{name}\\n"; }}
  }}
"""
_MAIL_SERVER = """\
  server {{
{listen}    protocol {protocol};
    server_name {name};
    starttls on;
    ssl_certificate {chain};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
  }}
"""


def nginx_command(directory, pki, all_services):
    own = pathlib.Path(directory, "nginx")
    own.mkdir()
    if not pathlib.Path(_NGINX_MODULE).exists():
        raise Failed(f"{_NGINX_MODULE} is missing: run 'scripts/deps test'")
    https = [service for service in all_services if service.protocol == "https"]
    mail = [service for service in all_services if service.protocol in _NGINX_PROTOCOLS and not service.fault]
    config = own / "nginx.conf"
    config.write_text(_NGINX.format(
        module=_NGINX_MODULE, directory=own, login=_LOGIN_PORT, imap=_IMAP_PORT, pop3=_POP3_PORT, https=_default_servers(pki, https) + _https_servers(pki, https),
        mail="".join(_MAIL_SERVER.format(listen=_listen_lines(service), protocol=service.protocol, name=service.name,
                                         **_files(pki, service)) for service in mail)))
    return [find("nginx"), "-e", "stderr", "-c", str(config)]


def _default_servers(pki, https):
    """Whoever sends no name, or one that is not served at that address, is shown a stranger's certificate. HTTP/2 is
    said here for all servers of the address."""
    places = sorted({(address, service.port) for service in https for address in service.addresses})
    listen = "".join(f"    listen {_bracketed(address)}:{port} ssl http2 default_server;\n" for address, port in places
                     if address != services.OLD_TLS)
    return _HTTPS_SERVER.format(listen=listen, name="_", chain=pki.certificate("stranger"),
                                key=pki.key("stranger"), versions="TLSv1.2 TLSv1.3")


def _https_servers(pki, https):
    return "".join(
        _HTTPS_SERVER.format(
            listen="".join(f"    listen {_bracketed(address)}:{service.port} ssl;\n" for address in service.addresses),
            name=service.name, versions="TLSv1.2" if services.OLD_TLS in service.addresses else "TLSv1.2 TLSv1.3",
            **_files(pki, service))
        for service in https)


def _listen_lines(service):
    return "".join(f"    listen {_bracketed(address)}:{service.port};\n" for address in service.addresses)


def _files(pki, service):
    return {"chain": chain_file(pki, service), "key": pki.key(service.file_name)}


def chain_file(pki, service):
    return pki.certificate(f"{service.file_name}.chain")


def _bracketed(address):
    return f"[{address}]" if ":" in address else address


def mailbox_command():
    return [sys.executable, str(pathlib.Path(__file__).with_name("mailbox.py")), str(_IMAP_PORT), str(_POP3_PORT)]


def starttls_command(directory, pki, all_services):
    """starttls_server.py with the list of the services that nginx does not do."""
    rows = [
        {"protocol": service.protocol, "address": address, "port": service.port, "fault": service.fault,
         "name": service.name, "chain": str(chain_file(pki, service)), "key": str(pki.key(service.file_name)),
         "other_chain": str(pki.certificate("stray.chain")), "other_key": str(pki.key("stray"))}
        for service in all_services for address in service.addresses if is_python_service(service)
    ]
    config = pathlib.Path(directory, "starttls.json")
    config.write_text(json.dumps(rows, indent=1))
    return [sys.executable, str(pathlib.Path(__file__).with_name("starttls_server.py")), str(config)]


def policy_command(directory, pki, all_services):
    """policy_server.py with the list of the servers of MTA-STS policies."""
    patterns = {f"mta-sts.{policy.domain}": policy.mx for policy in policies.POLICIES}
    rows = [{"name": service.name, "address": service.addresses[0], "port": service.port, "fault": service.fault,
             "chain": str(chain_file(pki, service)), "key": str(pki.key(service.file_name)), "mx": patterns[service.name]}
            for service in all_services if service.protocol == "sts"]
    own = pathlib.Path(directory, "sts")
    own.mkdir()
    config = own / "config.json"
    config.write_text(json.dumps(rows, indent=1))
    return [sys.executable, str(pathlib.Path(__file__).with_name("policy_server.py")), str(config)]


def is_python_service(service):
    if service.protocol in _NGINX_PROTOCOLS:
        return bool(service.fault)
    return service.protocol not in ("https", "sts", *services.NOT_STARTED)


def listens(address, port):
    try:
        socket.create_connection((address, port), timeout=2).close()
    except OSError:
        return False
    return True
