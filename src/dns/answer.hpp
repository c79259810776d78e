// One question and what became of it. The border where insecure data is dropped: an answer that is not secure
// carries no records, so nothing behind this line can use them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/rr_type.hpp"
#include "base/time.hpp"
#include "dnssec/judgement.hpp"
#include "dnssec/message.hpp"
#include "dnssec/trace.hpp"
#include "tlsa/outcome.hpp"

namespace danelaw::dns {

/// Shared with the message reader.
using danelaw::RrType;

using dnssec::Question;

/// False for types that are no RRsets (RFC 6895 section 3.1), and for those that an engine does not take.
[[nodiscard]] bool can_be_asked(RrType type);

/// The records that prove an answer to whoever holds the same trust anchors (dnssec/proof.hpp); null unless the engine was made to
/// keep them. They are for handing on, never for use here.
using SharedProof = std::shared_ptr<const std::vector<dnssec::ResourceRecord>>;

/// How an answer came about; null unless the engine was made to tell.
using SharedTrace = std::shared_ptr<const dnssec::Trace>;

/// A validated RRset. `owner` is the name at the end of the alias chain that began at the question's name.
struct SecureRrset {
  DnsName owner;
  std::vector<Buffer> rdatas;  ///< uncompressed, names in them too
  std::uint32_t ttl = 0;       ///< seconds that were left when it came, within our limits
  EpochSeconds expires = 0;    ///< when TTL or a signature on the way ends, whichever is first
  SharedProof proof = {};
  SharedTrace trace = {};
};
/// A validated denial of the type, or of the name, at the end of the alias chain.
struct SecureDenial {
  DnsName owner;
  bool name_exists = false;  ///< NODATA rather than NXDOMAIN
  EpochSeconds expires = 0;
  SharedProof proof = {};
  SharedTrace trace = {};
};
/// True for the few questions whose unsigned answers are of use: MX and SRV, because mail is delivered all the same (RFC 7672
/// section 2.2.1), and TXT at `_mta-sts`, which says where to look for a policy that is authenticated by other means
/// (RFC 8461 section 3.1).
[[nodiscard]] bool is_referral(const Question& question);

/// What an unsigned answer to such a question says; an attacker may have written it. It vouches for nothing. There is none
/// for any other question.
struct UnsignedReferral {
  DnsName owner;
  std::vector<Buffer> rdatas;  ///< empty for a denial
  bool name_exists = false;
};
using SharedReferral = std::shared_ptr<const UnsignedReferral>;

/// Provably unsigned somewhere on the way. Holds no records but those that prove it, and an UnsignedReferral.
struct InsecureAnswer {
  std::string reason;
  EpochSeconds expires = 0;

  /// False only where the answer stood at the question's own name, so that this very name is what is unsigned.
  bool may_be_aliased = true;
  SharedProof proof = {};
  SharedTrace trace = {};
  SharedReferral referral = {};  ///< null unless is_referral()
};
/// No answer that could be used; never absence, never kept in the cache.
struct FailedAnswer {
  tlsa::LookupFault fault = tlsa::LookupFault::NotDone;
  std::string reason;
  SharedTrace trace = {};  ///< of what was obtained
};

/// Default-constructed it is a failure.
using Answer = std::variant<FailedAnswer, SecureRrset, SecureDenial, InsecureAnswer>;

/// Null where there is none.
[[nodiscard]] SharedTrace trace_of(const Answer& answer);

/// From when on the answer must not be used; 0 for a failure.
[[nodiscard]] EpochSeconds expiry_of(const Answer& answer);

}  // namespace danelaw::dns
