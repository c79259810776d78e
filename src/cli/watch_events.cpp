#include "watch_events.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "answer_report.hpp"

namespace danelaw::cli {
namespace {

constexpr std::int64_t day = 24 * 60 * 60;

/// What ends, and when it matters.
struct Ending {
  std::int64_t until;
  std::int64_t warn;
  std::string what;
  const char* expires;  ///< codes
  const char* expired;
};

void add_ending(const Ending& ending, std::int64_t now, std::vector<Concern>& concerns) {
  if (ending.until == 0) return;
  const std::int64_t left = ending.until - now;
  const std::string when = time_text(ending.until);
  if (left <= 0) {
    concerns.push_back(
        {ending.expired, fmt::format("{} until {}, which is over", ending.what, when), Severity::Critical});
  } else if (left <= ending.warn) {
    concerns.push_back({ending.expires,
                        fmt::format("{} until {}, which is in {} days", ending.what, when, left / day),
                        Severity::Warning});
  }
}

/// The same concern tomorrow, with one day less, is the same.
std::string key_of(const Concern& concern) {
  return concern.code == "unmatched-record" ? concern.code + " " + concern.text : concern.code;
}

bool contains(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string described(const Observation& now) {
  return fmt::format("{} ({}, {}): {}", danelaw_decision_name(now.verdict), now.outcome, now.reason,
                     now.text);
}

/// What is told of the verdict, if anything.
std::optional<Event> event_of_verdict(const std::optional<Standing>& before, const Observation& now) {
  const Severity severity = severity_of_verdict(now);
  if (!before) return Event{"first", described(now), severity};
  if (before->verdict != now.verdict)
    return Event{"verdict", fmt::format("{} -> {}", danelaw_decision_name(before->verdict), described(now)),
                 severity};
  if (before->outcome != now.outcome || before->reason != now.reason)
    return Event{"outcome", fmt::format("{}, {} -> {}", before->outcome, before->reason, described(now)),
                 severity};
  return std::nullopt;
}

}  // namespace

const char* severity_word(Severity severity) {
  switch (severity) {
    case Severity::Ok:
      return "ok";
    case Severity::Warning:
      return "warning";
    case Severity::Critical:
      return "critical";
    case Severity::Unknown:
      return "unknown";
  }
  return "unknown";
}

Severity worse(Severity one, Severity other) {
  for (const Severity severity : {Severity::Critical, Severity::Unknown, Severity::Warning})
    if (one == severity || other == severity) return severity;
  return Severity::Ok;
}

Severity severity_of_verdict(const Observation& observation) {
  switch (observation.verdict) {
    case DANELAW_AUTHENTICATED:
      return Severity::Ok;
    case DANELAW_REJECTED:
      return Severity::Critical;
    case DANELAW_NOT_APPLICABLE:
      return Severity::Warning;  // it is on the list, so it should have DANE
    case DANELAW_UNDECIDED:
      return observation.is_bogus ? Severity::Critical : Severity::Unknown;
  }
  return Severity::Unknown;
}

std::vector<Concern> concerns_of(const Observation& observation, const WarnTimes& warn) {
  std::vector<Concern> concerns;
  const std::int64_t now = observation.when;
  add_ending({observation.certificate_until, warn.certificate, "the certificate is good",
              "certificate-expires", "certificate-expired"},
             now, concerns);
  add_ending({observation.signature_until, warn.signature,
              fmt::format("the signatures over {} are good", observation.signature_of), "signatures-expire",
              "signatures-expired"},
             now, concerns);
  // In a rollover that is as it must be (RFC 7671 section 8.1), so it is told, and no more.
  for (const std::string& record : observation.unmatched)
    concerns.push_back({"unmatched-record", fmt::format("no certificate matches {}", record), Severity::Ok});
  return concerns;
}

Severity severity_of(const Observation& observation, const std::vector<Concern>& concerns) {
  Severity severity = severity_of_verdict(observation);
  for (const Concern& concern : concerns) severity = worse(severity, concern.severity);
  return severity;
}

News compare(const std::optional<Standing>& before, const Observation& now,
             const std::vector<Concern>& concerns) {
  News news;
  const bool is_same = before && before->verdict == now.verdict;
  news.standing = {now.verdict, now.outcome, now.reason, is_same ? before->since : now.when, {}};
  if (std::optional<Event> event = event_of_verdict(before, now)) news.events.push_back(*std::move(event));
  for (const Concern& concern : concerns) {
    news.standing.concerns.push_back(key_of(concern));
    if (!before || !contains(before->concerns, key_of(concern)))
      news.events.push_back({concern.code, concern.text, concern.severity});
  }
  if (!before) return news;
  // Without a verdict nothing is known of certificates and records: what was told of them stays as it was.
  const bool is_known = now.verdict == DANELAW_AUTHENTICATED || now.verdict == DANELAW_NOT_APPLICABLE;
  for (const std::string& key : before->concerns) {
    if (contains(news.standing.concerns, key)) continue;
    if (is_known) {
      news.events.push_back({key.substr(0, key.find(' ')) + "-over", "no longer: " + key, Severity::Ok});
    } else {
      news.standing.concerns.push_back(key);
    }
  }
  return news;
}

}  // namespace danelaw::cli
