// danelaw_answer_trace_…: how an answer came about.
#include "capi/trace.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "danelaw/trace.h"
#include "dns/rr_text.hpp"

using namespace danelaw;

namespace {

using Step = danelaw_answer::TraceStep;
using dnssec::StepKind;
using dnssec::TraceStep;

std::int64_t number_of(std::optional<std::int64_t> number) { return number.value_or(-1); }

/// What stands before 1970 is no validity period that anybody made; -1 means that there is none.
std::int64_t time_of(std::optional<std::int64_t> time) {
  return time ? std::max<std::int64_t>(*time, 0) : -1;
}

bool has_zone(const TraceStep& step) {
  switch (step.kind) {
    case StepKind::Question:
    case StepKind::Anchor:
    case StepKind::Missing:
      return false;
    case StepKind::End:
      return step.state == dnssec::StepState::Insecure;
    case StepKind::Rrset:
    case StepKind::Ds:
    case StepKind::Dnskey:
    case StepKind::Signature:
    case StepKind::Denial:
    case StepKind::Alias:
      return true;
  }
  return false;
}

Step told(const TraceStep& step) {
  Step made;
  made.words = {std::string(to_string(step.kind)),
                std::string(to_string(step.state)),
                step.owner.to_text(),
                dns::to_text(step.type),
                has_zone(step) ? step.zone.to_text() : "",
                step.target ? step.target->to_text() : "",
                step.code,
                step.text};
  made.numbers = {step.rrset ? static_cast<std::int64_t>(*step.rrset) : -1,
                  number_of(step.records),
                  number_of(step.key_tag),
                  number_of(step.algorithm),
                  number_of(step.digest_type),
                  number_of(step.flags),
                  time_of(step.inception),
                  time_of(step.expiration),
                  static_cast<std::int64_t>(step.basis.size())};
  made.basis = step.basis;
  return made;
}

const Step* find(const danelaw_answer* answer, size_t step) {
  return step < danelaw_answer_trace_count(answer) ? &answer->trace[step] : nullptr;
}

}  // namespace

void capi::put_trace(danelaw_answer& answer, dnssec::Trace trace) {
  if (answer.status == DANELAW_STATUS_ERROR) trace.fail(answer.fault, answer.reason);
  for (const TraceStep& step : trace.steps) answer.trace.push_back(told(step));
}

size_t danelaw_answer_trace_count(const danelaw_answer* answer) {
  return answer == nullptr ? 0 : answer->trace.size();
}

const char* danelaw_answer_trace_word(const danelaw_answer* answer, size_t step, danelaw_trace_word word) {
  const Step* const found = find(answer, step);
  const auto at = static_cast<std::size_t>(word);
  return found == nullptr || at >= found->words.size() ? nullptr : found->words[at].c_str();
}

int64_t danelaw_answer_trace_number(const danelaw_answer* answer, size_t step, danelaw_trace_number number) {
  const Step* const found = find(answer, step);
  const auto at = static_cast<std::size_t>(number);
  return found == nullptr || at >= found->numbers.size() ? -1 : found->numbers[at];
}

int64_t danelaw_answer_trace_basis(const danelaw_answer* answer, size_t step, size_t index) {
  const Step* const found = find(answer, step);
  return found == nullptr || index >= found->basis.size() ? -1
                                                          : static_cast<std::int64_t>(found->basis[index]);
}
