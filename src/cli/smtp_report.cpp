#include "smtp_report.hpp"

#include <algorithm>

namespace danelaw::cli {
namespace {

bool needs_tls(danelaw_requirement requirement) {
  return requirement == DANELAW_TLS_AUTHENTICATE || requirement == DANELAW_TLS_ENCRYPT ||
         requirement == DANELAW_TLS_VERIFY;
}

/// A host that is what its records say. R7672-2.2.1a: where an attacker may have named it, that says nothing of the domain.
Fitness fitness_of_match(const MxHost& host) {
  return host.requirement == DANELAW_TLS_AUTHENTICATE && host.speaks_for_domain ? Fitness::Fit
                                                                                : Fitness::NoDane;
}

/// Before anybody connects: what can be had by the records alone.
Fitness fitness_of_plan(const MxHost& host) {
  if (host.requirement == DANELAW_TLS_AUTHENTICATE) return fitness_of_match(host);
  if (host.requirement != DANELAW_DO_NOT_USE) return Fitness::NoDane;
  return host.code == "mandatory-without-dane" ? Fitness::Rejected : Fitness::Error;
}

/// An address that took our connection.
Fitness fitness_of_peer(const MxHost& host, const PeerReport& peer) {
  const bool has_tls = peer.encrypted && peer.has_verdict && peer.accepted;
  if (needs_tls(host.requirement) && !has_tls) return Fitness::Rejected;  // never a fallback
  return fitness_of_match(host);
}

Fitness fitness_of_domain(const DomainReport& report) {
  if (report.state == DANELAW_ROUTE_NO_HOSTS)
    return report.code == "null-mx" ? Fitness::NoDane : Fitness::Error;
  std::vector<Fitness> all;
  for (const MxHost& host : report.hosts) all.push_back(host.fitness);
  return all.empty() ? Fitness::Error : worst(all);
}

}  // namespace

const char* fitness_word(Fitness fitness) {
  switch (fitness) {
    case Fitness::Rejected:
      return "rejected";
    case Fitness::Error:
      return "error";
    case Fitness::NoDane:
      return "no-dane";
    case Fitness::Fit:
      return "fit";
  }
  return "error";
}

MxHost mx_host(const danelaw_route& route, std::size_t index) {
  MxHost host;
  host.name = danelaw_route_host(&route, index);
  host.port = danelaw_route_port(&route, index);
  host.preference = danelaw_route_preference(&route, index);
  host.requirement = danelaw_route_requirement(&route, index);
  host.code = danelaw_route_host_code(&route, index);
  host.reason = danelaw_route_host_reason(&route, index);
  host.speaks_for_domain = danelaw_route_speaks_for_domain(&route, index) != 0;
  const danelaw_plan& plan = *danelaw_route_plan(&route, index);
  host.outcome = danelaw_plan_outcome(&plan);
  host.base_domain = danelaw_plan_base_domain(&plan);
  host.records = record_lines(plan);
  for (std::size_t i = 0; const char* name = danelaw_route_name(&route, index, i); ++i)
    host.names.emplace_back(name);
  host.fitness = fitness_of_plan(host);
  return host;
}

void judge_peers(MxHost& host) {
  std::vector<Fitness> all;
  for (const PeerReport& peer : host.peers) {
    if (!peer.connected) continue;
    all.push_back(fitness_of_peer(host, peer));
    if (peer.has_verdict && !peer.records.empty()) host.records = peer.records;
  }
  host.fitness = all.empty() ? Fitness::Error : worst(all);
}

DomainReport make_domain_report(const danelaw_route& route, std::vector<MxHost> hosts) {
  DomainReport report;
  report.domain = danelaw_route_domain(&route);
  report.state = danelaw_route_get_state(&route);
  report.code = danelaw_route_code(&route);
  report.reason = danelaw_route_reason(&route);
  report.standing = danelaw_route_standing(&route);
  report.implicit = danelaw_route_is_implicit(&route) != 0;
  report.left_out = danelaw_route_left_out(&route);
  report.hosts = std::move(hosts);
  // Senders shuffle hosts of equal preference; a report that is read twice should not.
  std::stable_sort(report.hosts.begin(), report.hosts.end(), [](const MxHost& a, const MxHost& b) {
    return a.preference != b.preference ? a.preference < b.preference : a.name < b.name;
  });
  report.fitness = fitness_of_domain(report);
  return report;
}

DomainReport report_without_route(const std::string& domain, const danelaw_problem& problem) {
  DomainReport report;
  report.domain = domain;
  report.code = danelaw_error_name(problem.code);
  report.reason = problem.text;
  return report;
}

Exit exit_for(Fitness fitness) {
  switch (fitness) {
    case Fitness::Rejected:
      return Exit::Refused;
    case Fitness::Error:
      return Exit::Undecided;
    case Fitness::NoDane:
      return Exit::NotApplicable;
    case Fitness::Fit:
      return Exit::Good;
  }
  return Exit::Undecided;
}

Fitness worst(const std::vector<Fitness>& all) {
  for (const Fitness fitness : {Fitness::Rejected, Fitness::Error, Fitness::Fit})
    if (std::find(all.begin(), all.end(), fitness) != all.end()) return fitness;
  return Fitness::NoDane;
}

}  // namespace danelaw::cli
