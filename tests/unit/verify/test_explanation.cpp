#include <doctest/doctest.h>

#include "support.hpp"
#include "verify/explanation.hpp"

using namespace danelaw;
using namespace danelaw::verify;
using pki::record_for;
using support::judge;
using support::plan_with;
using support::plan_with_outcome;
using support::tree;

TEST_SUITE("Explanations") {
  TEST_CASE("Every record of the set has an entry, in the set's order, and the one that decided is marked") {
    const auto right = record_for(3, 1, 1, tree().leaf.certificate.get());
    const auto wrong = tlsa::Record::from_text("3 1 1 " + std::string(64, '0')).value();
    const auto unknown = tlsa::Record::from_text("3 1 9 00").value();
    const Explanation made = explain(judge({&tree().leaf}, plan_with({wrong, unknown, right})));
    REQUIRE(made.records.size() == 3);
    CHECK(made.records[0].record == wrong.to_text());
    CHECK(made.records[0].matched_depth == -1);
    CHECK_FALSE(made.records[0].decided);
    CHECK(made.records[1].standing == tlsa::Standing::UnknownMatchingType);
    CHECK(made.records[2].decided);
    CHECK(made.records[2].matched_depth == 0);
    CHECK(made.hint.empty());
  }

  TEST_CASE("A record that does not match is set beside what the peer had instead") {
    const auto wrong = tlsa::Record::from_text("3 1 1 " + std::string(64, '0')).value();
    const Explanation made = explain(judge({&tree().leaf}, plan_with({wrong})));
    const std::string had = record_for(3, 1, 1, tree().leaf.certificate.get()).to_text();
    CHECK(made.records[0].text.find(had) != std::string::npos);
    CHECK_FALSE(made.hint.empty());
  }

  TEST_CASE(
      "A matching record on a path that fails, or beside it, shows its depth and is not the one that "
      "decided") {
    const auto anchor = record_for(2, 0, 1, tree().intermediate.certificate.get());
    const auto names =
        judge({&tree().leaf, &tree().intermediate}, plan_with({anchor}, {}, {"other.example"}));
    CHECK(explain(names).records[0].matched_depth == 1);
    CHECK_FALSE(explain(names).records[0].decided);
    const auto beside = judge({&tree().strangers_leaf, &tree().intermediate}, plan_with({anchor}));
    CHECK(explain(beside).records[0].matched_depth == 1);
  }

  TEST_CASE("R6698-4.1f: the hint about a failed lookup says what was done with it") {
    const Policy lax{.lookup_errors = LookupErrors::InsecureIgnore};
    const tlsa::TlsaOutcome failed = tlsa::LookupError{tlsa::LookupFault::Timeout, "no reply"};
    constexpr auto refuses = "is never taken for";
    constexpr auto ignores = "insecure_ignore_lookup_errors takes";
    const std::string strict = explain(judge({&tree().leaf}, plan_with_outcome(failed, {}))).hint;
    CHECK(strict.find(refuses) != std::string::npos);
    CHECK(strict.find(ignores) == std::string::npos);
    const std::string lenient = explain(judge({&tree().leaf}, plan_with_outcome(failed, lax))).hint;
    CHECK(lenient.find(refuses) == std::string::npos);
    CHECK(lenient.find(ignores) != std::string::npos);
  }

  TEST_CASE("A verdict that nobody reached can be explained") {
    const Explanation made = explain(Verdict{});
    CHECK(made.records.empty());
    CHECK(made.summary.find("undecided") != std::string::npos);
  }

  TEST_CASE("A connection is summed up by its service, a chain from a file by its names") {
    const auto right = record_for(3, 1, 1, tree().leaf.certificate.get());
    const Verdict verdict = judge({&tree().leaf}, plan_with({right}, {}, {"www.example", "other.example"}));
    CHECK(explain(verdict).summary.starts_with("www.example:443/tcp: "));
    CHECK(explain(verdict, Subject::Names).summary.starts_with("www.example, other.example: "));
    CHECK_FALSE(explain(Verdict{}, Subject::Names).summary.empty());
  }

  TEST_CASE("Huge records and hostile subjects give lines of bounded length") {
    const std::string megabyte(60000, 'a');
    const auto full = tlsa::Record::from_text("3 1 0 " + megabyte).value();
    const pki::Identity hostile =
        pki::issue({.common_name = "line\nbreak \x1b[31m", .dns_names = {"www.example"}});
    const auto wrong = tlsa::Record::from_text("3 0 2 " + std::string(128, '0')).value();
    const Explanation made = explain(judge({&hostile}, plan_with({full, wrong})));
    CHECK(made.chain.find('\n') == std::string::npos);
    CHECK(made.chain.find('\x1b') == std::string::npos);
    CHECK(made.records[1].text.size() < 1000);
  }
}
