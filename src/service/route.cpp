#include "service/route.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "verify/action.hpp"

namespace danelaw::service {
namespace {

using verify::Reason;

struct ByAction {
  const verify::Plan& plan;

  Requirement operator()(const verify::Fail&) const { return Requirement::DoNotUse; }
  Requirement operator()(const verify::MatchRecords&) const { return Requirement::Authenticate; }
  Requirement operator()(const verify::EncryptOnly&) const { return Requirement::Encrypt; }
  Requirement operator()(const verify::ApplicationDecides& decides) const {
    // R7673-4a: records were published, so there is TLS, even though none of them can be acted on.
    return decides.reason == Reason::NoUsableRecord ? Requirement::Verify : Requirement::Opportunistic;
  }
};

std::string reason_of(const verify::Plan& plan) {
  if (const auto* not_asked = std::get_if<verify::NotAsked>(&plan.evidence))
    return std::string(verify::explanation_of(not_asked->why));
  if (const auto* error = verify::lookup_error_of(plan)) return error->reason;
  const auto& outcome = std::get<tlsa::TlsaOutcome>(plan.evidence);
  if (const auto* insecure = std::get_if<tlsa::Insecure>(&outcome)) return insecure->reason;
  if (const tlsa::RecordSet* records = verify::records_of(plan))
    return std::to_string(records->entries().size()) + " TLSA records, " +
           std::to_string(records->usable().size()) + " usable";
  return "validated proof that there are no TLSA records";
}

std::string code_of(const verify::Plan& plan) {
  if (const auto* error = verify::lookup_error_of(plan)) return std::string(tlsa::to_string(error->fault));
  return std::string(verify::evidence_name(plan));
}

}  // namespace

std::string_view to_string(Requirement requirement) {
  switch (requirement) {
    case Requirement::DoNotUse:
      return "do-not-use";
    case Requirement::Authenticate:
      return "authenticate";
    case Requirement::Encrypt:
      return "encrypt";
    case Requirement::Verify:
      return "verify";
    case Requirement::Opportunistic:
      return "opportunistic";
  }
  return "unknown";
}

std::string_view to_string(RouteState state) {
  switch (state) {
    case RouteState::Defer:
      return "defer";
    case RouteState::Usable:
      return "usable";
    case RouteState::NoHosts:
      return "no-hosts";
  }
  return "unknown";
}

Requirement requirement_of(const verify::Plan& plan) {
  return std::visit(ByAction{plan}, verify::action_for(plan));
}

RouteHost route_host(const Candidate& candidate, verify::SharedPlan plan) {
  RouteHost host;
  host.name = candidate.host;
  host.port = candidate.port;
  host.preference = candidate.preference;
  host.weight = candidate.weight;
  host.requirement = requirement_of(*plan);
  host.code = code_of(*plan);
  host.reason = reason_of(*plan);
  const bool failed = verify::lookup_error_of(*plan) != nullptr;
  if (host.requirement == Requirement::DoNotUse && !failed) {
    host.reason = "DANE is mandatory and does not apply: " + host.code + ": " + host.reason;
    host.code = to_string(Reason::MandatoryWithoutDane);
  }
  host.plan = std::move(plan);
  return host;
}

void conclude(Route& route, EpochSeconds expires, EpochSeconds now) {
  const auto usable = [](const RouteHost& host) { return host.requirement != Requirement::DoNotUse; };
  route.expires = expires;
  for (const RouteHost& host : route.hosts)
    if (usable(host)) route.expires = std::min(route.expires, host.plan->expires);
  route.expires = std::max(route.expires, now + attempt_seconds);
  if (std::any_of(route.hosts.begin(), route.hosts.end(), usable)) {
    route.state = RouteState::Usable;
    return;
  }
  route.state = RouteState::Defer;
  route.code = "no-usable-host";
  route.reason = "none of the hosts may be used now";
  if (!route.hosts.empty())
    route.reason += ": " + route.hosts.front().name + ": " + route.hosts.front().reason;
}

}  // namespace danelaw::service
