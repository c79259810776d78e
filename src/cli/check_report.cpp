#include "check_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace danelaw::cli {
namespace {

/// From the most to the least decisive: one of these among the connected addresses makes the verdict.
constexpr std::array precedence = {DANELAW_REJECTED, DANELAW_UNDECIDED, DANELAW_NOT_APPLICABLE,
                                   DANELAW_AUTHENTICATED};

/// Null where no address was connected.
const PeerReport* decisive_peer(const std::vector<PeerReport>& peers) {
  for (const danelaw_decision decision : precedence) {
    const auto found = std::find_if(peers.begin(), peers.end(), [decision](const PeerReport& peer) {
      return peer.connected && peer.verdict == decision;
    });
    if (found != peers.end()) return &*found;
  }
  return nullptr;
}

std::string describe(const PeerReport& peer) {
  if (!peer.has_verdict) return fmt::format("{}: {}", peer.address, peer.error);
  if (peer.error.empty()) return peer.summary;
  return fmt::format("{}; {}: {}", peer.summary, peer.address, peer.error);
}

/// Where DANE does not apply: what ordinary verification said, if that decided.
std::string without_dane(const PeerReport& peer, const danelaw_plan& plan) {
  const bool ordinary = peer.source == "handshake" || danelaw_plan_needs_trust_store(&plan) != 0;
  if (peer.verdict != DANELAW_NOT_APPLICABLE) return "";
  // Neither did DANE decide nor do trusted certificates: RFC 7672 section 2.2, all records unusable.
  if (!ordinary) return "; encrypted, the peer is not authenticated";
  const bool verified = peer.verify_result == X509_V_OK;
  return fmt::format("; ordinary verification {}: {}", verified ? "accepts the peer" : "refuses the peer",
                     X509_verify_cert_error_string(peer.verify_result));
}

std::string describe_unreached(const std::vector<PeerReport>& peers) {
  const auto unreached =
      std::count_if(peers.begin(), peers.end(), [](const PeerReport& peer) { return !peer.connected; });
  if (unreached == 0) return "";
  return fmt::format("; {} of {} addresses could not be reached", unreached, peers.size());
}

/// The server's own proof took the place of the lookup.
void take_evidence_of(const PeerReport& peer, CheckReport& report) {
  report.outcome = peer.outcome;
  report.fault = peer.fault;
  report.lookup_text = peer.lookup_text;
  report.source = peer.source;
}

void explain_no_connection(CheckReport& report, const danelaw_plan& plan,
                           const std::string& address_problem) {
  const bool lookup_failed = report.outcome == DANELAW_OUTCOME_ERROR;
  report.reason = lookup_failed ? DANELAW_REASON_LOOKUP_FAILED : DANELAW_REASON_NONE;
  report.records = record_lines(plan);
  report.reason_text =
      lookup_failed ? fmt::format("the lookup failed: {}; ", danelaw_plan_reason(&plan)) : "";
  report.reason_text += report.peers.empty() ? address_problem : "no address could be reached";
  for (const PeerReport& peer : report.peers)
    report.reason_text += fmt::format("; {}: {}", peer.address, peer.error);
}

}  // namespace

CheckReport make_report(const Target& target, const danelaw_plan& plan, std::vector<PeerReport> peers,
                        const std::string& address_problem) {
  CheckReport report;
  report.service = target.to_text();
  report.outcome = danelaw_plan_outcome(&plan);
  report.fault = danelaw_plan_fault(&plan);
  report.lookup_text = danelaw_plan_reason(&plan);
  report.source = danelaw_plan_origin(&plan);
  report.base_domain = danelaw_plan_base_domain(&plan);
  report.peers = std::move(peers);
  const PeerReport* const decisive = decisive_peer(report.peers);
  if (decisive == nullptr) {
    explain_no_connection(report, plan, address_problem);
    return report;
  }
  report.verdict = decisive->verdict;
  if (decisive->source == "handshake") take_evidence_of(*decisive, report);
  report.reason = decisive->reason;
  report.reason_text = describe(*decisive) + without_dane(*decisive, plan) + describe_unreached(report.peers);
  report.records = decisive->has_verdict ? decisive->records : record_lines(plan);
  report.hint = decisive->hint;
  return report;
}

CheckReport report_without_plan(const Target& target, const danelaw_problem& problem) {
  CheckReport report;
  report.service = target.to_text();
  report.fault = danelaw_error_name(problem.code);
  report.reason = DANELAW_REASON_LOOKUP_FAILED;
  report.reason_text = problem.text;
  return report;
}

Exit exit_for(const CheckReport& report) {
  switch (report.verdict) {
    case DANELAW_AUTHENTICATED:
      return Exit::Good;
    case DANELAW_REJECTED:
      return Exit::Refused;
    case DANELAW_NOT_APPLICABLE:
      return Exit::NotApplicable;
    case DANELAW_UNDECIDED:
      return Exit::Undecided;
  }
  return Exit::Undecided;
}

}  // namespace danelaw::cli
