#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nginx_upstream.py DIRECTORY HOST: lets an nginx with a forked worker fetch https://HOST/, verifying it, and prints what it
brings. The exit code is 0 only if that was not an error."""

import os
import pathlib
import socket
import subprocess
import sys
import time

# nginx clears its environment but for what `env` names.
_CONFIG = """\
daemon off;
user root;
worker_processes 1;
env DANELAW_SETTINGS;
env DANELAW_CONF;
pid {directory}/pid;
error_log {directory}/error.log info;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  scgi_temp_path {directory}/scgi;
  uwsgi_temp_path {directory}/uwsgi;
  server {{
    listen unix:{directory}/socket;
    location / {{
      proxy_pass https://{host};
      proxy_set_header Host {host};
      proxy_ssl_name {host};
      proxy_ssl_server_name on;
      proxy_ssl_verify on;
      proxy_ssl_verify_depth 5;
      proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
    }}
  }}
}}
"""
_START_LIMIT = 10  # seconds


def connect(path, nginx):
    """To the server's socket, once it listens there."""
    limit = time.monotonic() + _START_LIMIT
    while True:
        try:
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            if nginx.poll() is not None or time.monotonic() > limit:
                raise
            time.sleep(0.01)


def fetch(path, nginx):
    with connect(path, nginx) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(4096), b"")).decode()


def main():
    directory, host = sys.argv[1:]
    config = pathlib.Path(directory, "nginx.conf")
    config.write_text(_CONFIG.format(directory=directory, host=host))
    nginx = subprocess.Popen(["nginx", "-e", f"{directory}/error.log", "-c", str(config)])
    # Only the server is to be tried.
    for variable in ("LD_PRELOAD", "OPENSSL_CONF"):
        os.environ.pop(variable, None)
    try:
        answer = fetch(f"{directory}/socket", nginx)
    finally:
        nginx.terminate()
        nginx.wait()
    head, _, body = answer.partition("\r\n\r\n")
    print(body, end="")
    if " 200 " in head.splitlines()[0]:
        return 0
    print(pathlib.Path(directory, "error.log").read_text(), file=sys.stderr, end="")
    return 1


if __name__ == "__main__":
    sys.exit(main())
