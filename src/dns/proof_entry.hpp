// One entry of the file cache: a question, when it was answered, until when the answer lasts, and the AuthenticationChain that
// proves it (RFC 9102 section 2.3). Pure: octets, clock and anchors are given.
//
// The octets are outside octets like any other, whoever wrote them. What they say of themselves can only make the answer end
// sooner; what it is, dnssec::judge() says anew each time. Whoever can write the file can hand us genuine records, until
// their signatures end, and nothing else, as anybody on the way to a resolver can.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "dns/answer.hpp"
#include "dnssec/authentication_chain.hpp"
#include "dnssec/known.hpp"
#include "dnssec/trust_anchor.hpp"

namespace danelaw::dns {

struct ProofEntry {
  Question question;
  EpochSeconds fetched = 0;
  EpochSeconds expires = 0;  ///< of the answer, within our limits
  std::vector<dnssec::ResourceRecord> records;
};

/// Magic, version, name, type and two times before the chain.
inline constexpr std::size_t max_entry_octets =
    8 + 2 + DnsName::max_wire_octets + 2 + 8 + 8 + dnssec::max_chain_octets;

/// Fault::Lookup where the octets are no entry, or one that says to last longer than any answer does.
[[nodiscard]] Result<ProofEntry> read_entry(Bytes octets);
/// Fault::Lookup where the records make no chain.
[[nodiscard]] Result<Buffer> write_entry(const ProofEntry& entry);

/// The answer to `question` that the entry proves at `now`. Nothing where it is another question's, has ended, comes from the
/// future, or proves nothing. `verified` (or null) holds signatures that verified before, and takes in those that do now.
[[nodiscard]] std::optional<Answer> answer_in(const ProofEntry& entry, const Question& question,
                                              const dnssec::TrustAnchors& anchors, EpochSeconds now,
                                              dnssec::Known* verified = nullptr);

}  // namespace danelaw::dns
