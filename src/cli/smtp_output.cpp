#include <fmt/format.h>

#include <algorithm>

#include "smtp_report.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

Colour colour_of(Fitness fitness) {
  switch (fitness) {
    case Fitness::Rejected:
    case Fitness::Error:
      return Colour::Red;
    case Fitness::NoDane:
      return Colour::Yellow;
    case Fitness::Fit:
      return Colour::Green;
  }
  return Colour::Plain;
}

std::string word_of(Fitness fitness) { return coloured(colour_of(fitness), fitness_word(fitness)); }

/// How the hosts were found, for people.
std::string origin(const DomainReport& report) {
  if (report.state == DANELAW_ROUTE_NO_HOSTS || report.hosts.empty()) return report.reason;
  const char* const standing = danelaw_standing_name(report.standing);
  if (report.standing == DANELAW_STANDING_DIRECT) return "the host was named, no MX records were asked for";
  const std::string what = report.implicit ? "no MX records: the domain is its own host" : "MX records";
  return fmt::format("{} ({})", what, standing);
}

std::string peer_line(const PeerReport& peer, const MxHost& host) {
  if (!peer.connected) return fmt::format("{}: not reached: {}", peer.address, peer.error);
  if (!peer.encrypted && !peer.has_verdict) return fmt::format("{}: no TLS: {}", peer.address, peer.error);
  if (!peer.encrypted) return fmt::format("{}: {}", peer.address, peer.summary);
  const bool authenticated = peer.verdict == DANELAW_AUTHENTICATED;
  const char* const how = !authenticated           ? "encrypted, not authenticated"
                          : host.speaks_for_domain ? "authenticated"
                                                   : "authenticated as this host, not for the domain";
  return fmt::format("{}: {}, {}", peer.address, how, peer.protocol);
}

std::string to_text(const MxHost& host, std::size_t width) {
  std::string text = fmt::format("  {:>5}  {:<{}}  {:<13}  {}\n", host.preference, printable(host.name),
                                 width, danelaw_requirement_name(host.requirement), word_of(host.fitness));
  text += fmt::format("         {}: {}\n", host.code, printable(host.reason));
  if (!host.base_domain.empty() && host.base_domain != host.name)
    text += fmt::format("         base domain {}\n", printable(host.base_domain));
  text += to_text(host.records, "         ");
  if (!host.address_problem.empty()) text += fmt::format("         {}\n", printable(host.address_problem));
  for (const PeerReport& peer : host.peers)
    text += fmt::format("         {}\n", printable(peer_line(peer, host)));
  for (const std::string& hint : host.hints) text += fmt::format("         hint: {}\n", printable(hint));
  return text;
}

Json to_json(const PeerReport& peer) {
  return {{"address", peer.address},
          {"connected", peer.connected},
          {"tls", peer.encrypted},
          {"verdict", danelaw_decision_name(peer.verdict)},
          {"reason", reason_or_null(peer.reason)},
          {"match_depth", peer.match_depth},
          {"protocol", peer.protocol},
          {"chain", peer.chain},
          {"error", peer.error}};
}

Json to_json(const MxHost& host) {
  Json addresses = Json::array();
  for (const PeerReport& peer : host.peers) addresses.push_back(to_json(peer));
  return {{"host", host.name},
          {"port", host.port},
          {"preference", host.preference},
          {"requirement", danelaw_requirement_name(host.requirement)},
          {"code", host.code},
          {"reason", host.reason},
          {"outcome", danelaw_outcome_name(host.outcome)},
          {"base_domain", host.base_domain},
          {"names", host.names},
          {"speaks_for_domain", host.speaks_for_domain},
          {"result", fitness_word(host.fitness)},
          {"records", to_json(host.records)},
          {"addresses", addresses},
          {"address_problem", host.address_problem},
          {"hints", host.hints}};
}

}  // namespace

std::string to_text(const DomainReport& report) {
  std::string text = fmt::format("{}  {}\n  {}\n", coloured(Colour::Bold, printable(report.domain)),
                                 word_of(report.fitness), printable(origin(report)));
  std::size_t width = 10;
  for (const MxHost& host : report.hosts) width = std::max(width, host.name.size());
  for (const MxHost& host : report.hosts) text += to_text(host, width);
  if (report.left_out > 0) text += fmt::format("  {} records were left out\n", report.left_out);
  for (const std::string& hint : report.hints) text += fmt::format("  hint: {}\n", printable(hint));
  return text;
}

std::string to_line(const DomainReport& report) {
  std::string detail = report.reason;
  if (detail.empty()) {
    for (const MxHost& host : report.hosts)
      detail += fmt::format(
          "{}{} {}", detail.empty() ? "" : ", ", host.name,
          host.fitness == Fitness::Fit ? danelaw_requirement_name(host.requirement) : host.code.c_str());
  }
  return fmt::format("{}  {}  {}\n", printable(report.domain), word_of(report.fitness), printable(detail));
}

Json to_json(const DomainReport& report) {
  Json hosts = Json::array();
  for (const MxHost& host : report.hosts) hosts.push_back(to_json(host));
  return {{"domain", report.domain},
          {"result", fitness_word(report.fitness)},
          {"state", danelaw_route_state_name(report.state)},
          {"code", report.code},
          {"reason", report.reason},
          {"mx", danelaw_standing_name(report.standing)},
          {"implicit", report.implicit},
          {"left_out", report.left_out},
          {"hosts", hosts},
          {"hints", report.hints}};
}

}  // namespace danelaw::cli
