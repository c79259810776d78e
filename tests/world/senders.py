# SPDX-License-Identifier: Apache-2.0
"""How each sender of mtas.py is made to send: a function takes the machinery, the options of its row, and letters
{case: subject}, tries each once, and gives {case: (whether it says that it has authenticated the host, what it said)}."""

import concurrent.futures
import itertools
import os
import pathlib
import re
import subprocess

import mail_scenarios
import plugin
from opensmtpd import OpenSmtpd
from postfix import Postfix

_LIMIT = 120  # seconds for a sender to try all that it has
_SENDER_HOST = "sender.good.example"
_numbers = itertools.count()


class Machinery:
    """What the functions need: the build directory, and a place of their own for each call."""

    def __init__(self, build, own, jobs):
        self.build, self.own, self.jobs = build, pathlib.Path(own), jobs
        self.mtas, self.one_user = build / "mtas", build / "tests/world/programs_c/one_user.so"
        self.tool, self.policyd_socket = build / "src/cli/danelaw", self.own / "policyd.socket"

    def place(self, name):
        """An empty folder and a port of 127.0.0.1."""
        number = next(_numbers)
        folder = self.own / f"{name}-{number}"
        folder.mkdir()
        return folder, 2500 + number

    def each(self, letters, send):
        """send(case, subject) for all, some at a time."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=self.jobs) as pool:
            return dict(zip(letters, pool.map(lambda item: send(*item), letters.items())))

    def run(self, command, text="", **environment):
        try:
            done = subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True,
                                  errors="replace", timeout=_LIMIT, check=False,
                                  env=plugin.environment_without() | environment)
        except subprocess.TimeoutExpired as late:
            raise RuntimeError(f"{command[0]} took over {_LIMIT} s") from late
        return done.returncode, done.stdout + done.stderr

    def policyd_command(self):
        return [self.build / "src/policyd/danelaw-policyd", "-s", f"policyd.listen=unix:{self.policyd_socket}", "-s",
                f"trust_anchors={os.environ['DANELAW_WORLD_ANCHORS']}"]

    def danelaw_run(self, *settings):
        return [self.tool, "run", "--plugin-dir", self.build / "plugin", "--trust-anchors",
                os.environ["DANELAW_WORLD_ANCHORS"], "--profile", "smtp", *settings, "--"]


def letter(subject):
    return f"Subject: {subject}\r\n\r\na letter\r\n"


def postfix(machinery, options, letters):
    own, port = machinery.place("postfix")
    settings = [f"myhostname = {_SENDER_HOST}", "inet_interfaces = 127.0.0.1", "smtp_dns_support_level = dnssec",
                "smtp_tls_loglevel = 1", "smtp_connection_cache_on_demand = no"]
    settings += ["smtp_tls_security_level = may", f"smtp_tls_policy_maps = socketmap:unix:{machinery.policyd_socket}:dane"
                 ] if options.get("policyd") else [f"smtp_tls_security_level = {options['level']}"]
    server = Postfix(machinery.mtas, machinery.one_user, own / "postfix")
    server.start(settings, [f"127.0.0.1:{port} inet n - n - - smtpd"])
    outcomes = server.send(port, {f"someone@{case.domain}": subject for case, subject in letters.items()}, _LIMIT)
    server.stop()
    of_cases = {case: outcomes[f"someone@{case.domain}"] for case in letters}
    return {case: (one.tls == "Verified", f"{one.status}: {one.reason}") for case, one in of_cases.items()}


_EXIM = """\
exim_path = {program}
spool_directory = {own}
log_file_path = {own}/%slog
primary_hostname = {host}
keep_environment = LD_LIBRARY_PATH : LD_PRELOAD
tls_advertise_hosts =
dns_dnssec_ok = 1
log_selector = +tls_certificate_verified
begin routers
mx:
  driver = dnslookup
  transport = smtp
  dnssec_request_domains = *
  self = send
begin transports
smtp:
  driver = smtp
  dnssec_request_domains = *
  hosts_try_dane = *
begin retry
* * F,1h,10m
"""


def exim(machinery, _options, letters):
    """Each letter has a spool of its own: what Exim has learnt of a host would decide on the next."""
    program = machinery.mtas / "exim4-daemon-light/usr/sbin/exim4"

    def send(case, subject):
        own, _port = machinery.place("exim")
        (own / "exim.conf").write_text(_EXIM.format(program=program, own=own, host=_SENDER_HOST))
        code, said = machinery.run(
            [program, "-C", own / "exim.conf", "-odi", "-f", "<>", f"someone@{case.domain}"], letter(subject),
            LD_PRELOAD=str(machinery.one_user))
        log = (own / "mainlog").read_text() if (own / "mainlog").exists() else ""
        return bool(re.search(r" => .* CV=dane ", log)), f"exit {code}\n{said}{log}"

    return machinery.each(letters, send)


def _opensmtpd(machinery, letters, action, environment=None, chroot=()):
    """{case: result}, the log, and the folder. `action` and `environment` are functions of that folder."""
    own, port = machinery.place("opensmtpd")
    server = OpenSmtpd(machinery.mtas / "opensmtpd", machinery.one_user, own, port, action(own),
                       environment and environment(own), [path.format(own=own) for path in chroot])
    try:
        results = server.send({f"someone@{case.domain}": letter(subject) for case, subject in letters.items()}, _LIMIT)
    finally:
        server.stop()
    return {case: results.get(f"someone@{case.domain}", "") for case in letters}, server.log(), own


def opensmtpd(machinery, _options, letters):
    """As it is. The server that injects has an OpenSMTPD to itself."""
    said = {}
    for injected in (False, True):
        some = {case: subject for case, subject in letters.items() if (case.name == "injected") == injected}
        results, log, _own = _opensmtpd(machinery, some, lambda _own: f"relay helo {_SENDER_HOST}")
        said |= {case: (False, f"{result}\n{log}") for case, result in results.items()}
    return said


def opensmtpd_mda(machinery, _options, letters):
    """Letters go to a program that delivers them: the example sender."""
    sender = machinery.build / "docs/examples/mail_sender"
    dns = f"{os.environ['DANELAW_WORLD_ROOT_SERVERS']} {os.environ['DANELAW_WORLD_ANCHORS']}"
    results, log, own = _opensmtpd(
        machinery, letters,
        lambda own: f"mda \"{sender} '%{{sender}}' '%{{rcpt}}' /dev/stdin {dns} >'{own}/%{{rcpt}}' 2>&1\" "
                    "virtual { \"@\" = mailer }")
    said = {case: (own / f"someone@{case.domain}").read_text() for case in letters
            if (own / f"someone@{case.domain}").exists()}
    return {case: (": authenticated\n" in said.get(case, ""), f"{result}\n{said.get(case, log)}")
            for case, result in results.items()}


def opensmtpd_host(machinery, _options, letters):
    """Letters go to one host, which a rule of the plugin names: one OpenSMTPD for each. It talks to servers in a chroot, where
    the plugin finds its files."""
    settings = ["log = stderr", "log_level = info", "profile = smtp", "verify_none = enforce", *plugin.resolver_settings()]
    chroot = ("{own}/danelaw.conf", os.environ["DANELAW_WORLD_ANCHORS"], "/etc/resolv.conf")

    def send(case, subject):
        rule = ["programs = smtpd", f"host = {case.host}", "port = 25"]
        results, log, _own = _opensmtpd(
            machinery, {case: subject},
            lambda _own: f"relay host smtp+tls://{case.host} tls no-verify helo {_SENDER_HOST}",
            lambda own: plugin.Doors(machinery.build, own).environment(True, False, settings, rule), chroot)
        return _MATCHED in log, f"{results[case]}\n{log}"

    return machinery.each(letters, send)


def mail_sender(machinery, _options, letters):
    program = machinery.build / "docs/examples/mail_sender"
    dns = [os.environ["DANELAW_WORLD_ROOT_SERVERS"], os.environ["DANELAW_WORLD_ANCHORS"]]

    def send(case, subject):
        own, _port = machinery.place("mail_sender")
        (own / "letter").write_text(letter(subject))
        code, said = machinery.run([program, f"somebody@{_SENDER_HOST}", f"someone@{case.domain}", own / "letter", *dns])
        return ": authenticated\n" in said, f"exit {code}\n{said}"

    return machinery.each(letters, send)


_MATCHED = "authenticated (matched)"


def curl(machinery, _options, letters):
    def send(case, subject):
        own, _port = machinery.place("curl")
        code, said = machinery.run(
            [*machinery.danelaw_run("--log", "stderr", "--log-level", "info"), "curl", "--silent", "--show-error",
             "--ssl-reqd", f"smtp://{case.host}", "--mail-from", f"somebody@{_SENDER_HOST}", "--mail-rcpt",
             f"someone@{case.domain}", "--upload-file", "-"], letter(subject))
        return _MATCHED in said, f"exit {code}\n{said}"

    return machinery.each(letters, send)


def swaks(machinery, _options, letters):
    def send(case, subject):
        code, said = machinery.run(
            [*machinery.danelaw_run("--log", "stderr", "--log-level", "info"), "swaks", "--server", case.host, "--tls",
             "--tls-verify", "--tls-sni", case.host, "--helo", _SENDER_HOST, "--from", f"somebody@{_SENDER_HOST}", "--to",
             f"someone@{case.domain}", "--header", f"Subject: {subject}"])
        return _MATCHED in said, f"exit {code}\n{said}"

    return machinery.each(letters, send)


def msmtp(machinery, _options, letters):
    """Two steps: openssl, with the plugin, shows the certificate of the host, or none where the plugin refuses it; msmtp takes
    that certificate and no other one."""
    program = machinery.mtas / "msmtp/usr/bin/msmtp"

    def send(case, subject):
        code, said = machinery.run(
            [*machinery.danelaw_run("--log", "stderr", "--log-level", "info", "--verify-none", "enforce"), "openssl", "s_client", "-starttls", "smtp",
             "-connect", f"{case.host}:25", "-servername", case.host])
        shown = re.search("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", said, re.DOTALL)
        if code != 0 or not shown:
            return False, f"openssl: exit {code}\n{said}"
        _code, digest = machinery.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], shown[0])
        code, more = machinery.run(
            [program, f"--host={case.host}", "--tls=on", "--tls-starttls=on", f"--tls-fingerprint={digest.strip().split('=')[1]}",
             f"--from=somebody@{_SENDER_HOST}", "--auth=off", "--timeout=20", f"someone@{case.domain}"], letter(subject))
        return _MATCHED in said, f"exit {code}\n{more}\nopenssl:\n{said}"

    return machinery.each(letters, send)
