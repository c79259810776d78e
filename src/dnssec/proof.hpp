// From a bag of records those that its verdict rests upon: a proof that can be handed to somebody who holds the same trust
// anchors (RFC 9102 section 3), or kept in a file.
//
// Each RRset comes with those of its signatures that verify, all of them, for who judges the proof may know other algorithms and
// keys than we do. No RRset can be left out: without any one of them the verdict would not be the same.
//
// What earlier judgements have learned convinces nobody else, so JudgeOptions::known is not looked at: the whole chain up to the
// trust anchors must be in the bag.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "dnssec/judge.hpp"

namespace danelaw::dnssec {

struct Proof {
  Verdict verdict;  ///< of the records below, judged alone
  std::vector<ResourceRecord> records;
};

/// Nothing where the verdict is bogus, or records are missing.
[[nodiscard]] std::optional<Proof> proof_in(std::span<const ResourceRecord> records, const Question& question,
                                            const TrustAnchors& anchors, EpochSeconds now,
                                            const JudgeOptions& options = {});

}  // namespace danelaw::dnssec
