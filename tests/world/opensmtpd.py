# SPDX-License-Identifier: Apache-2.0
"""An OpenSMTPD of its own: Debian's programs, unpacked and unmodified. It looks for them, its queue and its socket where Debian
has them, so that each has mounts of its own; its users are root by other names, and letters go to programs as a user who
only believes that it is another (one_user.so)."""

import os
import pathlib
import re
import shutil
import smtplib
import subprocess
import time

USERS = {"opensmtpd": 0, "opensmtpq": 0, "mailer": 5306}
# $1: where the package is unpacked; $2: our folder.
_MOUNTED = """\
mount -t tmpfs none /var &&
mkdir -m 711 -p /var/spool/smtpd && mkdir -p /var/run /var/lib/opensmtpd && cp -r "$2/chroot" /var/lib/opensmtpd/empty &&
mount --bind "$2/libexec" /usr/libexec && exec "$1/usr/sbin/smtpd" -dv -f "$2/smtpd.conf"
"""
# Runs programs that letters go to, and clears their environment.
_MDA = """\
#!/bin/sh
LD_PRELOAD='{one_user}' ONE_USER={mailer} exec '{files}/usr/libexec/opensmtpd/mail.mda' "$@"
"""
_DELIVERY = re.compile(r' m[td]a delivery .* to=<([^>]*)>.* result="?(\w+)"? stat="?([^"\n]*)')
_START_LIMIT = 20  # seconds
_END_LIMIT = 10


class OpenSmtpd:
    def __init__(self, files, one_user, own, port, action, environment=None, chroot=()):
        """`action` is what smtpd.conf(5) calls one, for all letters. Files of `chroot` are there, too, where it talks to
        servers."""
        self._own, self._port = own, port
        config = own / "smtpd.conf"
        config.write_text(f"listen on 127.0.0.1 port {port}\naction out {action}\nmatch from any for any action out\n")
        config.chmod(0o600)
        mda = own / "libexec/opensmtpd/mail.mda"
        mda.parent.mkdir(parents=True)
        mda.write_text(_MDA.format(one_user=one_user, mailer=USERS["mailer"], files=files))
        mda.chmod(0o755)
        (own / "chroot").mkdir()
        for path in chroot:
            inside = own / "chroot" / pathlib.Path(path).relative_to("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, inside)
        preloaded = ":".join(filter(None, ((environment or {}).get("LD_PRELOAD"), str(one_user))))
        with open(own / "log", "wb") as log:
            self._running = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", _MOUNTED, "sh", files, own],
                env=(environment or os.environ) | {"LD_PRELOAD": preloaded},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def log(self):
        """What it says of letters."""
        return "".join(line for line in (self._own / "log").read_text(errors="replace").splitlines(keepends=True)
                       if not line.startswith(("debug:", "setup_", "mta: timeout")))

    def send(self, letters, limit):
        """{recipient: text}; gives {recipient: result}. One whose letter ended it has none."""
        with self._session() as session:
            for recipient, text in letters.items():
                session.sendmail("", [recipient], text)
        end = time.monotonic() + limit
        while set(letters) - set(self._results()) and self._running.poll() is None:
            if time.monotonic() > end:
                raise RuntimeError(f"OpenSMTPD did not come to an end:\n{self.log()}")
            time.sleep(0.05)
        return self._results()

    def stop(self):
        self._running.terminate()
        try:
            self._running.wait(timeout=_END_LIMIT)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()

    def _session(self):
        end = time.monotonic() + _START_LIMIT
        while True:
            try:
                return smtplib.SMTP("127.0.0.1", self._port, timeout=_START_LIMIT)
            except OSError:
                if time.monotonic() > end or self._running.poll() is not None:
                    raise RuntimeError(f"OpenSMTPD did not start:\n{self.log()}") from None
                time.sleep(0.05)

    def _results(self):
        """Of the first attempts."""
        results = {}
        for found in _DELIVERY.finditer(self.log()):
            results.setdefault(found[1], f"{found[2]}: {found[3]}")
        return results
