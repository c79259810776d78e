// Where plans come from, as the hook sees it: something that is asked once per connection and answers later.
//
// service/ asks DNS; an application may hand over records or bring a source of its own. The hook knows only
// this.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "verify/plan.hpp"

namespace danelaw::verify {

/// Which names may become the TLSA base domain (RFC 7671 section 7).
enum class Candidates {
  FollowAliases,  ///< the alias-expanded name first, then the original: SNI must be able to wait for the
                  ///< answer
  HostOnly,       ///< the host as named: SNI is out already, or is not ours to choose
};

/// One plan in the making. All functions may be called from any thread; in a forked child none is called, the source is
/// asked again.
class PendingPlan {
 public:
  virtual ~PendingPlan() = default;

  /// The base domain, once it is settled; that may be well before the plan is there. Waits until `deadline`
  /// at most (a past one: does not wait). Nothing where it is not settled by then.
  virtual std::optional<std::string> wait_for_base_domain(Deadline deadline) = 0;

  /// The plan, waiting until `deadline` at most. Null where it is not there by then. A source that failed
  /// gives a plan whose evidence is a LookupError.
  virtual SharedPlan wait(Deadline deadline) = 0;

  /// A descriptor that becomes readable when wait() has something to give, and stays so. Owned by this
  /// object; the caller only polls it. -1 where no descriptor could be had.
  virtual int descriptor() = 0;
};

class ChainJudge;

class PlanSource {
 public:
  virtual ~PlanSource() = default;

  /// Starts the search for a plan and returns without waiting. Never null. Any thread; also in a forked
  /// child.
  virtual std::shared_ptr<PendingPlan> start(const Service& service, const Policy& policy,
                                             Candidates candidates) = 0;

  /// How long a handshake waits for a plan.
  [[nodiscard]] virtual std::chrono::milliseconds patience() const = 0;

  /// Who judges what a server sends as proof in the handshake (chain_judge.hpp); null where nobody does. Lives as long as
  /// this source.
  [[nodiscard]] virtual ChainJudge* chain_judge() { return nullptr; }
};

/// A plan that is there already: records handed over by the application, an address literal, mode off.
[[nodiscard]] std::shared_ptr<PendingPlan> ready(SharedPlan plan);

/// A plan that says why there is none: evidence LookupError or NotAsked, names from the service.
[[nodiscard]] SharedPlan plan_without_records(const Service& service, const Policy& policy,
                                              Evidence evidence);

}  // namespace danelaw::verify
