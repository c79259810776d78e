// Servers' own proofs (RFC 9102), as the hook sees them: octets from a handshake that may come to a plan, and the promise
// of a server to send them again (section 7).
#pragma once

#include <chrono>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "verify/plan.hpp"

namespace danelaw::verify {

/// What a DNSSEC chain proves.
struct ProvenPlan {
  SharedPlan plan;                        ///< never null, its evidence never an error
  std::chrono::hours support_lifetime{};  ///< for how long the server promises to send a chain
};

/// Any thread, also in a forked child. Nothing here waits for anybody.
class ChainJudge {
 public:
  virtual ~ChainJudge() = default;

  /// `extension_data` as the server of `service` sent it; the service's host is the SNI that was sent. Problem: why it
  /// proves nothing.
  virtual Result<ProvenPlan> judge(const Service& service, const Policy& policy, Bytes extension_data) = 0;

  /// True while the server's promise holds, in as far as promises are kept here at all.
  [[nodiscard]] virtual bool is_pinned(const Service& service) = 0;
  /// After a whole handshake in which the chain's records authenticated the server. A lifetime of 0 unpins.
  virtual void pin(const Service& service, std::chrono::hours support_lifetime) = 0;
  /// On proof that there are no records, or that none can be proven.
  virtual void unpin(const Service& service) = 0;
};

}  // namespace danelaw::verify
