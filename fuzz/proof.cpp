// A proof from somebody who has no key: one octet that chooses a question (judge_input.hpp), then the octets of a chain. The world
// is that of the unit tests, so what is true there is known, and any other judgement is a fault.
#include "dnssec/proof.hpp"

#include "dnssec/authentication_chain.hpp"
#include "fuzz_assert.hpp"
#include "judge_truth.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using judge_truth::is_failure;
using judge_truth::said;
using lab::Records;

namespace {

std::string judged(const Question& question, const Records& records) {
  return said(lab::common_world().judge(question, records).verdict);
}

/// Written and read again the records are the same, in an order of their own and each once.
Records rewritten(const Records& records) {
  const auto wire = write_chain(records);
  FUZZ_ASSERT(wire.ok());
  auto again = read_chain(*wire);
  FUZZ_ASSERT(again.ok());
  FUZZ_ASSERT(write_chain(*again).value() == *wire);
  return *again;
}

void check_extension(Bytes octets) {
  const auto extension = DnssecChainExtension::from_wire(octets);
  if (!extension) return;
  const auto wire = extension->to_wire();
  FUZZ_ASSERT(wire.ok());
  const auto again = DnssecChainExtension::from_wire(*wire);
  FUZZ_ASSERT(again.ok() && again->support_lifetime == extension->support_lifetime);
  FUZZ_ASSERT(again->to_wire().value() == *wire);
}

void check_proof(const Question& question, const Records& records, const Judgement& judgement) {
  const lab::World& world = lab::common_world();
  const auto proof = proof_in(records, question, world.anchors(), lab::now);
  if (is_failure(judgement.verdict)) FUZZ_ASSERT(!proof);
  // Where much was wasted there may be no room to look at the other signatures.
  const bool ordinary = judgement.counts.failed_checks == 0 && judgement.counts.signature_work <= 32;
  FUZZ_ASSERT(proof || is_failure(judgement.verdict) || !ordinary);
  if (proof) FUZZ_ASSERT(said(proof->verdict) == said(judgement.verdict));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader reader({data, size});
  const auto which = reader.take_u8();
  if (!which) return 0;
  const Bytes octets = reader.take_rest();
  check_extension(octets);
  const auto records = read_chain(octets);
  if (!records) return 0;

  const std::size_t index = *which % judge_input::questions().size();
  const Question& question = judge_input::questions()[index];
  const Judgement judgement = lab::common_world().judge(question, *records);
  const std::string verdict = said(judgement.verdict);
  if (!is_failure(judgement.verdict)) {
    FUZZ_ASSERT(judgement.counts.signatures_passed > 0);
    FUZZ_ASSERT(verdict == judge_truth::truth(index));
  }
  FUZZ_ASSERT(judged(question, rewritten(*records)) == verdict);
  Records twice(records->rbegin(), records->rend());
  lab::append(twice, *records);
  FUZZ_ASSERT(judged(question, twice) == verdict);
  check_proof(question, *records, judgement);
  return 0;
}
