#include <doctest/doctest.h>

#include <string>

#include "service/tls_report.hpp"

using namespace danelaw::service;

TEST_SUITE("RFC 8460 section 4.4: reports") {
  TEST_CASE("Counts become the form of the RFC") {
    TlsReport report;
    const ReportedPolicy sts{PolicyType::Sts,
                             {"version: STSv1", "mode: testing"},
                             "company-y.example",
                             {"*.mail.company-y.example"}};
    report.count(sts, {SessionResult::Success}, 5326);
    report.count(
        sts, {SessionResult::CertificateExpired, "2001:db8:abcd:0012::1", "mx1.mail.company-y.example"}, 100);
    report.count(
        sts, {SessionResult::CertificateExpired, "2001:db8:abcd:0012::1", "mx1.mail.company-y.example"}, 1);
    CHECK(report.policies() == 1);
    CHECK(
        report.to_json(
            {"Company-X", "sts-reporting@company-x.example", "5065427c", 1459468800, 1459555199}) ==
        R"({"organization-name":"Company-X","date-range":{"start-datetime":"2016-04-01T00:00:00Z",)"
        R"("end-datetime":"2016-04-01T23:59:59Z"},"contact-info":"sts-reporting@company-x.example",)"
        R"("report-id":"5065427c","policies":[{"policy":{"policy-type":"sts","policy-string":["version: STSv1",)"
        R"("mode: testing"],"policy-domain":"company-y.example","mx-host":["*.mail.company-y.example"]},)"
        R"("summary":{"total-successful-session-count":5326,"total-failure-session-count":101},)"
        R"("failure-details":[{"result-type":"certificate-expired","sending-mta-ip":"2001:db8:abcd:0012::1",)"
        R"("receiving-mx-hostname":"mx1.mail.company-y.example","failed-session-count":101}]}]})"
        "\n");
  }

  TEST_CASE("Strangers' words cannot leave their string") {
    TlsReport report;
    report.count({PolicyType::NoPolicyFound, {}, "a\"],\\\n\x7f\xff", {}}, {}, 1);
    const std::string json = report.to_json({});
    CHECK(json.find(R"("policy-domain":"a\"],\\\u000a\u007f\u00ff")") != std::string::npos);
  }

  TEST_CASE("There are never more policies and details than the limits, and sums stay right") {
    TlsReport report;
    const ReportedPolicy policy{PolicyType::Tlsa, {}, "example.com", {}};
    for (std::size_t i = 0; i < TlsReport::max_details + 10; ++i)
      report.count(policy, {SessionResult::TlsaInvalid, "", std::to_string(i)}, 1);
    const std::string json = report.to_json({});
    CHECK(json.find("\"total-failure-session-count\":74") != std::string::npos);
    CHECK(json.find("\"receiving-mx-hostname\":\"63\"") != std::string::npos);
    CHECK(json.find("\"receiving-mx-hostname\":\"64\"") == std::string::npos);
    for (std::size_t i = 0; i < TlsReport::max_policies + 5; ++i)
      report.count({PolicyType::Tlsa, {}, std::to_string(i), {}}, {SessionResult::Success}, 2);
    CHECK(report.policies() == TlsReport::max_policies);
    CHECK(report.left_out() == 12);
  }
}
