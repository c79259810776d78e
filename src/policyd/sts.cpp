#include "sts.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <utility>
#include <variant>

namespace danelaw::policyd {
namespace {

using Fault = StsFinding::Fault;

constexpr std::int64_t retry_seconds = 300;       // RFC 8461 section 3.3
constexpr std::int64_t refresh_seconds = 86'400;  // RFC 8461 section 3.3: about once a day
constexpr std::int64_t unanswered_seconds = 60;   // a record that could not be had is asked for again
constexpr std::size_t most_failures = 10'000;

std::string url_of(const std::string& domain) {
  return fmt::format("https://mta-sts.{}/.well-known/mta-sts.txt", domain);
}

Fault fault_of(Fetched::Fault fault) {
  return fault == Fetched::Fault::WebPki ? Fault::WebPki : Fault::Fetch;
}

void count(FetchCounts& counts, Fault fault) {
  switch (fault) {
    case Fault::None:
      ++counts.good;
      break;
    case Fault::Fetch:
      ++counts.unfetched;
      break;
    case Fault::WebPki:
      ++counts.untrusted;
      break;
    case Fault::Invalid:
      ++counts.invalid;
      break;
  }
}

}  // namespace

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::None:
      return "";
    case Fault::Fetch:
      return "sts-policy-fetch-error";
    case Fault::WebPki:
      return "sts-webpki-invalid";
    case Fault::Invalid:
      return "sts-policy-invalid";
  }
  return "";
}

Sts::Sts(EventLoop& loop, StsSettings settings)
    : m_loop(loop),
      m_settings(std::move(settings)),
      m_store(m_settings.directory, m_settings.policies),
      m_getter(loop) {}

void Sts::adopt(const Sts& other) {
  m_store.adopt(other.m_store);
  counts = other.counts;
}

const Sts::Failure* Sts::failure_of(const std::string& domain, std::int64_t now) {
  const auto found = m_failures.find(domain);
  if (found == m_failures.end()) return nullptr;
  if (found->second.until > now) return &found->second;
  m_failures.erase(found);
  return nullptr;
}

void Sts::note_failure(const std::string& domain, Failure failure) {
  // Past the limit somebody is tried again too early, which is no harm.
  if (m_failures.size() >= most_failures) m_failures.clear();
  m_failures[domain] = std::move(failure);
}

StsSearch::StsSearch(std::shared_ptr<Sts> sts, std::function<void(StsFinding)> done)
    : m_sts(std::move(sts)), m_done(std::move(done)) {}

StsSearch::~StsSearch() { unwatch(); }

void StsSearch::unwatch() {
  if (m_descriptor >= 0) m_sts->loop().forget(m_descriptor);
  m_descriptor = -1;
}

void StsSearch::start(danelaw_resolver& resolver, const std::string& domain) {
  m_domain = domain;
  danelaw_sts* made = nullptr;
  danelaw_problem problem{};
  const int code = danelaw_sts_begin(&resolver, domain.c_str(), &made, &problem);
  m_announcement.reset(made);
  if (code != DANELAW_OK) {
    m_finding.reason = problem.text;
    return finish(std::nullopt, std::time(nullptr) + retry_seconds);
  }
  if (danelaw_sts_wait(made, 0) == DANELAW_OK) return take_announcement();
  m_descriptor = danelaw_sts_descriptor(made);
  const bool watched =
      m_descriptor >= 0 && m_sts->loop().watch(m_descriptor, EPOLLIN, [this](std::uint32_t) { look(); });
  if (watched) return;
  m_descriptor = -1;
  take_announcement();  // "pending" is no id
}

void StsSearch::look() {
  if (danelaw_sts_wait(m_announcement.get(), 0) == DANELAW_ERR_PENDING) return;
  unwatch();
  take_announcement();
}

void StsSearch::take_announcement() {
  const std::int64_t now = std::time(nullptr);
  const std::string id = danelaw_sts_id(m_announcement.get());
  const std::string code = danelaw_sts_code(m_announcement.get());
  const std::int64_t good_until = danelaw_sts_expiry(m_announcement.get());
  m_finding.expires = std::max(good_until, now + unanswered_seconds);
  m_kept = m_sts->store().find(m_domain, now);
  if (id.empty()) {
    // Whoever takes the record away does not take the policy away (RFC 8461 section 3.3).
    if (!m_kept && code != "absent") m_finding.reason = danelaw_sts_reason(m_announcement.get());
    if (!m_kept) return finish(std::nullopt, m_finding.expires);
    return finish(m_kept->policy, m_kept->expires());
  }
  const bool is_fresh = m_kept && m_kept->id == id && now - m_kept->fetched < refresh_seconds;
  if (is_fresh) return finish(m_kept->policy, m_kept->expires());
  if (const Sts::Failure* const failure = m_sts->failure_of(m_domain, now))
    return fail(failure->fault, failure->reason);
  fetch(id);
}

void StsSearch::fetch(const std::string& id) {
  try {
    m_transfer = m_sts->getter().get(url_of(m_domain), m_sts->settings().https,
                                     [this, id](Fetched fetched) { take_policy(id, std::move(fetched)); });
  } catch (const std::exception& failure) {
    fail(Fault::Fetch, failure.what());
  }
}

void StsSearch::take_policy(const std::string& id, Fetched fetched) {
  const std::int64_t now = std::time(nullptr);
  Fault fault = fault_of(fetched.fault);
  std::string reason = std::move(fetched.reason);
  if (fetched.fault == Fetched::Fault::None) {
    auto parsed = sts_policy_from_text(fetched.text);
    if (auto* const policy = std::get_if<StsPolicy>(&parsed)) {
      count(m_sts->counts, Fault::None);
      m_sts->forget_failure(m_domain);
      m_sts->store().keep(m_domain, {id, now, *policy});
      return finish(*policy, now + policy->max_age.count());
    }
    fault = Fault::Invalid;
    reason = fmt::format("no policy: {}", std::get<std::string>(parsed));
  }
  count(m_sts->counts, fault);
  m_sts->note_failure(m_domain, {fault, reason, now + retry_seconds});
  fail(fault, std::move(reason));
}

void StsSearch::fail(Fault fault, std::string reason) {
  const std::int64_t now = std::time(nullptr);
  m_finding.fault = fault;
  m_finding.reason = fmt::format("{}: {}", url_of(m_domain), reason);
  m_finding.expires = std::min(m_finding.expires, now + retry_seconds);
  finish(m_kept ? std::optional(m_kept->policy) : std::nullopt,
         m_kept ? m_kept->expires() : m_finding.expires);
}

/// This may be gone afterwards.
void StsSearch::finish(std::optional<StsPolicy> policy, std::int64_t expires) {
  m_finding.policy = std::move(policy);
  m_finding.expires = std::min(m_finding.expires, expires);
  const auto done = std::move(m_done);
  done(std::move(m_finding));
}

}  // namespace danelaw::policyd
