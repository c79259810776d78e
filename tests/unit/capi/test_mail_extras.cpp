// What smtp.h says of MTA-STS, and tls_report.h.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "danelaw/smtp.h"
#include "danelaw/tls_report.h"

namespace {

using Resolver = std::unique_ptr<danelaw_resolver, decltype(&danelaw_resolver_free)>;

Resolver nobody() {
  danelaw_settings* const settings = danelaw_settings_new();
  danelaw_settings_set(settings, "engine", "none", nullptr);
  danelaw_settings_set(settings, "never_asked", "internal.example", nullptr);
  danelaw_resolver* resolver = nullptr;
  REQUIRE(danelaw_resolver_new(settings, &resolver, nullptr) == DANELAW_OK);
  danelaw_settings_free(settings);
  return {resolver, danelaw_resolver_free};
}

}  // namespace

TEST_SUITE("RFC 8461 section 3.1: danelaw_sts") {
  TEST_CASE("A lookup that fails announces nothing, and says why") {
    const Resolver resolver = nobody();
    danelaw_sts* sts = nullptr;
    REQUIRE(danelaw_sts_begin(resolver.get(),
                              "B\xc3\xbc"
                              "cher.example",
                              &sts, nullptr) == DANELAW_OK);
    CHECK(std::string(danelaw_sts_domain(sts)) == "xn--bcher-kva.example");
    CHECK(danelaw_sts_wait(sts, 5000) == DANELAW_OK);
    CHECK(danelaw_sts_wait(sts, 0) == DANELAW_OK);
    CHECK(std::string(danelaw_sts_id(sts)).empty());
    CHECK_FALSE(std::string(danelaw_sts_code(sts)).empty());
    CHECK_FALSE(std::string(danelaw_sts_reason(sts)).empty());
    CHECK(danelaw_sts_expiry(sts) == 0);
    danelaw_sts_free(sts);
  }

  TEST_CASE("R-private: nothing is asked about private names") {
    const Resolver resolver = nobody();
    danelaw_sts* sts = nullptr;
    REQUIRE(danelaw_sts_begin(resolver.get(), "x.internal.example", &sts, nullptr) == DANELAW_OK);
    CHECK(danelaw_sts_wait(sts, 0) == DANELAW_OK);
    CHECK(std::string(danelaw_sts_code(sts)) == "private-name");
    danelaw_sts_free(sts);
  }

  TEST_CASE("Nothing and bad names are refused") {
    const Resolver resolver = nobody();
    danelaw_sts* sts = nullptr;
    danelaw_problem problem{};
    CHECK(danelaw_sts_begin(resolver.get(), "a..b", &sts, &problem) == DANELAW_ERR_NAME);
    CHECK(danelaw_sts_begin(nullptr, "a.b", &sts, &problem) == DANELAW_ERR_ARGUMENT);
    CHECK(sts == nullptr);
    CHECK(danelaw_sts_wait(nullptr, 0) == DANELAW_ERR_ARGUMENT);
    CHECK(danelaw_sts_descriptor(nullptr) == -1);
    CHECK(std::string(danelaw_sts_id(nullptr)).empty());
    CHECK(std::string(danelaw_sts_code(nullptr)) == "pending");
    danelaw_sts_free(nullptr);
  }
}

TEST_SUITE("RFC 8460: danelaw_tls_report") {
  TEST_CASE("Sessions are counted, and written") {
    danelaw_tls_report* const report = danelaw_tls_report_new();
    danelaw_tls_session session{};
    session.size = sizeof session;
    session.policy_domain = "example.com";
    session.policy_type = DANELAW_TLS_TLSA;
    session.policy_strings = "3 1 1 00ff\n\n2 0 1 ff00\n";
    CHECK(danelaw_tls_report_count(report, &session, nullptr) == DANELAW_OK);
    session.result = DANELAW_TLS_STARTTLS_NOT_SUPPORTED;
    session.receiving_host = "mx.example.com";
    session.sessions = 3;
    CHECK(danelaw_tls_report_count(report, &session, nullptr) == DANELAW_OK);
    CHECK(danelaw_tls_report_policies(report) == 1);
    CHECK(danelaw_tls_report_left_out(report) == 0);
    danelaw_tls_report_head head{};
    head.size = sizeof head;
    const char* text = nullptr;
    REQUIRE(danelaw_tls_report_json(report, &head, &text, nullptr) == DANELAW_OK);
    const std::string json = text;
    for (const char* const part :
         {R"("policy-string":["3 1 1 00ff","2 0 1 ff00"])", R"("total-successful-session-count":1)",
          R"("total-failure-session-count":3)", R"("result-type":"starttls-not-supported")"})
      CHECK(json.find(part) != std::string::npos);
    danelaw_tls_report_free(report);
  }

  TEST_CASE("What breaks the contract is refused") {
    danelaw_tls_report* const report = danelaw_tls_report_new();
    danelaw_tls_session session{};
    session.size = sizeof session;
    CHECK(danelaw_tls_report_count(report, &session, nullptr) == DANELAW_ERR_ARGUMENT);  // no domain
    session.policy_domain = "example.com";
    session.result = static_cast<danelaw_tls_result>(12);
    CHECK(danelaw_tls_report_count(report, &session, nullptr) == DANELAW_ERR_ARGUMENT);
    session.result = DANELAW_TLS_SUCCESS;
    session.policy_type = static_cast<danelaw_tls_policy_type>(3);
    CHECK(danelaw_tls_report_count(report, &session, nullptr) == DANELAW_ERR_ARGUMENT);
    session.policy_type = DANELAW_TLS_STS;
    session.size = 0;
    CHECK(danelaw_tls_report_count(report, &session, nullptr) == DANELAW_ERR_ARGUMENT);
    CHECK(danelaw_tls_report_count(nullptr, &session, nullptr) == DANELAW_ERR_ARGUMENT);
    CHECK(danelaw_tls_report_policies(report) == 0);
    const char* text = nullptr;
    CHECK(danelaw_tls_report_json(report, nullptr, &text, nullptr) == DANELAW_ERR_ARGUMENT);
    CHECK(std::string(danelaw_tls_result_name(DANELAW_TLS_STS_WEBPKI_INVALID)) == "sts-webpki-invalid");
    CHECK(std::string(danelaw_tls_result_name(static_cast<danelaw_tls_result>(15))) == "unknown");
    danelaw_tls_report_free(report);
  }
}
