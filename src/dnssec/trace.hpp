// How a verdict came about: the chain of trust step by step, as one would walk it with questions of one's own. From the trust
// anchors or DS records to the keys, from the keys by their signatures to the RRsets, to aliases, denials, and the end.
//
// It judges nothing. The judge keeps a journal, and what a step says beyond that (which key made which signature) is asked of the
// code that the judge asks; so the last step is the verdict, and no step can be better than it.
//
// What earlier judgements have learned is not looked at, as in proof.hpp. RDATA that is not secure is not in it, only how many
// records there were.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dnssec/judge.hpp"

namespace danelaw::dnssec {

enum class StepKind {
  Question,   ///< a name of the alias chain is looked into
  Anchor,     ///< a configured DS or DNSKEY record
  Rrset,      ///< records whose signatures were looked at
  Ds,         ///< one record of a DS RRset
  Dnskey,     ///< one record of a DNSKEY RRset
  Signature,  ///< one RRSIG over an RRset
  Denial,     ///< what an NSEC or NSEC3 record proves about `owner`
  Alias,      ///< from `owner` to `target`
  Missing,    ///< records that would be needed
  End,        ///< the verdict
};
[[nodiscard]] std::string_view to_string(StepKind kind);

enum class StepState {
  Bogus,     ///< it should hold, and does not
  Missing,   ///< not to be had
  Unused,    ///< nothing rests on it: of no algorithm that we know, or for something else
  Insecure,  ///< where signatures end, by proof
  Secure,
};
[[nodiscard]] std::string_view to_string(StepState state);

struct TraceStep {
  StepKind kind = StepKind::End;
  StepState state = StepState::Bogus;
  DnsName owner;
  RrType type{};
  DnsName zone;  ///< that is to sign it; of a signature the signer; of an End that is insecure the cut
  std::optional<DnsName> target;  ///< of an alias, and of an RRset that a wildcard stands for: that wildcard
  std::optional<std::size_t> rrset;     ///< the step of the RRset that this is part of, or about
  std::vector<std::size_t> basis;       ///< steps before this one that it rests on
  std::optional<std::int64_t> records;  ///< of an RRset: how many
  std::optional<std::int64_t> key_tag;
  std::optional<std::int64_t> algorithm;
  std::optional<std::int64_t> digest_type;
  std::optional<std::int64_t> flags;
  std::optional<std::int64_t> inception;   ///< in seconds since 1970
  std::optional<std::int64_t> expiration;  ///< likewise
  std::string code;                        ///< a stable word, may be empty
  std::string text;                        ///< one line for people, may be empty
};

struct Trace {
  Verdict verdict;
  std::vector<TraceStep> steps;  ///< the last is the End

  /// What the records prove is not the answer, because the lookup failed for another reason: then nothing is insecure by proof. A
  /// bogus End stays as it is.
  void fail(std::string_view code, std::string_view text);
};

[[nodiscard]] Trace trace(const Question& question, std::span<const ResourceRecord> records,
                          const TrustAnchors& anchors, EpochSeconds now, const JudgeOptions& options = {});

}  // namespace danelaw::dnssec
