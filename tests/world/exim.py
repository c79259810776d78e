# SPDX-License-Identifier: Apache-2.0
"""Exim: Debian's program, unpacked and unmodified, by its own DANE, and asking danelaw-policyd besides."""

import re

from machinery import SENDER_HOST, letter, with_resolver

_CONFIG = """\
{macro}exim_path = {program}
spool_directory = {own}
log_file_path = {own}/%slog
primary_hostname = {host}
keep_environment = LD_LIBRARY_PATH : LD_PRELOAD
tls_advertise_hosts =
dns_dnssec_ok = 1
log_selector = +tls_certificate_verified
begin routers
{policy_router}mx:
  driver = dnslookup
  transport = smtp
  dnssec_request_domains = *
  self = send
{policy}begin transports
smtp:
  driver = smtp
  dnssec_request_domains = *
  hosts_try_dane = *
{requirements}begin retry
* * F,1h,10m
"""
# Exim asks danelaw-policyd as Postfix would: a netstring there, and one back. The README has this recipe.
_POLICY = {
    "macro": "DANELAW = ${readsocket{SOCKET}{${strlen:dane $domain}:dane $domain,}{30s}}\n",
    "policy_router": r"""no_policy:
  driver = redirect
  allow_defer
  condition = ${if match{DANELAW}{\N^\d+:(OK |NOTFOUND)\N}{no}{yes}}
  data = :defer: there is no TLS policy now
""",
    "policy": "  address_data = DANELAW\n",
    "requirements": r"""  hosts_require_dane = ${if match{$address_data}{\N^\d+:OK dane-only\N}{*}}
  hosts_require_tls = ${if match{$address_data}{\N^\d+:OK (encrypt|secure)\N}{*}}
  tls_verify_hosts = ${if match{$address_data}{\N^\d+:OK secure\N}{*}}
""",
}


def send(machinery, options, letters):
    """Each letter has a spool of its own: what Exim has learnt of a host would decide on the next."""
    program = machinery.mtas / "exim4-daemon-light/usr/sbin/exim4"
    policy = dict.fromkeys(_POLICY, "")
    if "policyd" in options:
        socket = str(machinery.policyd_socket(options["policyd"]))
        policy = {name: text.replace("SOCKET", socket) for name, text in _POLICY.items()}

    def send_one(case, subject):
        own, _port = machinery.place("exim")
        (own / "exim.conf").write_text(_CONFIG.format(program=program, own=own, host=SENDER_HOST, **policy))
        code, said = machinery.run(
            [*with_resolver(options, own), program, "-C", own / "exim.conf", "-odi", "-f", "<>", f"someone@{case.domain}"],
            letter(subject), LD_PRELOAD=str(machinery.one_user))
        log = (own / "mainlog").read_text() if (own / "mainlog").exists() else ""
        return bool(re.search(r" => .* CV=dane ", log)), f"exit {code}\n{said}{log}"

    return machinery.each(letters, send_one)
