// The tag that binds a TLS session to what it was verified under, so that resumption cannot bypass DANE
// (decision 0006): service, policy, outcome, names and record set, or where those are long their digest, and an expiry.
//
// It travels as the session's ticket application data, which new tickets inherit and i2d_SSL_SESSION() keeps.
// A session comes from outside, a file for example, so its tag is read strictly: what begins like ours and is
// not exactly ours is a tag that allows nothing.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "verify/plan.hpp"

namespace danelaw::hook {

class SessionTag final {
 public:
  /// What the handshake concluded that made the session.
  enum class Kind : std::uint8_t {
    Unresumable = 0,    ///< rejected or undecided, and the handshake went on all the same
    Authenticated = 1,  ///< DANE vouched for the peer
    NotApplicable = 2,  ///< DANE did not apply, and the application's verification accepted
  };

  /// A tag that allows nothing.
  SessionTag() = default;
  static SessionTag for_plan(Kind kind, const verify::Plan& plan);

  /// Nothing where the octets are no tag of ours; a tag that allows nothing where they begin like one and are
  /// not.
  static std::optional<SessionTag> parse(Bytes octets);
  [[nodiscard]] Buffer serialize() const;

  [[nodiscard]] Kind kind() const { return m_kind; }
  /// True where a session with this tag may be resumed under `plan` at `now`.
  [[nodiscard]] bool allows(const verify::Plan& plan, EpochSeconds now) const;

 private:
  Kind m_kind = Kind::Unresumable;
  Buffer m_binding;
  EpochSeconds m_expires = 0;
};

/// What a session is bound to: everything in the plan that decides, but not its expiry. Plans that decide alike have the same
/// octets, and no others have them. Kept with the plan.
[[nodiscard]] const Buffer& binding_of(const verify::Plan& plan);

[[nodiscard]] std::optional<SessionTag> tag_of(SSL_SESSION* session);
/// False where there is no memory.
[[nodiscard]] bool put_tag(SSL_SESSION* session, const SessionTag& tag);

}  // namespace danelaw::hook
