#include "service/route_search.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace danelaw::service {
namespace {

constexpr Deadline no_waiting{};

verify::SharedPlan failed(const verify::Service& service, const verify::Policy& policy,
                          tlsa::LookupFault fault, std::string reason) {
  return verify::plan_without_records(service, policy,
                                      tlsa::TlsaOutcome(tlsa::LookupError{fault, std::move(reason)}));
}

constexpr const char* too_late = "no answer in time";

}  // namespace

RouteSearch::RouteSearch(RouteSources sources, std::unique_ptr<const Itinerary> itinerary)
    : m_sources(std::move(sources)), m_itinerary(std::move(itinerary)) {
  begin();
}

void RouteSearch::begin() {
  m_process = getpid();
  m_deadline = std::chrono::steady_clock::now() + m_sources.plans->patience();
  if (m_route || m_question || m_referral)
    return;  // in a forked child, whose lookups begin anew by themselves
  if (const auto question = m_itinerary->question())
    m_question = m_sources.resolver->ask(*question);
  else
    use(m_itinerary->direct());
}

void RouteSearch::follow_fork() {
  if (m_process == getpid()) return;
  m_readiness.reset();
  begin();
}

std::shared_ptr<const Route> RouteSearch::wait(Deadline until) {
  follow_fork();
  if (m_route) return m_route;
  if (!m_referral && !take_referral(until)) return nullptr;
  while (!m_route) {
    begin_lookups();
    if (take_plans()) continue;
    Stop* const stop = first_pending();
    if (stop == nullptr) {
      finish();
    } else if (is_over()) {
      give_up();
    } else if (!stop->pending->wait(std::min(until, m_deadline)) && !is_over()) {
      watch();
      return nullptr;
    }
  }
  return m_route;
}

bool RouteSearch::take_referral(Deadline until) {
  const auto answer = m_question->wait(std::min(until, m_deadline));
  if (!answer && !is_over()) return false;
  m_question.reset();
  use(m_itinerary->read(answer ? *answer
                               : dns::Answer(dns::FailedAnswer{tlsa::LookupFault::Timeout, too_late})));
  return true;
}

void RouteSearch::use(ReferralResult result) {
  if (const auto* none = std::get_if<NoReferral>(&result)) {
    auto route = std::make_shared<Route>();
    route->domain = m_itinerary->domain();
    route->state = none->why == NoReferral::Why::Unknown ? RouteState::Defer : RouteState::NoHosts;
    route->code = none->code;
    route->reason = none->reason;
    route->expires = m_sources.clock() + attempt_seconds;
    m_route = std::move(route);
    m_referral.emplace();
    return;
  }
  m_referral = std::get<Referral>(std::move(result));
  for (const Candidate& candidate : m_referral->candidates) m_stops.push_back({candidate, nullptr, nullptr});
  begin_lookups();
}

verify::Service RouteSearch::service_of(const Candidate& candidate) const {
  return {candidate.host, candidate.port, m_itinerary->transport()};
}

void RouteSearch::begin_lookups() {
  const verify::Policy policy = m_itinerary->policy();
  const auto is_running = [](const Stop& stop) { return stop.pending != nullptr; };
  auto running = static_cast<std::size_t>(std::count_if(m_stops.begin(), m_stops.end(), is_running));
  for (Stop& stop : m_stops) {
    if (stop.plan || stop.pending) continue;
    if (running == max_lookups_at_once) return;
    const verify::Service service = service_of(stop.candidate);
    if (!stop.candidate.is_host_name) {
      stop.plan = failed(service, policy, tlsa::LookupFault::Malformed, "this is no host name");
    } else if (auto plan = m_itinerary->plan_without_lookup(*m_referral, stop.candidate)) {
      stop.plan = std::move(plan);
    } else {
      stop.pending = m_sources.plans->start(service, policy, verify::Candidates::FollowAliases);
      ++running;
    }
  }
}

/// True where at least one has come.
bool RouteSearch::take_plans() {
  bool taken = false;
  for (Stop& stop : m_stops) {
    if (!stop.pending) continue;
    stop.plan = stop.pending->wait(no_waiting);
    if (!stop.plan) continue;
    stop.pending.reset();
    taken = true;
  }
  return taken;
}

RouteSearch::Stop* RouteSearch::first_pending() {
  const auto found =
      std::find_if(m_stops.begin(), m_stops.end(), [](const Stop& stop) { return stop.pending != nullptr; });
  return found == m_stops.end() ? nullptr : &*found;
}

/// R7672-2.1a: a host whose lookup did not end is not used now; the others are.
void RouteSearch::give_up() {
  for (Stop& stop : m_stops) {
    if (stop.plan) continue;
    stop.pending.reset();
    stop.plan =
        failed(service_of(stop.candidate), m_itinerary->policy(), tlsa::LookupFault::Timeout, too_late);
  }
}

void RouteSearch::finish() {
  const EpochSeconds now = m_sources.clock();
  auto route = std::make_shared<Route>();
  route->domain = m_itinerary->domain();
  route->standing = m_referral->standing;
  route->implicit = m_referral->implicit;
  route->left_out = m_referral->left_out;
  for (const Stop& stop : m_stops) {
    auto plan = std::make_shared<verify::Plan>(*stop.plan);
    m_itinerary->refine(*m_referral, *plan);
    plan->expires = std::max(std::min(plan->expires, m_referral->expires), now + attempt_seconds);
    RouteHost host = route_host(stop.candidate, std::move(plan));
    m_itinerary->describe(*m_referral, host);
    route->hosts.push_back(std::move(host));
  }
  conclude(*route, m_referral->expires, now);
  m_route = std::move(route);
  if (m_readiness) m_readiness->call();
}

int RouteSearch::descriptor() {
  follow_fork();
  if (!m_readiness) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(m_deadline - std::chrono::steady_clock::now());
    m_readiness = Readiness::create(left);
  }
  if (!m_readiness) return -1;
  if (m_route) m_readiness->call();
  watch();
  return m_readiness->descriptor();
}

/// What is not watched now would be missed: the deadline stands in for it.
void RouteSearch::watch() {
  if (!m_readiness) return;
  if (m_question) m_readiness->watch(m_question->descriptor());
  for (const Stop& stop : m_stops)
    if (stop.pending) m_readiness->watch(stop.pending->descriptor());
}

}  // namespace danelaw::service
