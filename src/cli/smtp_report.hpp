// What `danelaw smtp` found out about one domain: its route, and with --connect what every address of every host showed.
#pragma once

#include <string>
#include <vector>

#include "danelaw/smtp.h"
#include "exit.hpp"
#include "handles.hpp"
#include "peer.hpp"
#include "records_report.hpp"

namespace danelaw::cli {

using Route = std::unique_ptr<danelaw_route, Free<danelaw_route_free>>;

/// What became of a host or a domain, from worst to best.
enum class Fitness {
  Rejected,  ///< what is published does not fit what the server shows, or TLS is required and not to be had
  Error,     ///< it cannot be said: lookup failed, not reached
  NoDane,    ///< no authentication by DANE
  Fit,       ///< authenticated, or without --connect: can be
};
[[nodiscard]] const char* fitness_word(Fitness fitness);  ///< "rejected", "error", "no-dane", "fit"

struct MxHost {
  std::string name;
  unsigned port = 0;
  unsigned preference = 0;
  danelaw_requirement requirement = DANELAW_DO_NOT_USE;
  std::string code;
  std::string reason;
  danelaw_outcome outcome = DANELAW_OUTCOME_ERROR;
  std::string base_domain;
  std::vector<std::string> names;
  bool speaks_for_domain = false;
  RecordLines records;
  Fitness fitness = Fitness::Error;
  std::vector<PeerReport> peers;  ///< with --connect
  std::string address_problem;    ///< with --connect: why there are no addresses
  std::vector<std::string> hints;
};

struct DomainReport {
  std::string domain;
  danelaw_route_state state = DANELAW_ROUTE_DEFER;
  std::string code;
  std::string reason;
  danelaw_standing standing = DANELAW_STANDING_INSECURE;
  bool implicit = false;
  std::size_t left_out = 0;
  std::vector<MxHost> hosts;  ///< by preference, those of the same by name
  Fitness fitness = Fitness::Error;
  std::vector<std::string> hints;
};

/// A host as the route has it, before anybody connects.
[[nodiscard]] MxHost mx_host(const danelaw_route& route, std::size_t index);
/// What `peers` show of a host whose requirement is known.
void judge_peers(MxHost& host);

[[nodiscard]] DomainReport make_domain_report(const danelaw_route& route, std::vector<MxHost> hosts);
/// The domain could not even be asked about.
[[nodiscard]] DomainReport report_without_route(const std::string& domain, const danelaw_problem& problem);

/// One domain in full; several are one line each.
[[nodiscard]] std::string to_text(const DomainReport& report);
[[nodiscard]] std::string to_line(const DomainReport& report);
[[nodiscard]] Json to_json(const DomainReport& report);

[[nodiscard]] Exit exit_for(Fitness fitness);
/// Of many domains: one rejected is enough, then one error; no DANE only where none has it.
[[nodiscard]] Fitness worst(const std::vector<Fitness>& all);

}  // namespace danelaw::cli
