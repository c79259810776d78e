// The search for a route: one question about where to go, then the TLSA lookups of all hosts beside each other, under
// one deadline.
//
// It has no thread: it moves on when it is waited for. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "dns/resolver.hpp"
#include "service/readiness.hpp"
#include "service/referral.hpp"
#include "service/route.hpp"
#include "verify/plan_source.hpp"

namespace danelaw::service {

/// What mail and SRV services do each in its own way. Pure.
class Itinerary {
 public:
  virtual ~Itinerary() = default;
  [[nodiscard]] virtual std::string domain() const = 0;
  [[nodiscard]] virtual verify::Policy policy() const = 0;
  [[nodiscard]] virtual tlsa::Transport transport() const { return tlsa::Transport::Tcp; }
  /// What names the hosts; nothing where direct() does.
  [[nodiscard]] virtual std::optional<dns::Question> question() const = 0;
  [[nodiscard]] virtual ReferralResult direct() const = 0;
  [[nodiscard]] virtual ReferralResult read(const dns::Answer& answer) const = 0;

  /// The plan of a host whose TLSA records cannot count; null where they are to be looked up.
  [[nodiscard]] virtual verify::SharedPlan plan_without_lookup(const Referral& referral,
                                                               const Candidate& candidate) const = 0;
  /// What the referral adds to the plan of one of its hosts.
  virtual void refine(const Referral& referral, verify::Plan& plan) const = 0;
  virtual void describe(const Referral& referral, RouteHost& host) const = 0;
};

/// Lookups of hosts that run at once; the next begins when one is done.
inline constexpr std::size_t max_lookups_at_once = 16;

struct RouteSources {
  std::shared_ptr<dns::Resolver> resolver;
  std::shared_ptr<verify::PlanSource> plans;
  WallClock clock = system_seconds;
};

class RouteSearch final {
 public:
  RouteSearch(RouteSources sources, std::unique_ptr<const Itinerary> itinerary);

  /// The route, waiting until `until` at most; null where it is not there by then. There is one at the deadline of the
  /// search: what has not come by then has failed.
  std::shared_ptr<const Route> wait(Deadline until);
  /// Readable when wait() has something to do; -1 where none is to be had. Stays the same in one process.
  int descriptor();

 private:
  struct Stop {
    Candidate candidate;
    std::shared_ptr<verify::PendingPlan> pending;  // null before and after the lookup
    verify::SharedPlan plan;
  };

  void begin();
  void follow_fork();
  bool take_referral(Deadline until);
  void use(ReferralResult result);
  void begin_lookups();
  bool take_plans();
  Stop* first_pending();
  void give_up();
  void finish();
  void watch();
  [[nodiscard]] verify::Service service_of(const Candidate& candidate) const;
  [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() >= m_deadline; }

  const RouteSources m_sources;
  const std::unique_ptr<const Itinerary> m_itinerary;
  pid_t m_process = -1;
  Deadline m_deadline{};
  std::shared_ptr<dns::Pending<dns::Answer>> m_question;
  std::optional<Referral> m_referral;
  std::vector<Stop> m_stops;
  std::unique_ptr<Readiness> m_readiness;
  std::shared_ptr<const Route> m_route;
};

}  // namespace danelaw::service
