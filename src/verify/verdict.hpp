// The verdict: what the handshake concludes, with its evidence. A sum type; default-constructed it is a
// failure.
//
// Few outcomes for programs, many reasons for people: Reason is the stable code, text is made on demand by
// explanation.hpp. X509 error codes are OpenSSL's, for hosts that look at SSL_get_verify_result().
#pragma once

#include <openssl/x509_vfy.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "verify/plan.hpp"

namespace danelaw::verify {

/// Stable: the C ABI exposes the numbers and to_string() the words. Only ever append.
enum class Reason {
  None = 0,                  ///< no verdict yet
  Matched = 1,               ///< a usable record matched where its usage wants it
  Resumed = 2,               ///< a session that an accepted handshake had tagged for exactly this plan
  NoMatch = 3,               ///< at least one usable record, and none matched
  NameMismatch = 4,          ///< a record matched, the certificate carries none of the reference identifiers
  DaneEeNameMismatch = 5,    ///< the same for DANE-EE under the generic profile's deliberate check
  ChainInvalid = 6,          ///< the path does not verify: signature, date, CA flag, trust
  NoCertificate = 7,         ///< the peer presented none, or none was verified
  LookupFailed = 8,          ///< the outcome is Error
  MandatoryWithoutDane = 9,  ///< mandatory mode, and DANE does not apply
  SecureAbsent = 10,         ///< DANE does not apply: validated denial
  Insecure = 11,             ///< DANE does not apply: provably unsigned
  NoUsableRecord = 12,       ///< DANE does not apply: validated RRset without a usable record
  NotAsked = 13,       ///< DANE does not apply: mode off, address literal, private name, unknown service
  SecondOpinion = 14,  ///< our matcher does not agree with an acceptance
  Engine = 15,         ///< OpenSSL could not reach a verdict (resources, internal error)
  HookBypassed = 16,   ///< the application replaced a callback that the verdict depends on
  Application = 17,    ///< a record matched, and the application's own verify callback refuses the peer
};
[[nodiscard]] std::string_view to_string(Reason reason);  ///< "matched", "no-match" …

struct Undecided {
  Reason reason = Reason::None;
};
struct Authenticated {
  Reason reason = Reason::Matched;
  std::size_t record = 0;  ///< index into the record set's entries
  int depth = 0;           ///< in the verified chain; 0 is the end-entity certificate
  std::string
      matched_name;  ///< the reference identifier that the certificate carries; empty where not checked
};
struct Rejected {
  Reason reason = Reason::NoMatch;
};
struct NotApplicable {
  Reason reason = Reason::NotAsked;
};
using Decision = std::variant<Undecided, Authenticated, Rejected, NotApplicable>;

[[nodiscard]] std::string_view name_of(const Decision& decision);  ///< "authenticated", "rejected" …
[[nodiscard]] Reason reason_of(const Decision& decision);

struct StackOfX509Free {
  void operator()(STACK_OF(X509) * chain) const;
};
using OwnedChain = std::unique_ptr<STACK_OF(X509), StackOfX509Free>;

struct Verdict {
  Decision decision;
  SharedPlan plan;  ///< never null once a verdict was reached

  /// What the TLS library is told: X509_V_OK, or the error the host sees.
  int verify_result = X509_V_ERR_UNSPECIFIED;
  int error_depth = -1;

  /// True where the handshake may go on as far as this verdict is concerned.
  bool accept = false;

  /// What became of the server's own proof (RFC 9102), for people; empty where none was asked for.
  std::string dnssec_chain;

  OwnedChain presented;  ///< what the peer sent, leaf first; null where nothing was looked at
  OwnedChain verified;   ///< the path that was built, leaf first; may be null
};

/// A reference of its own to every certificate of `chain`; null for null.
[[nodiscard]] OwnedChain share(STACK_OF(X509) * chain);
/// The same verdict once more, sharing plan and certificates.
[[nodiscard]] Verdict copy_of(const Verdict& verdict);

}  // namespace danelaw::verify
