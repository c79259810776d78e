// The validator: one pure function from a question and a bag of records to a verdict. No I/O, no clock, no state of its own.
//
// `records` may come in any order, from any number of answers, with duplicates and with what does not belong here. They
// should hold the reply to the question itself, where there was one: a denial of a zone cut alone can already make a name
// insecure. What is missing is named, so that it can be asked for and judged again together with the rest.
//
// RDATA must be as Message reads it: uncompressed, and in canonical form but for RRSIG.
//
// The caller must still look at rcodes (a SERVFAIL is no proof of anything) and bound how often it asks.
//
// Deviations: where several trust anchors lie above a name the nearest alone counts, not any of them (RFC 6840 appendix C).
#pragma once

#include <span>

#include "dnssec/algorithms.hpp"
#include "dnssec/judgement.hpp"
#include "dnssec/known.hpp"
#include "dnssec/limits.hpp"
#include "dnssec/message.hpp"
#include "dnssec/trust_anchor.hpp"
#include "dnssec/work.hpp"

namespace danelaw::dnssec {

struct JudgeOptions {
  Limits limits = {};
  Sha1Signatures sha1 = Sha1Signatures::Verify;
  const Known* known = nullptr;  ///< what earlier judgements with the same anchors and options returned
};

struct Judgement {
  Verdict verdict;
  Known learned;  ///< to be taken into what is known before the next judgement, whatever the verdict
  Counts counts;
};

[[nodiscard]] Judgement judge(const Question& question, std::span<const ResourceRecord> records,
                              const TrustAnchors& anchors, EpochSeconds now,
                              const JudgeOptions& options = {});

}  // namespace danelaw::dnssec
