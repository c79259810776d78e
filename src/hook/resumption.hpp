// Which sessions may be resumed (decision 0006): only one whose tag says that it was made under exactly
// the plan that holds now, and the plan has to be there now. Where we stand aside, sessions that were never
// ours are the application's business.
#pragma once

#include <openssl/ssl.h>

#include "base/time.hpp"
#include "hook/connection.hpp"
#include "verify/verdict.hpp"

namespace danelaw::hook {

enum class Resumption {
  None,      ///< a full handshake
  Untagged,  ///< the session was never ours: an external PSK, for example
  Allowed,   ///< its tag equals the plan's
  Refused,   ///< its tag is for something else, or has expired
};

/// How the handshake that just ended came by its session.
[[nodiscard]] Resumption resumption_of(SSL* ssl, const verify::Plan& plan, EpochSeconds now);

/// True where the session may be offered on an SSL that waits for `plan` (null: not there yet).
[[nodiscard]] bool may_offer(SSL_SESSION* session, const verify::Plan* plan, EpochSeconds now);

/// Writes into the present session what the verdict makes of it. Throws std::bad_alloc where there is no memory for that.
void tag_session(SSL* ssl, const verify::Verdict& verdict);

}  // namespace danelaw::hook
