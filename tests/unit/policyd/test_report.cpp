#include <doctest/doctest.h>

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "policyd/daily_report.hpp"
#include "policyd/event_loop.hpp"

using namespace danelaw::policyd;
namespace fs = std::filesystem;

namespace {

Finding finding(DaneSays says, const char* code = "") {
  Finding made;
  made.opinion = {says, code, "why"};
  made.route.domain = "example.com";
  made.route.standing = DANELAW_STANDING_SECURE;
  made.route.hosts.push_back(
      {"mx.example.com", DANELAW_TLS_AUTHENTICATE, "secure-usable", "", true, {"3 1 1 00ff"}});
  made.reply = reply_of(made.opinion, std::nullopt);
  return made;
}

Finding sts(StsMode mode, StsFinding::Fault fault) {
  Finding made = finding(DaneSays::Nothing);
  made.sts.emplace();
  made.sts->fault = fault;
  if (fault == StsFinding::Fault::None)
    made.sts->policy = StsPolicy{mode, {"mx.example.com"}, std::chrono::seconds(60)};
  return made;
}

}  // namespace

TEST_SUITE("RFC 8460 section 4.3: what a policy service can know") {
  TEST_CASE("R7672-2.1a: an answer is accounted for by its policy and its failure") {
    struct Row {
      Finding finding;
      danelaw_tls_policy_type type;
      danelaw_tls_result result;
    };
    for (const Row& row :
         {Row{finding(DaneSays::Authenticate), DANELAW_TLS_TLSA, DANELAW_TLS_SUCCESS},
          Row{finding(DaneSays::Mixed), DANELAW_TLS_TLSA, DANELAW_TLS_SUCCESS},
          Row{finding(DaneSays::Encrypt), DANELAW_TLS_TLSA, DANELAW_TLS_TLSA_INVALID},
          Row{finding(DaneSays::Nothing), DANELAW_TLS_NO_POLICY, DANELAW_TLS_SUCCESS},
          Row{finding(DaneSays::Defer, "bogus"), DANELAW_TLS_TLSA, DANELAW_TLS_DNSSEC_INVALID},
          Row{finding(DaneSays::Defer, "mandatory-without-dane"), DANELAW_TLS_TLSA,
              DANELAW_TLS_DANE_REQUIRED},
          Row{sts(StsMode::Enforce, StsFinding::Fault::None), DANELAW_TLS_STS, DANELAW_TLS_SUCCESS},
          Row{sts(StsMode::Testing, StsFinding::Fault::None), DANELAW_TLS_STS, DANELAW_TLS_SUCCESS},
          Row{sts(StsMode::None, StsFinding::Fault::Fetch), DANELAW_TLS_STS,
              DANELAW_TLS_STS_POLICY_FETCH_ERROR},
          Row{sts(StsMode::None, StsFinding::Fault::WebPki), DANELAW_TLS_STS, DANELAW_TLS_STS_WEBPKI_INVALID},
          Row{sts(StsMode::None, StsFinding::Fault::Invalid), DANELAW_TLS_STS,
              DANELAW_TLS_STS_POLICY_INVALID}}) {
      const auto account = account_of(row.finding);
      REQUIRE(account);
      INFO(to_string(row.finding.opinion.says));
      CHECK(account->domain == "example.com");
      CHECK(account->type == row.type);
      CHECK(account->result == row.result);
    }
    CHECK(account_of(finding(DaneSays::Authenticate))->strings == "3 1 1 00ff\n");
    CHECK(account_of(Finding{}) == nullptr);
  }

  TEST_CASE("RFC 8460 section 4.4: a file in the form of a report, and none where nothing was counted") {
    std::string pattern = (fs::temp_directory_path() / "policyd-XXXXXX").string();
    const fs::path directory = mkdtemp(pattern.data());
    EventLoop loop;
    { const DailyReport nothing(loop, {directory.string(), "Org", "a@b"}); }
    CHECK(fs::is_empty(directory));
    {
      DailyReport report(loop, {directory.string(), "Org \"quoted\"", "a@b"});
      report.count(*account_of(finding(DaneSays::Authenticate)));
      report.count(*account_of(finding(DaneSays::Authenticate)));
      report.count(*account_of(finding(DaneSays::Defer, "bogus")));
    }
    REQUIRE(std::distance(fs::directory_iterator(directory), fs::directory_iterator()) == 1);
    std::ifstream file(fs::directory_iterator(directory)->path());
    const auto json = nlohmann::json::parse(file);
    CHECK(json["organization-name"] == "Org \"quoted\"");
    CHECK(json["policies"].size() == 1);
    CHECK(json["policies"][0]["policy"]["policy-type"] == "tlsa");
    CHECK(json["policies"][0]["summary"]["total-successful-session-count"] == 2);
    CHECK(json["policies"][0]["failure-details"][0]["result-type"] == "dnssec-invalid");
    CHECK(json["policies"][0]["failure-details"][0]["failure-reason-code"] == "bogus");
    fs::remove_all(directory);
  }
}
