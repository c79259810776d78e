#include "search.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <ctime>
#include <string_view>
#include <utility>

namespace danelaw::policyd {
namespace {

/// A failure is told again for so long: a queue of letters to a dead domain costs one search. Mail is tried again later than that.
constexpr std::int64_t failure_seconds = 10;

}  // namespace

Search::Search(EventLoop& loop, Sources sources, Key key, std::function<void(Finding)> done)
    : m_loop(loop), m_sources(std::move(sources)), m_key(std::move(key)), m_done(std::move(done)) {}

Search::~Search() { unwatch(); }

void Search::unwatch() {
  if (m_descriptor >= 0) m_loop.forget(m_descriptor);
  m_descriptor = -1;
}

void Search::start() {
  danelaw_problem problem{};
  danelaw_route* route = nullptr;
  const int code = danelaw_smtp_begin(m_sources.resolver.get(), m_sources.settings.get(),
                                      m_key.next_hop.c_str(), &route, &problem);
  m_route.reset(route);
  if (code == DANELAW_ERR_NAME || code == DANELAW_ERR_PORT) return fail(Word::Perm, problem.text);
  if (code != DANELAW_OK) return fail(Word::Temp, problem.text);
  if (danelaw_route_wait(route, 0) == DANELAW_OK) return take_route();
  m_descriptor = danelaw_route_descriptor(route);
  const bool watched =
      m_descriptor >= 0 && m_loop.watch(m_descriptor, EPOLLIN, [this](std::uint32_t) { look(); });
  if (watched) return;
  m_descriptor = -1;
  fail(Word::Temp, "no descriptors are left");
}

void Search::look() {
  const int code = danelaw_route_wait(m_route.get(), 0);
  if (code == DANELAW_ERR_PENDING) return;
  unwatch();
  if (code == DANELAW_OK) return take_route();
  fail(Word::Temp, danelaw_error_name(code));
}

void Search::take_route() {
  m_finding.route = facts_of(*m_route);
  m_route.reset();
  const char* const mode = danelaw_settings_get(m_sources.settings.get(), "mode");
  const bool is_mandatory = mode != nullptr && std::string_view(mode) == "mandatory";
  m_finding.opinion = opinion_of(m_finding.route, is_mandatory ? Demand::Mandatory : Demand::Opportunistic);
  m_finding.expires = m_finding.route.expires;
  if (!asks_for_sts()) return finish();
  m_sts_search = std::make_unique<StsSearch>(m_sources.sts, [this](StsFinding finding) {
    m_finding.expires = std::min(m_finding.expires, finding.expires);
    m_finding.sts = std::move(finding);
    finish();
  });
  m_sts_search->start(*m_sources.resolver, m_finding.route.domain);
}

/// RFC 8461 section 2: a policy is for the domain whose MX records are looked up.
bool Search::asks_for_sts() const {
  return m_sources.sts && m_key.is_domain && m_finding.route.standing != DANELAW_STANDING_DIRECT &&
         needs_sts(m_finding.opinion.says);
}

void Search::finish() {
  std::optional<std::vector<std::string>> enforced;
  if (m_finding.sts && m_finding.sts->policy && m_finding.sts->policy->mode == StsMode::Enforce)
    enforced = m_finding.sts->policy->mx;
  m_finding.reply = reply_of(m_finding.opinion, enforced);
  const bool failed = m_finding.reply.word != Word::Ok && m_finding.reply.word != Word::NotFound;
  const std::int64_t now = std::time(nullptr);
  // A host of which nothing is known is left out (dane-only): not for longer than a failure counts.
  const bool leaves_hosts_out = std::ranges::any_of(
      m_finding.route.hosts, [](const HostNeed& host) { return host.requirement == DANELAW_DO_NOT_USE; });
  if (failed || leaves_hosts_out) m_finding.expires = std::min(m_finding.expires, now + failure_seconds);
  // The search may end with this call.
  const auto done = std::move(m_done);
  done(std::move(m_finding));
}

void Search::fail(Word word, std::string reason) {
  m_finding.reply = {word, std::move(reason)};
  m_finding.expires = 0;
  const auto done = std::move(m_done);
  done(std::move(m_finding));
}

}  // namespace danelaw::policyd
