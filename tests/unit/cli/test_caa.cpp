#include <doctest/doctest.h>

#include <algorithm>

#include "caa_set.hpp"
#include "explanation.hpp"

using namespace danelaw::cli;

namespace {

std::string rdata(std::uint8_t flags, const std::string& tag, const std::string& value) {
  std::string octets = {static_cast<char>(flags), static_cast<char>(tag.size())};
  return octets + tag + value;
}

std::optional<CaaRecord> caa_of(const std::string& octets) {
  return caa_of_rdata({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

Explanation explained(const std::string& octets) {
  return explain_caa({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

bool says(const Explanation& explanation, std::string_view text) {
  return std::ranges::any_of(
      explanation.lines, [text](const std::string& line) { return line.find(text) != std::string::npos; });
}

CaaSet set_of(const std::vector<std::string>& rdatas) { return caa_set_of(rdatas); }

using Names = std::vector<std::string>;

}  // namespace

TEST_SUITE("RFC 8659 section 4.1: CAA RDATA") {
  TEST_CASE("R8659-4.1a: flags, tag, value") {
    const auto record = caa_of(rdata(128, "tbs", "Unknown"));
    REQUIRE(record);
    CHECK(*record == CaaRecord{128, "tbs", "Unknown"});
    CHECK(record->is_critical());
    CHECK_FALSE(caa_of(rdata(127, "issue", ""))->is_critical());
    CHECK(caa_of(rdata(0, "ISSUE", ""))->meaning() == CaaTag::Issue);
    CHECK(caa_of(rdata(0, "issues", ""))->meaning() == CaaTag::Unknown);
  }

  TEST_CASE("R8659-4.1a: what is too short, or has a tag of other characters, is malformed") {
    for (const std::string& octets :
         {std::string(), std::string(1, '\0'), rdata(0, "", "x"), std::string("\0\6issue", 7),
          rdata(0, "is-sue", "x"), rdata(0, "is\0ue", "x"), rdata(0, "iss\xC3\xBC", "")}) {
      INFO(octets);
      const bool cut_name = octets.size() == 5;  // "is" and its length, by the null: well-formed
      CHECK(caa_of(octets).has_value() == cut_name);
      CHECK(explained(octets).object.contains("problem") == !cut_name);
    }
  }
}

TEST_SUITE("RFC 8659 section 4.2: issue-value") {
  TEST_CASE("R8659-4.2a: what matches the grammar") {
    struct Row {
      const char* value;
      CaaIssue want;
    };
    const std::vector<Row> rows = {
        {"ca1.example.net", {"ca1.example.net", {}}},
        {"ca1.example.net; account=230123", {"ca1.example.net", {{"account", "230123"}}}},
        {";", {"", {}}},
        {"", {"", {}}},
        {" \t ; ", {"", {}}},
        {" a ;b = c ; d=", {"a", {{"b", "c"}, {"d", ""}}}},
        {"; a=1", {"", {{"a", "1"}}}},
        {"a--b.c; x--y==", {"a--b.c", {{"x--y", "="}}}},
        {"example.net; accounturi=https://example.net/account/1234; validationmethods=dns-01",
         {"example.net",
          {{"accounturi", "https://example.net/account/1234"}, {"validationmethods", "dns-01"}}}}};
    for (const Row& row : rows) {
      INFO(row.value);
      const auto issue = issue_of(row.value);
      REQUIRE(issue);
      CHECK(*issue == row.want);
      CHECK(issue_of(to_value(*issue)) == issue);
    }
  }

  TEST_CASE("R8659-4.2b: what does not match names nobody") {
    for (const char* const value :
         {"%%%%%", "a b", "a.", ".a", "a..b", "-a", "a-", "a_b", "a;b", "a;b=c;", "a;;", "a;b=c d=e", "a;=c",
          "a;-b=c", "a;b=\xC3\xBC", "a;b=c\x7F", "a;b=c\n"}) {
      INFO(value);
      CHECK_FALSE(issue_of(value));
      CHECK(set_of({rdata(0, "issue", value)}).names == CaaAllowance{true, {}});
      CHECK(says(explained(rdata(0, "issue", value)), "nobody may issue"));
    }
  }
}

TEST_SUITE("RFC 8659 section 4: what a set allows") {
  TEST_CASE("R8659-4.3a: issue is for wildcards where there is no issuewild") {
    const CaaSet both = set_of({rdata(0, "issue", "ca1.example.net"), rdata(0, "issue", "ca2.example.org")});
    CHECK(both.names == CaaAllowance{true, {"ca1.example.net", "ca2.example.org"}});
    CHECK(both.wildcards == both.names);
    CHECK_FALSE(both.mail.is_restricted);
    const CaaSet wild = set_of({rdata(0, "issue", ";"), rdata(0, "issuewild", "ca2.example.org")});
    CHECK(wild.names == CaaAllowance{true, {}});
    CHECK(wild.wildcards == CaaAllowance{true, {"ca2.example.org"}});
    const CaaSet only_wild = set_of({rdata(0, "issuewild", ";")});
    CHECK_FALSE(only_wild.names.is_restricted);
    CHECK(to_text(only_wild.names) == "anybody");
    CHECK(to_text(only_wild.wildcards) == "nobody");
  }

  TEST_CASE("R8659-4.1b: a critical tag forbids where it is not known, and only then") {
    CHECK(set_of({rdata(128, "tbs", "Unknown"), rdata(0, "other", "")}).critical == Names{"tbs"});
    CHECK(set_of({rdata(128, "issue", ";")}).critical.empty());
    CHECK(says(explained(rdata(128, "tbs", "Unknown")), "no CA may issue"));
    CHECK(says(explained(rdata(0, "tbs", "Unknown")), "ignore it"));
    CHECK(says(explained(rdata(1, "issue", ";")), "reserved bits"));
  }

  TEST_CASE("R9495-3a: issuemail is for S/MIME alone") {
    const CaaSet set =
        set_of({rdata(0, "issuemail", "authority.example; account=123456"), rdata(0, "issue", ";")});
    CHECK(set.mail == CaaAllowance{true, {"authority.example"}});
    CHECK(set.names == CaaAllowance{true, {}});
    CHECK(set_of({rdata(0, "issuemail", ";")}).names == CaaAllowance{});
  }

  TEST_CASE("each property is explained") {
    CHECK(says(explained(rdata(0, "iodef", "mailto:security@example.com")), "mailto:security@example.com"));
    CHECK(says(explained(rdata(0, "iodef", "ftp://example.com")), "nobody sends them"));
    CHECK(says(explained(rdata(0, "contactemail", "a@example.com")), "by mail to a@example.com"));
    CHECK(says(explained(rdata(0, "contactphone", "+1 555")), "by a call to +1 555"));
    CHECK(says(explained(rdata(0, "issuevmc", "ca.example")), "ca.example may issue verified mark"));
    CHECK(says(explained(rdata(0, "policy", "x")), "reserved"));
  }

  TEST_CASE("malformed records are counted") { CHECK(set_of({"", rdata(0, "issue", ";")}).malformed == 1); }
}

TEST_SUITE("RFC 8657: parameters") {
  TEST_CASE("R8657-4a: validationmethods is a list of names") {
    CHECK(validation_methods_of("dns-01") == Names{"dns-01"});
    CHECK(validation_methods_of("dns-01,xyz-01,ca-foo") == Names{"dns-01", "xyz-01", "ca-foo"});
    CHECK(validation_methods_of("") == Names{});
    for (const char* const value : {",", "dns-01,", ",dns-01", "a,,b", "a b", "a_b"}) {
      INFO(value);
      CHECK_FALSE(validation_methods_of(value));
    }
  }

  TEST_CASE("R8657-3a: both are explained; accounturi twice is never") {
    const auto record = explained(
        rdata(0, "issue",
              "example.net; accounturi=https://example.net/account/1234; validationmethods=dns-01,http-01"));
    CHECK(says(record, "only for the account https://example.net/account/1234"));
    CHECK(says(record, "only after validation by dns-01, http-01"));
    CHECK_FALSE(says(record, "more than once"));
    CHECK(says(explained(rdata(0, "issue", "a; accounturi=b; accounturi=b")), "accounturi more than once"));
    CHECK(says(explained(rdata(0, "issue", "a; validationmethods=b; validationmethods=c")), "leaves open"));
    CHECK(says(explained(rdata(0, "issue", "a; validationmethods=,")), "malformed"));
    CHECK(says(explained(rdata(0, "issue", "a; validationmethods=")), "no method at all"));
  }
}

TEST_SUITE("RFC 8659 section 3: tree climbing") {
  TEST_CASE("R8659-3a: one label at a time, and not to the root") {
    CHECK(parent_of("a.b.example") == "b.example");
    CHECK(parent_of("example") == "");
    CHECK(parent_of("example.") == "");
    CHECK(parent_of(".") == "");
    CHECK(parent_of("") == "");
    CHECK(parent_of("a\\.b.example") == "example");
    CHECK(parent_of("a\\046b.example") == "example");
    CHECK(parent_of("a\\\\.example") == "example");
    CHECK(parent_of("a\\") == "");
  }
}
