#include <doctest/doctest.h>

#include "support.hpp"
#include "verify/action.hpp"

using namespace danelaw;
using namespace danelaw::verify;

namespace {

std::string in_words(const Action& action) {
  if (std::holds_alternative<MatchRecords>(action)) return "match";
  if (std::holds_alternative<EncryptOnly>(action)) return "encrypt";
  if (const auto* decides = std::get_if<ApplicationDecides>(&action))
    return "application: " + std::string(to_string(decides->reason));
  const Fail& fail = std::get<Fail>(action);
  return "fail: " + std::string(to_string(reason_of(fail.decision)));
}

Evidence evidence_called(std::string_view name) {
  using namespace tlsa;
  const Record usable = Record::from_text("3 1 1 " + std::string(64, 'a')).value();
  const Record unusable = Record::from_text("3 1 9 aa").value();
  if (name == "usable")
    return outcome_of(RecordSet::from_records(std::vector{usable, unusable}, Usages::All));
  if (name == "unusable") return outcome_of(RecordSet::from_records(std::vector{unusable}, Usages::All));
  if (name == "absent") return TlsaOutcome(SecureAbsent{});
  if (name == "insecure") return TlsaOutcome(Insecure{"unsigned"});
  if (name == "not asked") return NotAsked{NotAsked::Why::AddressLiteral};
  return TlsaOutcome(LookupError{LookupFault::Bogus, "bogus"});
}

}  // namespace

TEST_SUITE("The table of outcomes") {
  TEST_CASE(
      "R6698-4.1a R6698-4.1d R6698-4.1e R6698-4.1f R7672-2.2a: every outcome leads where the table says") {
    struct Row {
      const char* evidence;
      const char* opportunistic;
      const char* smtp;
      const char* mandatory;
    };
    const Row rows[] = {
        {"usable", "match", "match", "match"},
        {"unusable", "application: no-usable-record", "encrypt", "fail: mandatory-without-dane"},
        {"absent", "application: secure-absent", "application: secure-absent",
         "fail: mandatory-without-dane"},
        {"insecure", "application: insecure", "application: insecure", "fail: mandatory-without-dane"},
        {"error", "fail: lookup-failed", "fail: lookup-failed", "fail: lookup-failed"},
        {"not asked", "application: not-asked", "application: not-asked", "fail: mandatory-without-dane"},
    };
    for (const Row& row : rows) {
      INFO(row.evidence);
      const auto got = [&](Mode mode, Profile profile) {
        Plan plan;
        plan.policy.mode = mode;
        plan.policy.profile = profile;
        plan.evidence = evidence_called(row.evidence);
        return in_words(action_for(plan));
      };
      CHECK(got(Mode::Opportunistic, Profile::Generic) == row.opportunistic);
      CHECK(got(Mode::Opportunistic, Profile::Srv) == row.opportunistic);
      CHECK(got(Mode::Opportunistic, Profile::Smtp) == row.smtp);
      CHECK(got(Mode::Mandatory, Profile::Generic) == row.mandatory);
      CHECK(got(Mode::Mandatory, Profile::Smtp) == row.mandatory);
      CHECK(got(Mode::Off, Profile::Generic) == "application: not-asked");
    }
  }

  TEST_CASE("R6698-4.1f: a plan that nobody filled in fails") {
    CHECK(in_words(action_for(Plan{})) == "fail: lookup-failed");
    CHECK(in_words(Action{}) == "fail: none");
  }

  TEST_CASE("A lookup error counts as absence only under the setting whose name says that it is insecure") {
    Plan plan;
    plan.policy.lookup_errors = LookupErrors::InsecureIgnore;
    CHECK(in_words(action_for(plan)) == "application: lookup-failed");
    plan.policy.mode = Mode::Mandatory;
    CHECK(in_words(action_for(plan)) == "fail: mandatory-without-dane");
  }

  TEST_CASE("Words for modes and profiles go both ways") {
    for (const Mode mode : {Mode::Off, Mode::Opportunistic, Mode::Mandatory})
      CHECK(mode_from_text(to_string(mode)) == mode);
    for (const Profile profile : {Profile::Generic, Profile::Smtp, Profile::Srv})
      CHECK(profile_from_text(to_string(profile)) == profile);
    CHECK_FALSE(mode_from_text("on"));
    CHECK_FALSE(profile_from_text(""));
  }
}
