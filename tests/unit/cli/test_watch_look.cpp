#include <doctest/doctest.h>

#include "cli/watch_look.hpp"

using namespace danelaw::cli;

namespace {

constexpr std::int64_t sooner = 1'800'000'000;
constexpr std::int64_t later = 1'900'000'000;

PeerReport authenticated(const std::string& record, std::int64_t certificate_until) {
  PeerReport peer;
  peer.connected = peer.encrypted = peer.has_verdict = peer.accepted = true;
  peer.verdict = DANELAW_AUTHENTICATED;
  peer.certificate_until = certificate_until;
  peer.records = {{record, "usable", 0, "matches"}};
  peer.record = 0;
  return peer;
}

CheckReport report_of(const std::vector<PeerReport>& peers) {
  CheckReport report;
  report.verdict = DANELAW_AUTHENTICATED;
  report.outcome = DANELAW_OUTCOME_SECURE_USABLE;
  report.peers = peers;
  report.records = peers.front().records;
  return report;
}

}  // namespace

TEST_SUITE("watch: what a look finds") {
  TEST_CASE("the certificate that ends first counts") {
    const CheckReport report =
        report_of({authenticated("2 0 1 aa", later), authenticated("2 0 1 aa", sooner)});
    CHECK(observation_of(report, false).certificate_until == sooner);
  }

  TEST_CASE("R7672-3.2.1a: where usage 3 matched, mail's clients look at no date, those of the web may") {
    const CheckReport report = report_of({authenticated("3 1 1 aa", sooner)});
    CHECK(observation_of(report, true).certificate_until == 0);
    CHECK(observation_of(report, false).certificate_until == sooner);
    CHECK(observation_of(report_of({authenticated("2 1 1 aa", sooner)}), true).certificate_until == sooner);
  }

  TEST_CASE("a record is unmatched only where no address matched it, and every address is authenticated") {
    PeerReport one = authenticated("3 1 1 aa", later);
    one.records.push_back({"3 1 1 bb", "usable", -1, "does not match"});
    one.records.push_back({"9 9 9 cc", "unknown-usage", -1, ""});
    PeerReport other = one;
    CHECK(observation_of(report_of({one, other}), false).unmatched == std::vector<std::string>{"3 1 1 bb"});
    other.records[1].matched_depth = 0;
    CHECK(observation_of(report_of({one, other}), false).unmatched.empty());
    other = one;
    other.verdict = DANELAW_UNDECIDED;
    CHECK(observation_of(report_of({one, other}), false).unmatched.empty());
  }

  TEST_CASE("where there could be no verdict the reason says how far one came") {
    CheckReport report;
    CHECK(observation_of(report, false).reason == "not-reached");  // no address
    report.peers.emplace_back();
    CHECK(observation_of(report, false).reason == "not-reached");
    report.peers.emplace_back().connected = true;
    CHECK(observation_of(report, false).reason == "no-tls");
    report.reason = DANELAW_REASON_LOOKUP_FAILED;
    CHECK(observation_of(report, false).reason == "lookup-failed");

    MxHost host;
    host.name = "mx.example.org";
    host.code = "secure-usable";
    host.fitness = Fitness::Error;
    host.address_problem = "no address for mx.example.org";
    DomainReport domain;
    domain.fitness = Fitness::Error;
    domain.hosts = {host};
    CHECK(observation_of(domain).reason == "not-reached");
    domain.hosts[0].peers.emplace_back();
    CHECK(observation_of(domain).reason == "not-reached");
    domain.hosts[0].peers[0].connected = true;
    CHECK(observation_of(domain).reason == "no-tls");
  }

  TEST_CASE("of a mail domain the host that decides is named, with what its server showed") {
    MxHost host;
    host.name = "mx.example.org";
    host.code = "secure-usable";
    host.fitness = Fitness::Rejected;
    PeerReport peer = authenticated("3 1 1 aa", later);
    peer.address = "192.0.2.1";
    peer.accepted = false;
    peer.verdict = DANELAW_REJECTED;
    peer.reason = DANELAW_REASON_NO_MATCH;
    peer.summary = "no usable record matches";
    host.peers = {peer};
    DomainReport report;
    report.fitness = Fitness::Rejected;
    report.standing = DANELAW_STANDING_SECURE;
    report.hosts = {host};
    const Observation observation = observation_of(report);
    CHECK(observation.verdict == DANELAW_REJECTED);
    CHECK(observation.outcome == "secure");
    CHECK(observation.reason == "no-match");
    CHECK(observation.text == "mx.example.org: 192.0.2.1: no usable record matches");
  }
}
