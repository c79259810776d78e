#include "capi/verdict.hpp"

#include <openssl/x509.h>

#include <utility>

#include "capi/errors.hpp"

using namespace danelaw;

danelaw_verdict::danelaw_verdict(verify::Verdict taken, verify::Subject about)
    : verdict(std::move(taken)), subject(about) {
  if (verdict.plan) plan.emplace(verdict.plan);
}

const verify::Explanation* danelaw_verdict::explanation() const noexcept {
  capi::guarded(nullptr, [this] {
    if (!explained) explained = verify::explain(verdict, subject);
    return DANELAW_OK;
  });
  return explained ? &*explained : nullptr;
}

void danelaw_verdict_free(danelaw_verdict* verdict) { delete verdict; }

danelaw_decision danelaw_verdict_decision(const danelaw_verdict* verdict) {
  if (verdict == nullptr) return DANELAW_UNDECIDED;
  const verify::Decision& decision = verdict->verdict.decision;
  if (std::holds_alternative<verify::Authenticated>(decision)) return DANELAW_AUTHENTICATED;
  if (std::holds_alternative<verify::Rejected>(decision)) return DANELAW_REJECTED;
  if (std::holds_alternative<verify::NotApplicable>(decision)) return DANELAW_NOT_APPLICABLE;
  return DANELAW_UNDECIDED;
}

danelaw_reason danelaw_verdict_reason(const danelaw_verdict* verdict) {
  if (verdict == nullptr) return DANELAW_REASON_NONE;
  return static_cast<danelaw_reason>(verify::reason_of(verdict->verdict.decision));
}

const char* danelaw_decision_name(danelaw_decision decision) {
  switch (decision) {
    case DANELAW_UNDECIDED:
      return "undecided";
    case DANELAW_AUTHENTICATED:
      return "authenticated";
    case DANELAW_REJECTED:
      return "rejected";
    case DANELAW_NOT_APPLICABLE:
      return "not-applicable";
  }
  return "unknown";
}

const char* danelaw_reason_name(danelaw_reason reason) {
  return verify::to_string(static_cast<verify::Reason>(reason)).data();  // all are literals
}

int danelaw_verdict_accepted(const danelaw_verdict* verdict) {
  return verdict != nullptr && verdict->verdict.accept ? 1 : 0;
}

int danelaw_verdict_verify_result(const danelaw_verdict* verdict) {
  return verdict == nullptr ? X509_V_ERR_UNSPECIFIED : verdict->verdict.verify_result;
}

const char* danelaw_verdict_verify_text(const danelaw_verdict* verdict) {
  return X509_verify_cert_error_string(danelaw_verdict_verify_result(verdict));
}

namespace {

/// The acceptance that rests on a match in this handshake; null for every other verdict.
const verify::Authenticated* match_of(const danelaw_verdict* verdict) {
  if (verdict == nullptr) return nullptr;
  const auto* authenticated = std::get_if<verify::Authenticated>(&verdict->verdict.decision);
  return authenticated != nullptr && authenticated->reason == verify::Reason::Matched ? authenticated
                                                                                      : nullptr;
}

const verify::RecordEntry* entry_of(const danelaw_verdict* verdict, size_t index) {
  const verify::Explanation* explanation = verdict == nullptr ? nullptr : verdict->explanation();
  if (explanation == nullptr || index >= explanation->records.size()) return nullptr;
  return &explanation->records[index];
}

const char* line_of(const danelaw_verdict* verdict, std::string verify::Explanation::*line) {
  const verify::Explanation* explanation = verdict == nullptr ? nullptr : verdict->explanation();
  return explanation == nullptr ? "" : (explanation->*line).c_str();
}

}  // namespace

int danelaw_verdict_match_depth(const danelaw_verdict* verdict) {
  const auto* match = match_of(verdict);
  return match == nullptr ? -1 : match->depth;
}

int danelaw_verdict_record(const danelaw_verdict* verdict) {
  const auto* match = match_of(verdict);
  return match == nullptr ? -1 : static_cast<int>(match->record);
}

const char* danelaw_verdict_matched_name(const danelaw_verdict* verdict) {
  const auto* match = match_of(verdict);
  return match == nullptr ? "" : match->matched_name.c_str();
}

const danelaw_plan* danelaw_verdict_plan(const danelaw_verdict* verdict) {
  return verdict != nullptr && verdict->plan ? &*verdict->plan : nullptr;
}

const char* danelaw_verdict_service(const danelaw_verdict* verdict) {
  return line_of(verdict, &verify::Explanation::service);
}
const char* danelaw_verdict_summary(const danelaw_verdict* verdict) {
  return line_of(verdict, &verify::Explanation::summary);
}
const char* danelaw_verdict_chain(const danelaw_verdict* verdict) {
  return line_of(verdict, &verify::Explanation::chain);
}
const char* danelaw_verdict_hint(const danelaw_verdict* verdict) {
  return line_of(verdict, &verify::Explanation::hint);
}

const char* danelaw_verdict_dnssec_chain(const danelaw_verdict* verdict) {
  return verdict == nullptr ? "" : verdict->verdict.dnssec_chain.c_str();
}

size_t danelaw_verdict_record_count(const danelaw_verdict* verdict) {
  const verify::Explanation* explanation = verdict == nullptr ? nullptr : verdict->explanation();
  return explanation == nullptr ? 0 : explanation->records.size();
}

const char* danelaw_verdict_record_text(const danelaw_verdict* verdict, size_t index) {
  const verify::RecordEntry* entry = entry_of(verdict, index);
  return entry == nullptr ? nullptr : entry->text.c_str();
}

int danelaw_verdict_record_depth(const danelaw_verdict* verdict, size_t index) {
  const verify::RecordEntry* entry = entry_of(verdict, index);
  return entry == nullptr ? -1 : entry->matched_depth;
}
