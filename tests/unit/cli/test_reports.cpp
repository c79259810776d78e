#include <doctest/doctest.h>

#include "cli/check_report.hpp"
#include "cli/smtp_report.hpp"

using namespace danelaw::cli;

namespace {

PeerReport refused_connection() {
  PeerReport peer;
  peer.address = "192.0.2.1";
  peer.error = "cannot connect: Connection refused";
  return peer;
}

PeerReport mismatch() {
  PeerReport peer;
  peer.address = "192.0.2.2";
  peer.connected = peer.has_verdict = true;
  peer.verdict = DANELAW_REJECTED;
  peer.reason = DANELAW_REASON_NO_MATCH;
  return peer;
}

}  // namespace

TEST_SUITE("danelaw(1), JSON: check and smtp") {
  TEST_CASE("an address without a verdict has null for its reason, one with a verdict the verdict's word") {
    CheckReport report;
    report.peers = {refused_connection(), mismatch()};
    const Json checked = to_json(report);
    CHECK(checked["addresses"][0]["verdict"] == "undecided");
    CHECK(checked["addresses"][0]["reason"].is_null());
    CHECK(checked["addresses"][1]["reason"] == "no-match");

    MxHost host;
    host.peers = report.peers;
    DomainReport domain;
    domain.hosts = {host};
    const Json tried = to_json(domain)["hosts"][0]["addresses"];
    CHECK(tried[0]["verdict"] == "undecided");
    CHECK(tried[0]["reason"].is_null());
    CHECK(tried[1]["reason"] == "no-match");
  }

  TEST_CASE("so has the whole, unless the lookup has failed") {
    CheckReport report;
    CHECK(to_json(report)["reason"].is_null());
    report.reason = DANELAW_REASON_LOOKUP_FAILED;
    CHECK(to_json(report)["reason"] == "lookup-failed");
  }
}
