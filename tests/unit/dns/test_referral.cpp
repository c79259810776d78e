#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dns/referral.hpp"
#include "dns/reply.hpp"
#include "message_maker.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

Buffer mx(std::uint16_t preference, std::string_view exchange) {
  Buffer rdata;
  put_u16(rdata, preference);
  put(rdata, name_rdata(exchange));
  return rdata;
}

Buffer srv(std::uint16_t port, std::string_view target) {
  Buffer rdata;
  for (const std::uint16_t number : {std::uint16_t{1}, std::uint16_t{2}, port}) put_u16(rdata, number);
  put(rdata, name_rdata(target));
  return rdata;
}

/// What an unsigned reply with these records says; null where that is nothing.
SharedReferral referral(RrType type, const std::vector<Rr>& answer, std::uint16_t flags = 0x8180) {
  const Question question{name("domain.example"), type};
  const Answer judged =
      judge_reply(question, ValidationStatus::Insecure, wire({question, answer, {}, flags}), the_time);
  return std::get<InsecureAnswer>(judged).referral;
}

}  // namespace

TEST_SUITE("RFC 1035 section 3.3.9 and RFC 2782: records that send a client on") {
  TEST_CASE("A record is read whole or not at all") {
    CHECK(mx_from_rdata(mx(10, "MX.example")).value() == MxRecord{10, name("mx.example")});
    CHECK(srv_from_rdata(srv(993, "imap.example")).value() == SrvRecord{1, 2, 993, name("imap.example")});
    CHECK(mx_from_rdata(mx(0, "."))->exchange.is_root());
    for (Buffer rdata : {mx(10, "mx.example"), srv(993, "imap.example")}) {
      const bool is_mx = rdata.size() == 2 + 12;
      const auto reads = [is_mx](Bytes octets) {
        return is_mx ? mx_from_rdata(octets).ok() : srv_from_rdata(octets).ok();
      };
      CHECK(reads(rdata));
      for (std::size_t octets = 0; octets < rdata.size(); ++octets)
        CHECK_FALSE(reads(Bytes(rdata).first(octets)));
      rdata.push_back(0);
      CHECK_FALSE(reads(rdata));
    }
  }
}

TEST_SUITE("RFC 7672 section 2.2.1: what unsigned answers may say") {
  TEST_CASE("R7672-2.2.1a: MX and SRV name hosts") {
    const auto found = referral(RrType::Mx, {Rr{"domain.example", RrType::Mx, mx(10, "mx.example")}});
    REQUIRE(found);
    CHECK(found->owner == name("domain.example"));
    CHECK(found->rdatas == std::vector<Buffer>{mx(10, "mx.example")});
    CHECK(found->name_exists);
    CHECK(
        referral(RrType::Srv, {Rr{"domain.example", RrType::Srv, srv(993, "imap.example")}})->rdatas.size() ==
        1);
  }

  TEST_CASE("R6698-4.1a: nothing else does, least of all TLSA") {
    CHECK(referral(RrType::Tlsa, {tlsa_rr("domain.example")}) == nullptr);
    CHECK(referral(RrType::A, {Rr{"domain.example", RrType::A, Buffer{192, 0, 2, 1}}}) == nullptr);
    CHECK(referral(RrType::Txt, {Rr{"domain.example", RrType::Txt, Buffer{1, 'a'}}}) == nullptr);
  }

  TEST_CASE("Records come from the end of the aliases, and from nowhere else") {
    const auto found = referral(RrType::Mx, {cname("domain.example", "other.example"),
                                             Rr{"other.example", RrType::Mx, mx(10, "mx.example")},
                                             Rr{"stray.example", RrType::Mx, mx(1, "evil.example")}});
    REQUIRE(found);
    CHECK(found->owner == name("other.example"));
    CHECK(found->rdatas.size() == 1);
    CHECK(referral(RrType::Mx,
                   {cname("domain.example", "a.example"), cname("domain.example", "b.example")}) == nullptr);
  }

  TEST_CASE("A denial says whether there is such a name") {
    CHECK(referral(RrType::Mx, {})->name_exists);
    CHECK(referral(RrType::Mx, {})->rdatas.empty());
    CHECK_FALSE(referral(RrType::Mx, {}, 0x8183)->name_exists);
  }
}
