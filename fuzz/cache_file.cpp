// An entry of the file cache that somebody else wrote, who has no key: one octet that chooses a question (judge_input.hpp), one for
// the time, then the octets of the file. An answer is what judge() says of the same records, and never outlasts what it may.
#include "dns/proof_entry.hpp"
#include "dns/reply.hpp"
#include "fuzz_assert.hpp"
#include "judge_truth.hpp"

using namespace danelaw;
using namespace danelaw::dns;

namespace {

/// Written and read again it is the same, its records in an order of their own and each once.
void check_rewritten(const ProofEntry& entry) {
  const auto wire = write_entry(entry);
  FUZZ_ASSERT(wire.ok() && wire->size() <= max_entry_octets);
  const auto again = read_entry(*wire);
  FUZZ_ASSERT(again.ok() && again->question == entry.question);
  FUZZ_ASSERT(again->fetched == entry.fetched && again->expires == entry.expires);
  FUZZ_ASSERT(write_entry(*again).value() == *wire);
}

void check_answer(const ProofEntry& entry, std::size_t index, const Answer& answer, EpochSeconds now) {
  const Question& question = judge_input::questions()[index];
  FUZZ_ASSERT(entry.question == question);
  const auto verdict = dnssec::judge(question, entry.records, lab::common_world().anchors(), now).verdict;
  FUZZ_ASSERT(!judge_truth::is_failure(verdict) && judge_truth::said(verdict) == judge_truth::truth(index));
  FUZZ_ASSERT(answer.index() == verdict.index());  // both: failure, RRset, denial, insecure
  if (const auto* const secure = std::get_if<dns::SecureRrset>(&answer))
    FUZZ_ASSERT(secure->rdatas == std::get<dnssec::SecureRrset>(verdict).rdatas);
  const EpochSeconds end = expiry_of(answer);
  FUZZ_ASSERT(entry.fetched <= now && now < end && end <= entry.expires);
  FUZZ_ASSERT(end <= entry.fetched + max_positive_lifetime.count());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader reader({data, size});
  const auto which = reader.take_u8();
  const auto hour = reader.take_u8();
  if (!which || !hour) return 0;
  const std::size_t index = *which % judge_input::questions().size();
  constexpr EpochSeconds step = 600;  // all of it while the signatures are valid
  const EpochSeconds now = lab::now + (static_cast<EpochSeconds>(*hour) - 128) * step;
  const auto entry = read_entry(reader.take_rest());
  if (!entry) return 0;
  check_rewritten(*entry);
  const dnssec::TrustAnchors anchors = lab::common_world().anchors();
  const Question& question = judge_input::questions()[index];
  const auto answer = answer_in(*entry, question, anchors, now);
  dnssec::Known verified;
  for (int times = 0; times < 2; ++times) {  // what is remembered of signatures changes nothing
    const auto again = answer_in(*entry, question, anchors, now, &verified);
    FUZZ_ASSERT(again.has_value() == answer.has_value());
    if (again) FUZZ_ASSERT(again->index() == answer->index() && expiry_of(*again) == expiry_of(*answer));
  }
  if (answer) check_answer(*entry, index, *answer, now);
  return 0;
}
