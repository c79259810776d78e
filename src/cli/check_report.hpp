// The report of `danelaw check`: one verdict over all addresses, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "exit.hpp"
#include "handles.hpp"
#include "peer.hpp"

namespace danelaw::cli {

struct CheckReport {
  std::string service;
  danelaw_decision verdict = DANELAW_UNDECIDED;
  danelaw_outcome outcome = DANELAW_OUTCOME_ERROR;
  std::string fault;  ///< stable word for why no TLSA records could be had; may be empty
  danelaw_reason reason = DANELAW_REASON_NONE;
  std::string reason_text;  ///< for people
  std::string lookup_text;  ///< what DNS said, or the server's own proof, for people
  std::string source;       ///< "dns", "handshake" (RFC 9102), "application" or "none"
  std::string base_domain;
  std::vector<PeerReport> peers;
  RecordLines records;
  std::string hint;
};

/// The plan's lookup and every address in one verdict: rejected if any is rejected, authenticated only if all
/// that were connected are.
[[nodiscard]] CheckReport make_report(const Target& target, const danelaw_plan& plan,
                                      std::vector<PeerReport> peers, const std::string& address_problem);

/// No plan could be made: an undecided report with the reason.
[[nodiscard]] CheckReport report_without_plan(const Target& target, const danelaw_problem& problem);

[[nodiscard]] std::string to_text(const CheckReport& report);
[[nodiscard]] Json to_json(const CheckReport& report);
[[nodiscard]] Exit exit_for(const CheckReport& report);

}  // namespace danelaw::cli
