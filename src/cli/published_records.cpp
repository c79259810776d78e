#include "published_records.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "danelaw/proof.h"
#include "handles.hpp"
#include "proof_ttl.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

/// Of the records themselves, not of the keys above them.
std::int64_t signed_until(const AnswerReport& answer) {
  std::int64_t until = 0;
  for (const ProofLine& line : answer.proof)
    if (line.rrset.ends_with(" TLSA")) until = std::max(until, line.signed_until);
  return until;
}

danelaw_transport transport_of(const TlsaService& service) {
  if (service.transport == "udp") return DANELAW_TRANSPORT_UDP;
  return service.transport == "sctp" ? DANELAW_TRANSPORT_SCTP : DANELAW_TRANSPORT_TCP;
}

bool is_of_use(const TlsaRecord& record, Clients clients) {
  return is_usable(record) && (clients == Clients::Any || record.parameters.usage > 1);
}

/// The name at the end of the host's aliases, all of the way validated; the host itself where that cannot be had.
std::string expanded(const std::string& host, danelaw_resolver* resolver) {
  for (const char* const type : {"A", "AAAA"}) {
    danelaw_problem problem{};
    danelaw_answer* raw = nullptr;
    const int code = danelaw_query(resolver, host.c_str(), type, &raw, &problem);
    const Answer answer(raw);
    require(code, problem);
    const danelaw_status status = danelaw_answer_status(raw);
    if (status == DANELAW_STATUS_SECURE || status == DANELAW_STATUS_SECURE_ABSENT)
      return danelaw_answer_owner(raw);
  }
  return host;
}

}  // namespace

Published look_up_records(const std::string& owner, const DnsOptions& dns, Clients clients) {
  const Settings settings = make_settings();
  set_dns(*settings, with_records(dns));
  danelaw_problem problem{};
  danelaw_answer* raw = nullptr;
  const int code = danelaw_query_proof(settings.get(), owner.c_str(), "TLSA", &raw, &problem);
  const Answer answer(raw);
  if (!succeeded(code, problem)) throw Failure(Exit::Undecided, problem.text);
  Published published;
  published.answer = report_of(*answer);
  for (std::size_t i = 0; i < danelaw_answer_count(raw); ++i) {
    std::size_t octets = 0;
    const auto* const rdata = reinterpret_cast<const char*>(danelaw_answer_rdata(raw, i, &octets));
    auto record = record_of_rdata({rdata, octets});
    if (!record) continue;
    auto& group = is_of_use(*record, clients) ? published.records : published.unusable;
    group.push_back(std::move(*record));
  }
  std::size_t octets = 0;
  const std::uint8_t* const proof = danelaw_answer_proof(raw, &octets);
  published.ttl = published.answer.ttl;
  if (proof != nullptr)
    published.ttl = std::max(published.ttl, original_ttl({proof, octets}, type_tlsa).value_or(0));
  published.signed_until = signed_until(published.answer);
  return published;
}

std::string deciding_name(const TlsaService& service, const DnsOptions& dns, Clients clients) {
  const Settings settings = make_settings();
  set_dns(*settings, with_records(dns));
  set(*settings, "profile", clients == Clients::MailServers ? "smtp" : "generic", "the profile");
  danelaw_problem problem{};
  danelaw_resolver* raw_resolver = nullptr;
  const int made = danelaw_resolver_new(settings.get(), &raw_resolver, &problem);
  const Resolver resolver(raw_resolver);
  danelaw_plan* raw_plan = nullptr;
  const bool has_plan =
      succeeded(made, problem) &&
      succeeded(danelaw_plan_lookup(raw_resolver, settings.get(), service.host.c_str(), service.port,
                                    transport_of(service), &raw_plan, &problem),
                problem);
  const Plan plan(raw_plan);
  if (!has_plan) throw Failure(Exit::Undecided, problem.text);
  const danelaw_outcome outcome = danelaw_plan_outcome(raw_plan);
  if (outcome == DANELAW_OUTCOME_ERROR) throw Failure(Exit::Undecided, danelaw_plan_reason(raw_plan));
  if (outcome == DANELAW_OUTCOME_SECURE_USABLE) return danelaw_plan_base_domain(raw_plan);
  if (outcome != DANELAW_OUTCOME_SECURE_UNUSABLE) return service.host;
  // Such a plan has the host's name, whose application decides, and not the one where the records stand.
  const TlsaService end{expanded(service.host, raw_resolver), service.port, service.transport};
  if (end.host == service.host) return service.host;
  const Published there = look_up_records(end.owner(), dns, clients);
  return there.answer.status == DANELAW_STATUS_SECURE ? end.host : service.host;
}

}  // namespace danelaw::cli
