#include "capi/plan.hpp"

#include <algorithm>
#include <utility>

#include "base/hex.hpp"
#include "base/ip_address.hpp"
#include "capi/errors.hpp"
#include "capi/settings.hpp"
#include "dns/idn.hpp"
#include "service/host.hpp"
#include "verify/action.hpp"

using namespace danelaw;

namespace {

struct FaultAndReason {
  std::string fault;
  std::string reason;
};

FaultAndReason why(const verify::Plan& plan) {
  if (const auto* not_asked = std::get_if<verify::NotAsked>(&plan.evidence))
    return {std::string(verify::to_string(not_asked->why)),
            std::string(verify::explanation_of(not_asked->why))};
  const auto& outcome = std::get<tlsa::TlsaOutcome>(plan.evidence);
  if (const auto* error = std::get_if<tlsa::LookupError>(&outcome))
    return {std::string(tlsa::to_string(error->fault)), error->reason};
  if (const auto* insecure = std::get_if<tlsa::Insecure>(&outcome)) return {"insecure", insecure->reason};
  if (std::holds_alternative<tlsa::SecureAbsent>(outcome))
    return {"", "validated proof that there is no TLSA record"};
  if (std::holds_alternative<tlsa::SecureUnusable>(outcome))
    return {"", "validated, and no record can be acted on"};
  return {"", "validated"};
}

tlsa::TlsaOutcome outcome_without_records(danelaw_outcome outcome, const char* reason) {
  const std::string text = reason == nullptr ? "" : reason;
  if (outcome == DANELAW_OUTCOME_SECURE_ABSENT) return tlsa::SecureAbsent{};
  if (outcome == DANELAW_OUTCOME_INSECURE) return tlsa::Insecure{text};
  return tlsa::LookupError{tlsa::LookupFault::Source, text.empty() ? "the application says so" : text};
}

/// A plan that nothing uses may be changed, in its names and its expiry alone: by its records it may have judged already.
verify::Plan* changeable(danelaw_plan* plan) {
  if (plan == nullptr || plan->plan.use_count() != 1) return nullptr;
  return const_cast<verify::Plan*>(plan->plan.get());
}

}  // namespace

namespace danelaw::capi {

bool is_transport(danelaw_transport transport) {
  return transport == DANELAW_TRANSPORT_TCP || transport == DANELAW_TRANSPORT_UDP ||
         transport == DANELAW_TRANSPORT_SCTP;
}

Result<verify::Service> service_of(const char* host, unsigned port, danelaw_transport transport) {
  if (host == nullptr) return Problem{Fault::Argument, "a host name is needed"};
  if (!is_transport(transport)) return Problem{Fault::Argument, "unknown transport"};
  return service::parse_service(host, port, static_cast<tlsa::Transport>(transport));
}

verify::SharedPlan under_policy(const verify::Plan& made, const verify::Policy& policy) {
  auto plan = std::make_shared<verify::Plan>(made);
  plan->policy = policy;
  const tlsa::RecordSet* records = verify::records_of(made);
  if (records == nullptr) return plan;
  std::vector<Buffer> rdatas;
  for (const auto& entry : records->entries()) rdatas.push_back(entry.rdata);
  plan->evidence = tlsa::outcome_of(tlsa::RecordSet::from_rdatas(rdatas, verify::usages_of(policy.profile)));
  return plan;
}

}  // namespace danelaw::capi

danelaw_plan::danelaw_plan(verify::SharedPlan made) : plan(std::move(made)) {
  FaultAndReason texts = why(*plan);
  fault = std::move(texts.fault);
  reason = std::move(texts.reason);
  const tlsa::RecordSet* records = verify::records_of(*plan);
  if (records == nullptr) return;
  for (const auto& entry : records->entries()) {
    record_texts.push_back(entry.record ? entry.record->to_text() : to_hex(entry.rdata));
    record_standings.emplace_back(tlsa::to_string(entry.standing));
  }
}

danelaw_records* danelaw_records_new(void) {
  return capi::guarded_value<danelaw_records*>(nullptr, [] { return new danelaw_records(); });
}

void danelaw_records_free(danelaw_records* records) { delete records; }

int danelaw_records_add_text(danelaw_records* records, const char* text, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (records == nullptr || text == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_records_add_text: records and text are needed");
    auto record = tlsa::Record::from_text(text);
    if (!record) return capi::report(problem, record.problem());
    records->records.push_back(std::move(record).value());
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_records_add_rdata(danelaw_records* records, const uint8_t* rdata, size_t octets,
                              danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (records == nullptr || (rdata == nullptr && octets != 0))
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_records_add_rdata: records and RDATA are needed");
    auto record = tlsa::Record::from_rdata(Bytes(rdata, octets));
    if (!record) return capi::report(problem, record.problem());
    records->records.push_back(std::move(record).value());
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_plan_from_records(const danelaw_settings* settings, const char* host, unsigned port,
                              danelaw_transport transport, const danelaw_records* records,
                              danelaw_plan** plan, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (records == nullptr || plan == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_plan_from_records: records and plan are needed");
    const auto service = capi::service_of(host, port, transport);
    if (!service) return capi::report(problem, service.problem());
    auto made = std::make_shared<verify::Plan>();
    made->service = *service;
    made->policy = capi::policy_of(capi::or_defaults(settings));
    // An IP literal is its own reference identifier and is never sent as SNI (RFC 6066 section 3).
    if (!is_address_literal(service->host)) made->base_domain = service->host;
    made->reference_identifiers = {service->host};
    made->origin = verify::Origin::Application;
    made->evidence = tlsa::outcome_of(
        tlsa::RecordSet::from_records(records->records, verify::usages_of(made->policy.profile)));
    *plan = new danelaw_plan(std::move(made));
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_plan_without_records(const danelaw_settings* settings, const char* host, unsigned port,
                                 danelaw_transport transport, danelaw_outcome outcome, const char* reason,
                                 danelaw_plan** plan, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    const bool without = outcome == DANELAW_OUTCOME_ERROR || outcome == DANELAW_OUTCOME_SECURE_ABSENT ||
                         outcome == DANELAW_OUTCOME_INSECURE;
    if (plan == nullptr || !without)
      return capi::report(
          problem, DANELAW_ERR_ARGUMENT,
          "danelaw_plan_without_records: the outcome must be error, secure-absent or insecure");
    const auto service = capi::service_of(host, port, transport);
    if (!service) return capi::report(problem, service.problem());
    const verify::Policy policy = capi::policy_of(capi::or_defaults(settings));
    auto made = std::make_shared<verify::Plan>(
        *verify::plan_without_records(*service, policy, outcome_without_records(outcome, reason)));
    made->origin = verify::Origin::Application;
    *plan = new danelaw_plan(std::move(made));
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_plan_add_name(danelaw_plan* plan, const char* name, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (plan == nullptr || name == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT, "danelaw_plan_add_name: plan and name are needed");
    verify::Plan* inner = changeable(plan);
    if (inner == nullptr)
      return capi::report(problem, DANELAW_ERR_STATE, "the plan is in use: add names before");
    const auto host = dns::host_name_from_text(name);
    if (!host) return capi::report(problem, host.problem());
    const std::string text = host->to_text();
    auto& names = inner->reference_identifiers;
    if (std::find(names.begin(), names.end(), text) == names.end()) names.push_back(text);
    inner->kept.binding.forget();  // sessions were bound to the names that it had
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_plan_set_expiry(danelaw_plan* plan, int64_t epoch_seconds) {
  verify::Plan* inner = changeable(plan);
  if (inner == nullptr) return plan == nullptr ? DANELAW_ERR_ARGUMENT : DANELAW_ERR_STATE;
  inner->expires = epoch_seconds;
  return DANELAW_OK;
}

void danelaw_plan_free(danelaw_plan* plan) { delete plan; }

danelaw_outcome danelaw_plan_outcome(const danelaw_plan* plan) {
  if (plan == nullptr) return DANELAW_OUTCOME_ERROR;
  const auto* outcome = std::get_if<tlsa::TlsaOutcome>(&plan->plan->evidence);
  if (outcome == nullptr) return DANELAW_OUTCOME_NOT_ASKED;
  if (std::holds_alternative<tlsa::SecureUsable>(*outcome)) return DANELAW_OUTCOME_SECURE_USABLE;
  if (std::holds_alternative<tlsa::SecureUnusable>(*outcome)) return DANELAW_OUTCOME_SECURE_UNUSABLE;
  if (std::holds_alternative<tlsa::SecureAbsent>(*outcome)) return DANELAW_OUTCOME_SECURE_ABSENT;
  if (std::holds_alternative<tlsa::Insecure>(*outcome)) return DANELAW_OUTCOME_INSECURE;
  return DANELAW_OUTCOME_ERROR;
}

const char* danelaw_outcome_name(danelaw_outcome outcome) {
  switch (outcome) {
    case DANELAW_OUTCOME_ERROR:
      return "error";
    case DANELAW_OUTCOME_SECURE_USABLE:
      return "secure-usable";
    case DANELAW_OUTCOME_SECURE_UNUSABLE:
      return "secure-unusable";
    case DANELAW_OUTCOME_SECURE_ABSENT:
      return "secure-absent";
    case DANELAW_OUTCOME_INSECURE:
      return "insecure";
    case DANELAW_OUTCOME_NOT_ASKED:
      return "not-asked";
  }
  return "unknown";
}

const char* danelaw_plan_fault(const danelaw_plan* plan) {
  return plan == nullptr ? "" : plan->fault.c_str();
}
const char* danelaw_plan_reason(const danelaw_plan* plan) {
  return plan == nullptr ? "" : plan->reason.c_str();
}
const char* danelaw_plan_base_domain(const danelaw_plan* plan) {
  return plan == nullptr ? "" : plan->plan->base_domain.c_str();
}
const char* danelaw_plan_origin(const danelaw_plan* plan) {
  return plan == nullptr ? "" : verify::to_string(plan->plan->origin).data();  // all are literals
}
int64_t danelaw_plan_expiry(const danelaw_plan* plan) { return plan == nullptr ? 0 : plan->plan->expires; }

int danelaw_plan_needs_trust_store(const danelaw_plan* plan) {
  if (plan == nullptr) return 0;
  const verify::Action action = verify::action_for(*plan->plan);
  if (std::holds_alternative<verify::ApplicationDecides>(action)) return 1;
  if (!std::holds_alternative<verify::MatchRecords>(action)) return 0;
  const tlsa::RecordSet& records = *verify::records_of(*plan->plan);
  return records.any_usable(tlsa::Usage::PkixTa) || records.any_usable(tlsa::Usage::PkixEe) ? 1 : 0;
}

size_t danelaw_plan_record_count(const danelaw_plan* plan) {
  return plan == nullptr ? 0 : plan->record_texts.size();
}
const char* danelaw_plan_record_text(const danelaw_plan* plan, size_t index) {
  return index < danelaw_plan_record_count(plan) ? plan->record_texts[index].c_str() : nullptr;
}
const char* danelaw_plan_record_standing(const danelaw_plan* plan, size_t index) {
  return index < danelaw_plan_record_count(plan) ? plan->record_standings[index].c_str() : nullptr;
}
