#include <doctest/doctest.h>

#include "cli/watch_metrics.hpp"
#include "cli/watch_output.hpp"
#include "cli/watch_state.hpp"

using namespace danelaw::cli;

namespace {

constexpr std::int64_t start = 1'800'000'000;  // 2027-01-15T08:00:00Z
constexpr std::int64_t day = 24 * 60 * 60;

WatchReport report(const std::string& service, danelaw_decision verdict, const std::string& reason,
                   std::int64_t certificate_until = 0) {
  WatchReport report;
  report.service = service;
  report.observation.when = start;
  report.observation.duration = 1234;
  report.observation.verdict = verdict;
  report.observation.outcome = "secure-usable";
  report.observation.reason = reason;
  report.observation.text = "why";
  report.observation.certificate_until = certificate_until;
  report.concerns = concerns_of(report.observation, {14 * day, day});
  News news = compare(std::nullopt, report.observation, report.concerns);
  report.standing = news.standing;
  report.events = news.events;
  return report;
}

}  // namespace

TEST_SUITE("watch: what is printed") {
  TEST_CASE("a line for each event") {
    CHECK(events_as_text(report("a.example:443", DANELAW_AUTHENTICATED, "matched", start + 3 * day)) ==
          "2027-01-15T08:00:00Z  a.example:443  ok  authenticated (secure-usable, matched): why\n"
          "2027-01-15T08:00:00Z  a.example:443  warning  the certificate is good until 2027-01-18T08:00:00Z, "
          "which "
          "is in 3 days\n");
  }

  TEST_CASE("an object for each event") {
    CHECK(
        events_as_json(report("a.example:443", DANELAW_REJECTED, "no-match")) ==
        R"({"time":"2027-01-15T08:00:00Z","service":"a.example:443","event":"first","severity":"critical",)"
        R"("verdict":"rejected","outcome":"secure-usable","reason":"no-match","since":"2027-01-15T08:00:00Z",)"
        R"("text":"rejected (secure-usable, no-match): why"})"
        "\n");
  }

  TEST_CASE("what a stranger wrote steers no terminal and breaks no line") {
    WatchReport one = report("a.example:443", DANELAW_UNDECIDED, "none");
    one.observation.text = "\x1b[2J\nb.example:443  ok";
    CHECK(report_as_text(one) ==
          "a.example:443  unknown  undecided (secure-usable, none): \\x1b[2J\\x0ab.example:443  ok\n");
  }

  TEST_CASE("Nagios: the worst services by name, the bar kept for performance data") {
    Summary summary;
    summary.add(0, report("a.example:443", DANELAW_AUTHENTICATED, "matched", start + 40 * day));
    summary.add(1, report("b.example:443", DANELAW_REJECTED, "no|match"));
    summary.add(2, report("c.example:443", DANELAW_AUTHENTICATED, "matched", start + 2 * day));
    CHECK(summary.worst() == Severity::Critical);
    CHECK(nagios_exit(summary.worst()) == 2);
    CHECK(summary.exit() == Exit::Refused);
    CHECK(summary.nagios() ==
          "DANELAW CRITICAL - 2 of 3 services authenticated; b.example:443 rejected (no/match); "
          "c.example:443 the "
          "certificate is good until 2027-01-17T08:00:00Z, which is in 2 days | services=3 authenticated=2 "
          "rejected=1 "
          "not_applicable=0 undecided=0 certificate_days=2\n");
  }

  TEST_CASE("Nagios: of many faults five are named and the rest counted") {
    Summary summary;
    for (std::size_t i = 0; i < 1000; ++i) {
      const std::size_t place = (i * 7 + 500) % 1000;  // reports come in any order, the list has one
      summary.add(place, report("x" + std::to_string(place), DANELAW_UNDECIDED, "not-reached"));
    }
    CHECK(
        summary.nagios() ==
        "DANELAW UNKNOWN - 0 of 1000 services authenticated; x0 undecided (not-reached); x1 undecided "
        "(not-reached); x2 undecided (not-reached); x3 undecided (not-reached); x4 undecided (not-reached); "
        "995 more unknown | services=1000 authenticated=0 rejected=0 not_applicable=0 undecided=1000\n");
    CHECK(summary.exit() == Exit::Undecided);
  }

  TEST_CASE("the exit code of warnings, and of services without DANE") {
    Summary none;
    none.add(0, report("x", DANELAW_NOT_APPLICABLE, "none"));
    CHECK(none.exit() == Exit::NotApplicable);
    CHECK(nagios_exit(none.worst()) == 1);
    none.add(1, report("y", DANELAW_AUTHENTICATED, "matched", start + day));
    CHECK(none.exit() == Exit::Good);
  }

  TEST_CASE("metrics: labels are escaped, what is not known is left out") {
    Readings readings;
    const WatchReport one = report("a\"\\\n", DANELAW_AUTHENTICATED, "matched", start + day);
    readings["a\"\\\n"] = reading_of(one.observation, one.concerns);
    const std::string text = to_metrics(readings, 2);
    CHECK(text.find("danelaw_watch_services 2\n") != std::string::npos);
    CHECK(text.find(R"(danelaw_service_verdict{service="a\"\\\n",verdict="authenticated"} 1)") !=
          std::string::npos);
    CHECK(text.find(R"(danelaw_service_verdict{service="a\"\\\n",verdict="rejected"} 0)") !=
          std::string::npos);
    CHECK(text.find(R"(danelaw_service_check_duration_seconds{service="a\"\\\n"} 1.234)") !=
          std::string::npos);
    CHECK(
        text.find(R"(danelaw_service_certificate_expiry_timestamp_seconds{service="a\"\\\n"} 1800086400)") !=
        std::string::npos);
    CHECK(text.find("danelaw_service_signature_expiry_timestamp_seconds{") == std::string::npos);
    CHECK(text.find(R"(danelaw_service_severity{service="a\"\\\n"} 1)") != std::string::npos);
  }

  TEST_CASE("metrics: of a refused service no number of unmatched records is told, none least of all") {
    Readings readings;
    for (const auto decision : {DANELAW_AUTHENTICATED, DANELAW_REJECTED, DANELAW_UNDECIDED})
      readings[danelaw_decision_name(decision)] = reading_of(report("x", decision, "", 0).observation, {});
    const std::string text = to_metrics(readings, 3);
    const std::string name = "danelaw_service_unmatched_records";
    CHECK(text.find(name + "{service=\"authenticated\"} 0\n") != std::string::npos);
    CHECK(text.find(name + "{service=\"rejected\"}") == std::string::npos);
    CHECK(text.find(name + "{service=\"undecided\"}") == std::string::npos);
  }
}

TEST_SUITE("watch: the state file") {
  TEST_CASE("what was written is read as it was") {
    Standings standings;
    standings["a.example:443"] = {
        DANELAW_REJECTED, "secure-usable", "no-match", start, {"certificate-expires"}};
    standings["b mail"] = {DANELAW_NOT_APPLICABLE, "insecure", "", 0, {}};
    CHECK(parse_state(to_state_text(standings), "f") == standings);
  }

  TEST_CASE("what is no state is refused, so that it is not overwritten") {
    const std::string whole = to_state_text({{"a", {DANELAW_REJECTED, "o", "r", 1, {}}}});
    for (const std::string& text : {std::string(), std::string("{}"), std::string("[]"),
                                    std::string("root:x:0:0"), whole.substr(0, whole.size() / 2)}) {
      INFO(text);
      CHECK_THROWS_AS(static_cast<void>(parse_state(text, "f")), Failure);
    }
    std::string other = whole;
    other.replace(other.find("rejected"), 8, "accepted");
    CHECK_THROWS_AS(static_cast<void>(parse_state(other, "f")), Failure);
  }
}
