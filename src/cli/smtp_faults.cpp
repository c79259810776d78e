#include "smtp_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace danelaw::cli {
namespace {

bool has_standing(const MxHost& host, std::string_view standing) {
  return std::any_of(host.records.begin(), host.records.end(),
                     [standing](const RecordLine& line) { return line.standing == standing; });
}

bool has_usable(const MxHost& host, std::string_view beginning) {
  return std::any_of(host.records.begin(), host.records.end(), [beginning](const RecordLine& line) {
    return line.standing == "usable" && line.text.starts_with(beginning);
  });
}

bool is_rejected_for(const MxHost& host, danelaw_reason reason) {
  return std::any_of(host.peers.begin(), host.peers.end(), [reason](const PeerReport& peer) {
    return peer.has_verdict && !peer.accepted && peer.reason == reason;
  });
}

/// Usage 2 with a digest: the certificate that it names must come from the server.
bool names_an_anchor_by_digest(const MxHost& host) {
  constexpr std::array beginnings = {"2 0 1", "2 0 2", "2 1 1", "2 1 2"};
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const char* beginning) { return has_usable(host, beginning); });
}

void explain_mismatch(MxHost& host) {
  if (!is_rejected_for(host, DANELAW_REASON_NO_MATCH)) return;
  if (has_usable(host, "3 "))
    host.hints.emplace_back(
        "the server's key is not the one that is published: was the certificate renewed without its TLSA "
        "record? Publish "
        "the new record beside the old one first, and renew a TTL later; or keep the key.");
  if (names_an_anchor_by_digest(host))
    host.hints.emplace_back(
        "a 2 x 1 record names a CA by digest, and no certificate that the server sends has it: the server "
        "must send "
        "the whole chain up to that CA, or the CA has changed its intermediate.");
}

void explain_names(MxHost& host) {
  if (!is_rejected_for(host, DANELAW_REASON_NAME_MISMATCH)) return;
  host.hints.push_back(fmt::format("usage 2 compares names: the certificate must be for one of {}.",
                                   fmt::join(host.names, ", ")));
}

constexpr const char* signatures_have_expired =
    "the zone's signatures have expired: sign it again, and watch the signer.";

void explain_lookup(MxHost& host) {
  if (host.code != "bogus") return;
  const bool expired = host.reason.find("expired") != std::string::npos;
  host.hints.push_back(expired ? signatures_have_expired
                               : fmt::format("its DNS does not validate: expired signatures and a DS that "
                                             "fits no key are the usual causes; "
                                             "`danelaw lookup _{}._tcp.{} TLSA --engine stub` says which.",
                                             host.port, host.name));
}

void explain_usages(MxHost& host) {
  if (!has_standing(host, "usage-not-allowed")) return;
  host.hints.emplace_back(
      "usages 0 and 1 do not count for mail (RFC 7672 section 3.1.3): publish 3 1 1 with the server's key, "
      "or 2 1 1 with "
      "its CA's.");
}

bool has_records_at(danelaw_resolver* resolver, const std::string& owner) {
  danelaw_answer* raw = nullptr;
  if (danelaw_query(resolver, owner.c_str(), "TLSA", &raw, nullptr) != DANELAW_OK) return false;
  const Answer answer(raw);
  return danelaw_answer_status(raw) == DANELAW_STATUS_SECURE && danelaw_answer_count(raw) > 0;
}

/// The names under which records are put by mistake: that of the domain, and the right one with the zone's appended.
void look_elsewhere(MxHost& host, const std::string& domain, danelaw_resolver* resolver) {
  if (host.code != "secure-absent" || host.name == domain) return;
  const std::string prefix = fmt::format("_{}._tcp.", host.port);
  const std::string parent = host.name.substr(host.name.find('.') + 1);
  for (const std::string& owner :
       {prefix + domain, prefix + host.name + "." + parent, prefix + host.name + "." + domain,
        "_tcp." + host.name, "_443._tcp." + host.name}) {
    if (!has_records_at(resolver, owner)) continue;
    host.hints.push_back(fmt::format(
        "there are TLSA records at {}, where no mail client looks; for this host they belong at {}{}.", owner,
        prefix, host.name));
    return;
  }
}

void explain_mixture(DomainReport& report) {
  const auto with_dane = [](const MxHost& host) { return host.requirement == DANELAW_TLS_AUTHENTICATE; };
  const auto count = std::count_if(report.hosts.begin(), report.hosts.end(), with_dane);
  if (count == 0 || static_cast<std::size_t>(count) == report.hosts.size()) return;
  report.hints.emplace_back(
      "not every host has usable TLSA records: whoever keeps senders from those that have gets the mail to "
      "the others.");
}

}  // namespace

void explain_faults(DomainReport& report, danelaw_resolver* resolver) {
  if (report.standing == DANELAW_STANDING_INSECURE && !report.implicit && !report.hosts.empty())
    report.hints.push_back(
        fmt::format("the MX records of {} are not signed, so TLSA records of its hosts protect nobody's mail "
                    "(RFC 7672 section 2.2.1): sign the domain's zone, and have its DS published.",
                    report.domain));
  if (report.code == "bogus" && report.reason.find("expired") != std::string::npos)
    report.hints.emplace_back(signatures_have_expired);
  else if (report.code == "bogus")
    report.hints.push_back(fmt::format(
        "the domain's DNS does not validate, so senders with DANE defer its mail: expired signatures and a "
        "DS that fits no key are the usual causes; `danelaw lookup {} MX --engine stub` says which.",
        report.domain));
  for (MxHost& host : report.hosts) {
    explain_mismatch(host);
    explain_names(host);
    explain_usages(host);
    explain_lookup(host);
    if (resolver != nullptr) look_elsewhere(host, report.domain, resolver);
  }
  explain_mixture(report);
}

}  // namespace danelaw::cli
