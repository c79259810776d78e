#include "watch_look.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "signature_end.hpp"

namespace danelaw::cli {
namespace {

/// Where a DANE-EE(3) record matched, mail's clients look at no date (RFC 7671 section 5.1, RFC 7672 section 3.1.1); on other
/// ports clients without DANE do.
bool looks_at_dates(const PeerReport& peer, bool is_mail) {
  if (!is_mail || peer.record < 0 || static_cast<std::size_t>(peer.record) >= peer.records.size())
    return true;
  return !peer.records[static_cast<std::size_t>(peer.record)].text.starts_with("3 ");
}

void add_certificates(const std::vector<PeerReport>& peers, bool is_mail, Observation& observation) {
  for (const PeerReport& peer : peers) {
    if (peer.certificate_until == 0 || !looks_at_dates(peer, is_mail)) continue;
    const std::int64_t known = observation.certificate_until;
    observation.certificate_until =
        known == 0 ? peer.certificate_until : std::min(known, peer.certificate_until);
  }
}

bool matches(const PeerReport& peer, const RecordLine& record) {
  return std::any_of(peer.records.begin(), peer.records.end(), [&](const RecordLine& line) {
    return line.text == record.text && line.matched_depth >= 0;
  });
}

/// Only where each address that was reached is authenticated: else the verdict says more.
void add_unmatched(const std::vector<PeerReport>& peers, const RecordLines& records,
                   Observation& observation) {
  const bool all = !peers.empty() && std::all_of(peers.begin(), peers.end(), [](const PeerReport& peer) {
    return peer.verdict == DANELAW_AUTHENTICATED;
  });
  if (!all) return;
  for (const RecordLine& record : records) {
    const bool is_matched = std::any_of(peers.begin(), peers.end(),
                                        [&](const PeerReport& peer) { return matches(peer, record); });
    if (record.standing == "usable" && !is_matched)
      observation.unmatched.push_back(shortened_record(record.text));
  }
}

void add_signatures(const SignatureEnd& end, Observation& observation) {
  observation.signature_until = end.until;
  observation.signature_of = end.rrset;
}

danelaw_decision decision_of(Fitness fitness) {
  switch (fitness) {
    case Fitness::Fit:
      return DANELAW_AUTHENTICATED;
    case Fitness::Rejected:
      return DANELAW_REJECTED;
    case Fitness::NoDane:
      return DANELAW_NOT_APPLICABLE;
    case Fitness::Error:
      return DANELAW_UNDECIDED;
  }
  return DANELAW_UNDECIDED;
}

/// The host by which the domain got its fitness.
const MxHost* decisive_host(const DomainReport& report) {
  const auto found = std::find_if(report.hosts.begin(), report.hosts.end(),
                                  [&](const MxHost& host) { return host.fitness == report.fitness; });
  return found == report.hosts.end() ? nullptr : &*found;
}

/// The library has a word for each verdict; where there could be none, these are ours.
const char* without_verdict(bool connected) { return connected ? "no-tls" : "not-reached"; }

const char* reason_of(const PeerReport& peer) {
  return peer.reason == DANELAW_REASON_NONE ? without_verdict(peer.connected)
                                            : danelaw_reason_name(peer.reason);
}

std::string reason_of(const CheckReport& report) {
  if (report.reason != DANELAW_REASON_NONE) return danelaw_reason_name(report.reason);
  return without_verdict(std::any_of(report.peers.begin(), report.peers.end(),
                                     [](const PeerReport& peer) { return peer.connected; }));
}

/// What its servers showed says more than what its records ask for.
void explain_by(const MxHost& host, Observation& observation) {
  observation.reason = host.code;
  observation.text = fmt::format("{}: {}", host.name, host.reason);
  if (host.fitness != Fitness::Rejected && host.fitness != Fitness::Error) return;
  for (const PeerReport& peer : host.peers) {
    if (peer.has_verdict && peer.accepted) continue;
    observation.reason = reason_of(peer);
    observation.text =
        fmt::format("{}: {}: {}", host.name, peer.address, peer.has_verdict ? peer.summary : peer.error);
    return;
  }
  if (host.address_problem.empty()) return;
  observation.reason = without_verdict(false);
  observation.text = fmt::format("{}: {}", host.name, host.address_problem);
}

std::string tlsa_owner(unsigned port, const std::string& base_domain) {
  return fmt::format("_{}._tcp.{}", port, base_domain);
}

Observation look_at_host(const WatchTools& tools, danelaw_resolver& resolver, const WatchedService& service) {
  const bool is_mail = service.starttls != nullptr && service.starttls->name == "smtp";  // RFC 7672
  const danelaw_settings& settings = is_mail ? tools.mail_settings : tools.settings;
  const ServiceCheck known{.target = service.target,
                           .starttls = service.starttls,
                           .settings = settings,
                           .context = is_mail ? tools.mail_context : tools.context,
                           .family = Family::Any,
                           .address = std::nullopt,
                           .has_store = true};
  danelaw_problem problem{};
  const std::optional<CheckReport> report = check_by_dns(known, resolver, problem);
  if (!report) return observation_of(report_without_plan(service.target, problem), is_mail);
  Observation observation = observation_of(*report, is_mail);
  if (tools.with_signatures && !report->records.empty())
    add_signatures(signature_end(settings, tlsa_owner(service.target.port, report->base_domain), "TLSA"),
                   observation);
  return observation;
}

Observation look_at_domain(const WatchTools& tools, danelaw_resolver& resolver,
                           const WatchedService& service) {
  const DomainCheck check{tools.mail_settings, resolver, tools.mail_context, Connect::Yes,
                          FindFaults::FromAnswers};
  const DomainReport report = look_at(check, service.domain);
  Observation observation = observation_of(report);
  if (!tools.with_signatures) return observation;
  SignatureEnd end;
  if (report.standing == DANELAW_STANDING_SECURE)
    end = signature_end(tools.mail_settings, report.domain, "MX");
  for (const MxHost& host : report.hosts)
    if (!host.records.empty())
      end = earlier(end, signature_end(tools.mail_settings, tlsa_owner(host.port, host.base_domain), "TLSA"));
  add_signatures(end, observation);
  return observation;
}

}  // namespace

Observation observation_of(const CheckReport& report, bool is_mail) {
  Observation observation;
  observation.verdict = report.verdict;
  observation.outcome = danelaw_outcome_name(report.outcome);
  observation.reason = reason_of(report);
  observation.text = report.reason_text;
  observation.is_bogus = report.outcome == DANELAW_OUTCOME_ERROR && report.fault == "bogus";
  add_certificates(report.peers, is_mail, observation);
  add_unmatched(report.peers, report.records, observation);
  return observation;
}

Observation observation_of(const DomainReport& report) {
  Observation observation;
  observation.verdict = decision_of(report.fitness);
  observation.outcome = danelaw_standing_name(report.standing);
  observation.reason = report.code;
  observation.text = report.reason;
  const MxHost* const decisive = decisive_host(report);
  if (report.code.empty() && decisive != nullptr) explain_by(*decisive, observation);
  observation.is_bogus = observation.reason == "bogus";
  for (const MxHost& host : report.hosts) {
    add_certificates(host.peers, true, observation);
    add_unmatched(host.peers, host.records, observation);
  }
  return observation;
}

Observation look_at(const WatchTools& tools, danelaw_resolver& resolver, const WatchedService& service) {
  return service.is_mail() ? look_at_domain(tools, resolver, service)
                           : look_at_host(tools, resolver, service);
}

}  // namespace danelaw::cli
