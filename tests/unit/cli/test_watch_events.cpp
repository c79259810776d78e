#include <doctest/doctest.h>

#include <algorithm>

#include "cli/watch_events.hpp"

using namespace danelaw::cli;

namespace {

constexpr std::int64_t day = 24 * 60 * 60;
constexpr std::int64_t start = 1'800'000'000;
constexpr WarnTimes warn{14 * day, 1 * day};

Observation good(std::int64_t when) {
  Observation observation;
  observation.when = when;
  observation.verdict = DANELAW_AUTHENTICATED;
  observation.outcome = "secure-usable";
  observation.reason = "matched";
  observation.text = "a record matches";
  return observation;
}

Observation with_verdict(Observation observation, danelaw_decision verdict, const std::string& reason) {
  observation.verdict = verdict;
  observation.reason = reason;
  return observation;
}

/// A service that is looked at again and again by a simulated clock.
class Watched {
 public:
  std::vector<std::string> look(const Observation& observation) {
    News news = compare(m_standing, observation, concerns_of(observation, warn));
    m_standing = news.standing;
    std::vector<std::string> codes;
    for (const Event& event : news.events) codes.push_back(event.code);
    return codes;
  }
  [[nodiscard]] const Standing& standing() const { return *m_standing; }

 private:
  std::optional<Standing> m_standing;
};

using Codes = std::vector<std::string>;

}  // namespace

TEST_SUITE("watch: what is told") {
  TEST_CASE("the first look is told, the same again is not") {
    Watched service;
    CHECK(service.look(good(start)) == Codes{"first"});
    CHECK(service.look(good(start + 900)).empty());
  }

  TEST_CASE("another verdict is told with the time since when, and so is its return") {
    Watched service;
    CHECK(service.look(good(start)) == Codes{"first"});
    CHECK(service.look(with_verdict(good(start + 900), DANELAW_REJECTED, "no-match")) == Codes{"verdict"});
    CHECK(service.standing().since == start + 900);
    CHECK(service.look(with_verdict(good(start + 1800), DANELAW_REJECTED, "no-match")).empty());
    CHECK(service.standing().since == start + 900);
    CHECK(service.look(good(start + 2700)) == Codes{"verdict"});
  }

  TEST_CASE("the same verdict for another reason is told as such") {
    Watched service;
    CHECK(service.look(with_verdict(good(start), DANELAW_UNDECIDED, "lookup-failed")) == Codes{"first"});
    CHECK(service.look(with_verdict(good(start + 900), DANELAW_UNDECIDED, "none")) == Codes{"outcome"});
  }

  TEST_CASE(
      "a certificate is told 14 days before its end, once, when it has ended, and when it was renewed") {
    Watched service;
    Codes told;
    Observation now = good(start);
    now.certificate_until = start + 30 * day;
    std::int64_t told_at = 0;
    for (std::int64_t hour = 0; hour <= 31 * 24; ++hour) {
      now.when = start + hour * 3600;
      for (const std::string& code : service.look(now)) {
        told.push_back(code);
        if (code == "certificate-expires") told_at = now.when;
      }
    }
    CHECK(told == Codes{"first", "certificate-expires", "certificate-expired", "certificate-expires-over"});
    CHECK(told_at == start + 16 * day);
    now.certificate_until = now.when + 90 * day;
    CHECK(service.look(now) == Codes{"certificate-expired-over"});
  }

  TEST_CASE("signatures have their own time") {
    Watched service;
    Observation now = good(start);
    now.signature_until = start + 2 * day;
    CHECK(service.look(now) == Codes{"first"});
    now.when = start + day;
    CHECK(service.look(now) == Codes{"signatures-expire"});
    now.signature_until = now.when + 14 * day;
    CHECK(service.look(now) == Codes{"signatures-expire-over"});
  }

  TEST_CASE(
      "in a rollover (RFC 7671 section 8.1) a record matches nothing: told once, no fault; another one is "
      "told, too") {
    Watched service;
    Observation now = good(start);
    CHECK(service.look(now) == Codes{"first"});
    now.unmatched = {"3 1 1 aa"};
    CHECK(service.look(now) == Codes{"unmatched-record"});
    CHECK(severity_of(now, concerns_of(now, warn)) == Severity::Ok);
    now.unmatched = {"3 1 1 aa", "3 1 1 bb"};
    CHECK(service.look(now) == Codes{"unmatched-record"});
    now.unmatched = {"3 1 1 bb"};
    CHECK(service.look(now) == Codes{"unmatched-record-over"});
  }

  TEST_CASE("where there is no verdict nothing is over, and nothing is told twice after it") {
    Watched service;
    Observation now = good(start);
    now.certificate_until = start + 2 * day;
    CHECK(service.look(now) == Codes{"first", "certificate-expires"});
    CHECK(service.look(with_verdict(good(start + 900), DANELAW_UNDECIDED, "none")) == Codes{"verdict"});
    now.when = start + 1800;
    CHECK(service.look(now) == Codes{"verdict"});
  }

  TEST_CASE("how severe each verdict is") {
    const Observation now = good(start);
    Observation bogus = with_verdict(now, DANELAW_UNDECIDED, "lookup-failed");
    CHECK(severity_of_verdict(now) == Severity::Ok);
    CHECK(severity_of_verdict(with_verdict(now, DANELAW_REJECTED, "no-match")) == Severity::Critical);
    CHECK(severity_of_verdict(with_verdict(now, DANELAW_NOT_APPLICABLE, "none")) == Severity::Warning);
    CHECK(severity_of_verdict(bogus) == Severity::Unknown);
    bogus.is_bogus = true;
    CHECK(severity_of_verdict(bogus) == Severity::Critical);
  }

  TEST_CASE("critical comes before unknown, that before a warning") {
    CHECK(worse(Severity::Unknown, Severity::Critical) == Severity::Critical);
    CHECK(worse(Severity::Warning, Severity::Unknown) == Severity::Unknown);
    CHECK(worse(Severity::Ok, Severity::Warning) == Severity::Warning);
    CHECK(worse(Severity::Ok, Severity::Ok) == Severity::Ok);
  }
}
