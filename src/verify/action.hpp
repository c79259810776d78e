// The table of outcomes: what the evidence, the mode and the profile ask of the handshake. It is law (DESIGN),
// and this is the only place where it stands.
#pragma once

#include <string_view>

#include "verify/plan.hpp"

namespace danelaw::verify {

enum class Action {
  MatchRecords,          ///< the peer must match a usable record; PKIX cannot stand in
  ApplicationDecides,    ///< DANE does not apply: the application's own verification decides
  EncryptOnly,           ///< TLS is required, the peer is not authenticated (RFC 7672 section 2.2)
  Fail,                  ///< no handshake
};

[[nodiscard]] Action action_for(const Plan& plan);

}  // namespace danelaw::verify
