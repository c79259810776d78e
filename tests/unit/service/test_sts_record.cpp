#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "service/sts_record.hpp"

using namespace danelaw;
using namespace danelaw::service;

namespace {

/// TXT RDATA of these strings.
Buffer txt(const std::vector<std::string>& strings) {
  Buffer rdata;
  for (const std::string& text : strings) {
    rdata.push_back(static_cast<std::uint8_t>(text.size()));
    rdata.insert(rdata.end(), text.begin(), text.end());
  }
  return rdata;
}

DnsName owner() { return DnsName::from_text("_mta-sts.example.com").value(); }

StsRecord unsigned_record(std::vector<Buffer> rdatas) {
  dns::InsecureAnswer answer{"unsigned", 100};
  answer.referral =
      std::make_shared<const dns::UnsignedReferral>(dns::UnsignedReferral{owner(), std::move(rdatas), true});
  return sts_record(answer);
}

}  // namespace

TEST_SUITE("RFC 8461 section 3.1: the record that announces a policy") {
  TEST_CASE("An id is read, with or without what may be around it") {
    for (const std::string text :
         {"v=STSv1; id=20160831085700Z;", "v=STSv1;id=20160831085700Z", "v=STSv1 ; id=20160831085700Z ; ",
          "v=STSv1; x-1._=!a; id=20160831085700Z;", "v=STSv1; id=20160831085700Z; id=2; b=c"}) {
      INFO(text);
      CHECK(sts_id(text) == "20160831085700Z");
    }
  }

  TEST_CASE("What breaks the form has none") {
    for (const std::string text :
         {"", "v=STSv1", "v=STSv1;", "v=STSv2; id=1;", "V=STSv1; id=1;", " v=STSv1; id=1;", "v=STSv1 id=1;",
          "v=STSv1; id=;", "v=STSv1; id=a-b;", "v=STSv1; id=1; novalue;", "v=STSv1;; id=1;",
          "v=STSv1; id=1;;", "v=STSv1; ID=1;", "v=STSv1; id=1; a=b=c;", "v=STSv1; id=1; =c;",
          "v=STSv1; id=123456789012345678901234567890123;"}) {
      INFO(text);
      CHECK(sts_id(text).empty());
    }
  }

  TEST_CASE("Strings of a record are joined; records that do not begin with the version do not count") {
    CHECK(unsigned_record({txt({"v=STS", "v1; id=", "7;"}), txt({"something else"}), txt({"v=STSv1"})}).id ==
          "7");
    CHECK(unsigned_record({txt({"v=STSv10; id=1;"})}).code == "absent");
    CHECK(unsigned_record({{5, 'v'}}).code == "absent");  // no TXT RDATA
  }

  TEST_CASE("Of those that do there must be one") {
    const Buffer one = txt({"v=STSv1; id=1;"});
    CHECK(unsigned_record({}).code == "absent");
    CHECK(unsigned_record({one, one}).code == "several");
    CHECK(unsigned_record({txt({"v=STSv1; id=/;"})}).code == "malformed");
    CHECK(unsigned_record({one, txt({"v=STSv1; garbage"})}).code == "several");
    CHECK(unsigned_record({one}).code.empty());
    CHECK(unsigned_record({one}).expires == 100);
  }

  TEST_CASE("Signed and unsigned records count alike, and failures are no absence") {
    CHECK(sts_record(dns::SecureRrset{owner(), {txt({"v=STSv1; id=1;"})}, 60, 50}).id == "1");
    CHECK(sts_record(dns::SecureDenial{owner(), false, 50}).code == "absent");
    CHECK(sts_record(dns::FailedAnswer{tlsa::LookupFault::Bogus, "bogus"}).code == "bogus");
    CHECK(sts_record(dns::FailedAnswer{tlsa::LookupFault::Bogus, "bogus"}).expires == 0);
    CHECK(sts_record(dns::InsecureAnswer{"unsigned", 9}).code == "insecure");
    CHECK(StsRecord{}.id.empty());
  }

  TEST_CASE("It stands at _mta-sts in front of the domain") {
    CHECK(sts_owner(DnsName::from_text("example.com").value()).value() == owner());
    CHECK(dns::is_referral({owner(), RrType::Txt}));
    CHECK_FALSE(dns::is_referral({DnsName::from_text("example.com").value(), RrType::Txt}));
    CHECK_FALSE(dns::is_referral({DnsName::from_text("_mta-stsx.example.com").value(), RrType::Txt}));
    CHECK_FALSE(dns::is_referral({owner(), RrType::Tlsa}));
    CHECK_FALSE(dns::is_referral({owner(), RrType::A}));
    std::string longest;
    for (int i = 0; i < 4; ++i) longest += std::string(60, 'a') + ".";
    CHECK_FALSE(sts_owner(DnsName::from_text(longest + "abcdefgh").value()));
  }
}
