// A bag of records from somebody who may replay, leave out and forge whatever he likes, but has no key. The world is that of
// the unit tests, so what is true there is known: any other judgement is a fault. judge_input.hpp says what an input is.
#include <algorithm>
#include <iterator>

#include "dnssec/trace.hpp"
#include "fuzz_assert.hpp"
#include "judge_input.hpp"
#include "judge_truth.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using judge_input::pool;
using judge_input::questions;
using judge_truth::is_failure;
using judge_truth::said;
using judge_truth::truth;
using lab::Records;

namespace {

void change(ResourceRecord& record, std::uint8_t how, std::uint8_t what) {
  if (how % 4 == 0) record.type = static_cast<RrType>(what);
  if (how % 4 == 1) record.ttl = what;
  if (how % 4 == 2) record.owner = questions()[what % questions().size()].name;
  if (how % 4 == 3 && !record.rdata.empty())
    record.rdata[what % record.rdata.size()] ^= static_cast<std::uint8_t>(1U << how / 4 % 8);
}

bool is_of(const ResourceRecord& record, std::uint8_t type) {
  const bool covers = record.type == RrType::Rrsig && record.rdata[0] == 0 && record.rdata[1] == type;
  return covers || record.type == static_cast<RrType>(type);
}

void add_zone(Records& bag, std::uint8_t left_out, std::uint8_t number) {
  const char* const apex = judge_input::zones[number % std::size(judge_input::zones)];
  for (const ResourceRecord& record : lab::common_world().zone(apex).everything()) {
    if (!is_of(record, left_out)) bag.push_back(record);
  }
}

Records bag_of(ByteReader& reader) {
  constexpr std::size_t max_records = 400;
  Records bag;
  while (bag.size() < max_records) {
    const auto step = reader.take_u8();
    const auto argument = reader.take_u16();
    if (!step || !argument) break;
    if (*step >= judge_input::first_dump && *step < judge_input::first_change) {
      add_zone(bag, static_cast<std::uint8_t>(*argument >> 8), static_cast<std::uint8_t>(*argument));
    } else if (*step < judge_input::first_dump) {
      bag.push_back(pool()[*argument % pool().size()]);
    } else if (!bag.empty()) {
      change(bag.back(), static_cast<std::uint8_t>(*argument >> 8), static_cast<std::uint8_t>(*argument));
    }
  }
  return bag;
}

void check_limits(const Counts& counts) {
  const Limits limits;
  FUZZ_ASSERT(counts.signature_work <= limits.signature_work);
  FUZZ_ASSERT(counts.failed_checks <= limits.failed_checks + 1);
  FUZZ_ASSERT(counts.nsec3_hashes <= limits.nsec3_hashes);
  FUZZ_ASSERT(counts.zones <= limits.zones);
  FUZZ_ASSERT(counts.names <= limits.names);
  FUZZ_ASSERT(counts.signature_checks <= counts.signature_work);
}

/// What is told of the way ends where the way ended, and rests on nothing that comes later.
void check_trace(const Question& asked, const Records& bag, const Verdict& verdict) {
  const Trace told = trace(asked, bag, lab::common_world().anchors(), lab::now);
  FUZZ_ASSERT(said(told.verdict) == said(verdict));
  const StepState end = told.steps.back().state;
  FUZZ_ASSERT(is_failure(verdict) == (end == StepState::Bogus || end == StepState::Missing));
  FUZZ_ASSERT((end == StepState::Insecure) == std::holds_alternative<Insecure>(verdict));
  for (std::size_t i = 0; i < told.steps.size(); ++i) {
    const TraceStep& step = told.steps[i];
    FUZZ_ASSERT(std::ranges::all_of(step.basis, [i](std::size_t basis) { return basis < i; }));
    FUZZ_ASSERT(!step.rrset || (*step.rrset < i && told.steps[*step.rrset].kind == StepKind::Rrset));
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader reader({data, size});
  const auto which = reader.take_u8();
  if (!which) return 0;
  const std::size_t index = *which % questions().size();
  const Question& asked = questions()[index];
  Records bag = bag_of(reader);

  const Judgement judgement = lab::common_world().judge(asked, bag);
  check_limits(judgement.counts);
  check_trace(asked, bag, judgement.verdict);
  const bool failed = is_failure(judgement.verdict);
  FUZZ_ASSERT(failed || judgement.counts.signatures_passed > 0);
  FUZZ_ASSERT(failed || said(judgement.verdict) == truth(index));

  // The other way round and twice over, and remembering what was verified: the same.
  Records again(bag.rbegin(), bag.rend());
  lab::append(again, bag);
  const JudgeOptions options{.limits = {}, .sha1 = Sha1Signatures::Verify, .known = &judgement.learned};
  FUZZ_ASSERT(said(lab::common_world().judge(asked, again).verdict) == said(judgement.verdict));
  const Judgement remembered = lab::common_world().judge(asked, again, options);
  FUZZ_ASSERT(failed || said(remembered.verdict) == said(judgement.verdict));
  FUZZ_ASSERT(is_failure(remembered.verdict) || said(remembered.verdict) == truth(index));
  return 0;
}
