# SPDX-License-Identifier: Apache-2.0
"""How each sender of mtas.py is made to send: a function takes the machinery, the options of its row, and letters
{case: subject}, tries each once, and gives {case: (whether it says that it has authenticated the host, what it said)}."""

import os
import re

import exim
import plugin
from machinery import LIMIT, MATCHED, SENDER_HOST, letter, with_resolver
from opensmtpd import OpenSmtpd
from postfix import Postfix


def postfix(machinery, options, letters):
    """With danelaw-policyd as the README has it."""
    own, port = machinery.place("postfix")
    settings = [f"myhostname = {SENDER_HOST}", "inet_interfaces = 127.0.0.1", "smtp_dns_support_level = dnssec",
                "smtp_tls_loglevel = 1", "smtp_connection_cache_on_demand = no",
                "smtp_host_lookup = dns", "smtp_tls_CApath = /etc/ssl/certs",
                f"smtp_tls_security_level = {options.get('level', 'dane')}"]
    if "policyd" in options:
        settings.append(f"smtp_tls_policy_maps = socketmap:unix:{machinery.policyd_socket(options['policyd'])}:dane")
    server = Postfix(machinery.mtas, machinery.one_user, own / "postfix")
    server.start(settings, [f"127.0.0.1:{port} inet n - n - - smtpd"], with_resolver(options, own))
    outcomes = server.send(port, {f"someone@{case.domain}": subject for case, subject in letters.items()}, LIMIT)
    server.stop()
    of_cases = {case: outcomes[f"someone@{case.domain}"] for case in letters}
    return {case: (one.tls == "Verified", f"{one.status}: {one.reason}") for case, one in of_cases.items()}


def exim4(machinery, options, letters):
    return exim.send(machinery, options, letters)


def _with_plugin(machinery, *rule):
    """An environment, and the files that are to be in the chroot in which it talks to servers: there the plugin looks."""
    settings = ["log = stderr", "log_level = info", "profile = smtp", "verify_none = enforce", *plugin.resolver_settings()]
    return (lambda own: plugin.Doors(machinery.build, own).environment(True, False, settings, ("programs = smtpd", *rule)),
            ("{own}/danelaw.conf", os.environ["DANELAW_WORLD_ANCHORS"], "/etc/resolv.conf"))


def _opensmtpd(machinery, letters, action, environment=None, chroot=()):
    """{case: result}, the log, and the folder. `action` and `environment` are functions of that folder."""
    own, port = machinery.place("opensmtpd")
    server = OpenSmtpd(machinery.mtas / "opensmtpd", machinery.one_user, own, port, action(own),
                       environment and environment(own), [path.format(own=own) for path in chroot])
    try:
        results = server.send({f"someone@{case.domain}": letter(subject) for case, subject in letters.items()}, LIMIT)
    finally:
        server.stop()
    return {case: results.get(f"someone@{case.domain}", "") for case in letters}, server.log(), own


def opensmtpd(machinery, options, letters):
    """Letters go where MX records say. The server that injects has an OpenSMTPD to itself."""
    how = _with_plugin(machinery) if options.get("plugin") else ()
    said = {}
    for injected in (False, True):
        some = {case: subject for case, subject in letters.items() if (case.name == "injected") == injected}
        results, log, _own = _opensmtpd(machinery, some, lambda _own: f"relay helo {SENDER_HOST}", *how)
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
    """Letters go to one host, which a rule of the plugin names: one OpenSMTPD for each."""
    def send(case, subject):
        results, log, _own = _opensmtpd(
            machinery, {case: subject},
            lambda _own: f"relay host smtp+tls://{case.host} tls no-verify helo {SENDER_HOST}",
            *_with_plugin(machinery, f"host = {case.host}", "port = 25"))
        return MATCHED in log, f"{results[case]}\n{log}"

    return machinery.each(letters, send)


def mail_sender(machinery, _options, letters):
    program = machinery.build / "docs/examples/mail_sender"
    dns = [os.environ["DANELAW_WORLD_ROOT_SERVERS"], os.environ["DANELAW_WORLD_ANCHORS"]]

    def send(case, subject):
        own, _port = machinery.place("mail_sender")
        (own / "letter").write_text(letter(subject))
        code, said = machinery.run([program, f"somebody@{SENDER_HOST}", f"someone@{case.domain}", own / "letter", *dns])
        return ": authenticated\n" in said, f"exit {code}\n{said}"

    return machinery.each(letters, send)


def curl(machinery, _options, letters):
    def send(case, subject):
        code, said = machinery.run(
            [*machinery.danelaw_run(), "curl", "--silent", "--show-error",
             "--ssl-reqd", f"smtp://{case.host}", "--mail-from", f"somebody@{SENDER_HOST}", "--mail-rcpt",
             f"someone@{case.domain}", "--upload-file", "-"], letter(subject))
        return MATCHED in said, f"exit {code}\n{said}"

    return machinery.each(letters, send)


def swaks(machinery, _options, letters):
    def send(case, subject):
        code, said = machinery.run(
            [*machinery.danelaw_run(), "swaks", "--server", case.host, "--tls",
             "--tls-verify", "--tls-sni", case.host, "--helo", SENDER_HOST, "--from", f"somebody@{SENDER_HOST}", "--to",
             f"someone@{case.domain}", "--header", f"Subject: {subject}"])
        return MATCHED in said, f"exit {code}\n{said}"

    return machinery.each(letters, send)


def msmtp(machinery, _options, letters):
    """Two steps: openssl, with the plugin, shows the certificate of the host, or none where the plugin refuses it; msmtp takes
    that certificate and no other one."""
    program = machinery.mtas / "msmtp/usr/bin/msmtp"

    def send(case, subject):
        code, said = machinery.run(
            [*machinery.danelaw_run("--verify-none", "enforce"), "openssl", "s_client", "-starttls", "smtp", "-connect",
             f"{case.host}:25", "-servername", case.host])
        shown = re.search("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", said, re.DOTALL)
        if not shown:
            return False, f"openssl: exit {code}\n{said}"
        _code, digest = machinery.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], shown[0])
        code, more = machinery.run(
            [program, f"--host={case.host}", "--tls=on", "--tls-starttls=on",
             f"--tls-fingerprint={digest.strip().split('=')[1]}", f"--from=somebody@{SENDER_HOST}", "--auth=off",
             "--timeout=20", f"someone@{case.domain}"], letter(subject))
        return MATCHED in said, f"exit {code}\n{more}\nopenssl:\n{said}"

    return machinery.each(letters, send)
