// The table of outcomes: what the evidence, the mode and the profile ask of the handshake. It is law
// and this is the only place where it stands.
#pragma once

#include <variant>

#include "verify/plan.hpp"
#include "verify/verdict.hpp"

namespace danelaw::verify {

/// The peer must match a usable record; PKIX cannot stand in.
struct MatchRecords {};
/// DANE does not apply: the application's own verification decides.
struct ApplicationDecides {
  Reason reason = Reason::NotAsked;
};
/// TLS is required, the peer is not authenticated (RFC 7672 section 2.2, "all unusable").
struct EncryptOnly {};
/// No handshake.
struct Fail {
  Decision decision;
  int verify_result = X509_V_ERR_APPLICATION_VERIFICATION;
};
/// Default-constructed it fails.
using Action = std::variant<Fail, MatchRecords, ApplicationDecides, EncryptOnly>;

[[nodiscard]] Action action_for(const Plan& plan);

}  // namespace danelaw::verify
