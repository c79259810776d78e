#include "verify/action.hpp"

namespace danelaw::verify {
namespace {

/// DANE does not apply for `reason`: mandatory mode asks for more.
Action unless_mandatory(const Plan& plan, Action otherwise) {
  if (plan.policy.mode != Mode::Mandatory) return otherwise;
  return Fail{Rejected{Reason::MandatoryWithoutDane}, X509_V_ERR_DANE_NO_MATCH};
}

struct ByOutcome {
  const Plan& plan;

  // RFC 6698 section 4.1: without records, and without proof that there are none, the connection is aborted.
  Action operator()(const tlsa::LookupError&) const {
    if (plan.policy.lookup_errors == LookupErrors::InsecureIgnore)
      return unless_mandatory(plan, ApplicationDecides{Reason::LookupFailed});
    return Fail{Undecided{Reason::LookupFailed}};
  }
  Action operator()(const tlsa::SecureUsable&) const { return MatchRecords{}; }
  Action operator()(const tlsa::SecureUnusable&) const {
    // RFC 7672 section 2.2: encrypted, never cleartext, not authenticated. Elsewhere as if there were no
    // TLSA.
    if (plan.policy.profile == Profile::Smtp) return unless_mandatory(plan, EncryptOnly{});
    return unless_mandatory(plan, ApplicationDecides{Reason::NoUsableRecord});
  }
  Action operator()(const tlsa::SecureAbsent&) const {
    return unless_mandatory(plan, ApplicationDecides{Reason::SecureAbsent});
  }
  Action operator()(const tlsa::Insecure&) const {
    return unless_mandatory(plan, ApplicationDecides{Reason::Insecure});
  }
};

}  // namespace

Action action_for(const Plan& plan) {
  if (plan.policy.mode == Mode::Off) return ApplicationDecides{Reason::NotAsked};
  const auto* not_asked = std::get_if<NotAsked>(&plan.evidence);
  if (not_asked != nullptr && not_asked->why == NotAsked::Why::OwnDane)
    return ApplicationDecides{Reason::NotAsked};  // by DANE too: hook/ sees to it that a record has matched
  if (not_asked != nullptr) return unless_mandatory(plan, ApplicationDecides{Reason::NotAsked});
  return std::visit(ByOutcome{plan}, std::get<tlsa::TlsaOutcome>(plan.evidence));
}

}  // namespace danelaw::verify
