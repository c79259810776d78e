// What DNS said about a service's TLSA records: the five outcomes of RFC 6698 section 4.1 and RFC 7672
// section 2.2, as the profile sees them. Only the first two carry records: what is insecure holds none, so
// nothing can match it.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "tlsa/usability.hpp"

namespace danelaw::tlsa {

/// Why no answer could be had. Never absence: these are the conditions that an attacker can make.
enum class LookupFault {
  NotDone,        ///< no lookup was made: the state of an outcome that nobody filled in
  Bogus,          ///< DNSSEC validation failed
  Indeterminate,  ///< RFC 4035: records needed for validation could not be had
  ServerFailure,  ///< SERVFAIL
  OtherRcode,     ///< REFUSED, NOTIMP, FORMERR, YXDOMAIN …
  Unreachable,    ///< no resolver is known, can be connected to, or is authenticated over TLS
  Timeout,        ///< our deadline
  Malformed,      ///< the answer cannot be read, or does not answer the question
  NoTrustAnchor,  ///< none loaded
  Limit,          ///< a limit of ours was passed: aliases, records
  Contradiction,  ///< two validated answers exclude each other
  Cancelled,      ///< the resolver was closed
  Source,         ///< the application's own plan source failed
  Internal,       ///< resources or a fault of ours
};
[[nodiscard]] std::string_view to_string(LookupFault fault);  ///< stable word: "bogus", "timeout" …

struct LookupError {
  LookupFault fault = LookupFault::NotDone;
  std::string reason = "no lookup was made";  ///< for people
};
struct SecureUsable {
  RecordSet records;
};
struct SecureUnusable {
  RecordSet records;
};
struct SecureAbsent {};
struct Insecure {
  std::string reason;  ///< what is unsigned, for people
};

/// Default-constructed it is a failure.
using TlsaOutcome = std::variant<LookupError, SecureUsable, SecureUnusable, SecureAbsent, Insecure>;

/// "error", "secure-usable", "secure-unusable", "secure-absent", "insecure".
[[nodiscard]] std::string_view name_of(const TlsaOutcome& outcome);

/// The outcome of a validated RRset: usable where at least one record is. An empty set is SecureUnusable.
[[nodiscard]] TlsaOutcome outcome_of(RecordSet records);

}  // namespace danelaw::tlsa
