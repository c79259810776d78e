# SPDX-License-Identifier: Apache-2.0
"""A Postfix of its own: Debian's programs, unpacked and unmodified, with configuration, queue and log in one folder.

Postfix finds its libraries by LD_LIBRARY_PATH, and needs two users; an ordinary user's namespace has none but root, so that
one_user.so makes the change of users succeed without effect.
"""

import collections
import os
import pathlib
import re
import smtplib
import subprocess
import time

_QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "public", "maildrop",
           "pid", "saved", "trace")
_PASSED_ON = ("LD_LIBRARY_PATH", "LD_PRELOAD")
_MAIN = """\
compatibility_level = 3.6
config_directory = {own}
meta_directory = {own}
queue_directory = {own}/queue
data_directory = {own}/data
command_directory = {files}/usr/sbin
daemon_directory = {files}/usr/lib/postfix/sbin
shlib_directory = {files}/usr/lib/postfix
maillog_file = {own}/log
maillog_file_prefixes = /run
import_environment = MAIL_CONFIG LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME {passed_on}
export_environment = LANG=C {passed_on}
mydestination =
alias_maps =
alias_database =
inet_protocols = all
smtputf8_enable = no
smtpd_peername_lookup = no
smtpd_reject_unlisted_recipient = no
mynetworks = 0.0.0.0/0 [::]/0
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
"""
# What every Postfix has (master(5)); chroot is off.
_MASTER = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_START_LIMIT = 20  # seconds
_TLS = re.compile(r"/smtp\[(\d+)\]: (Verified|Trusted|Untrusted|Anonymous) TLS connection established to ([^\[]+)\[")
_STATUS = re.compile(r"/(?:smtp|error|retry)\[(\d+)\]: \w+: to=<([^>]*)>, relay=([^,\[]+)(?:\[[^,]*)?,.* status=(\w+) \((.*)\)$")


Outcome = collections.namedtuple("Outcome", "status host tls reason")  # tls: what Postfix calls the connection


class Postfix:
    def __init__(self, mtas, one_user, own):
        self._files, self._own = mtas / "postfix", pathlib.Path(own)
        self._environment = os.environ | {"MAIL_CONFIG": str(own), "LD_PRELOAD": str(one_user),
                                          "LD_LIBRARY_PATH": str(self._files / "usr/lib/postfix")}

    def start(self, main, master, before=()):
        """`main` are further settings, `master` further services; `before` stands before the command."""
        for name in ("data", *(f"queue/{queue}" for queue in _QUEUES)):
            (self._own / name).mkdir(parents=True)
        (self._own / "main.cf").write_text(
            _MAIN.format(own=self._own, files=self._files, passed_on=" ".join(_PASSED_ON)) + "\n".join(main) + "\n")
        (self._own / "master.cf").write_text(_MASTER + "\n".join(master) + "\n")
        with open(self._own / "complaints", "wb") as complaints:
            self._running = subprocess.Popen(
                [*before, self._files / "usr/lib/postfix/sbin/master", "-c", str(self._own), "-d"], env=self._environment,
                stdin=subprocess.DEVNULL, stdout=complaints, stderr=complaints)
        self._wait_until(lambda: "daemon started" in self.log(), _START_LIMIT)

    def run(self, program, *arguments, **how):
        """One of its commands."""
        return subprocess.run([self._files / "usr/sbin" / program, *arguments], env=self._environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **how)

    def stop(self):
        self._running.terminate()
        self._running.wait(timeout=_START_LIMIT)

    def log(self):
        log = self._own / "log"
        return log.read_text(errors="replace") if log.exists() else ""

    def _wait_until(self, is_so, limit):
        end = time.monotonic() + limit
        while not is_so():
            if time.monotonic() > end or self._running.poll() is not None:
                raise RuntimeError(f"Postfix in {self._own} did not start or ended:\n{self.log()}")
            time.sleep(0.05)

    def send(self, port, letters, limit):
        """Takes letters in at `port`, {recipient: subject}, and waits until each was tried; gives {recipient: outcome}.
        They have no sender whom anything could be returned to."""
        with smtplib.SMTP("127.0.0.1", port, timeout=limit) as session:
            for recipient, subject in letters.items():
                session.sendmail("", [recipient], f"Subject: {subject}\r\n\r\na letter\r\n")
        self._wait_until(lambda: not set(letters) - set(outcomes_of(self.log())), limit)
        return {recipient: outcome for recipient, outcome in outcomes_of(self.log()).items() if recipient in letters}


def outcomes_of(log):
    """{recipient: Outcome} of each recipient's first attempt."""
    outcomes, connections = {}, {}
    for line in log.splitlines():
        if tls := _TLS.search(line):
            connections[tls[1]] = tls[3], tls[2]
        elif status := _STATUS.search(line):
            host, level = connections.pop(status[1], ("", ""))
            outcomes.setdefault(status[2], Outcome(status[4], status[3], level if host == status[3] else "", status[5]))
    return outcomes
