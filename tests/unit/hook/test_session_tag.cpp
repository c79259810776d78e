#include <doctest/doctest.h>

#include "hook/session_tag.hpp"
#include "support.hpp"

using namespace hook_test;
using danelaw::Buffer;
using danelaw::hook::binding_of;
using danelaw::hook::SessionTag;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::verify::Plan;
using Kind = danelaw::hook::SessionTag::Kind;

namespace {

SharedPlan base_plan() {
  return plan_with(records_for(peers().leaf), {}, www, [](Plan& plan) { plan.expires = 5000; });
}

struct Change {
  const char* what;
  void (*make)(Plan&);
};
const Change changes[] = {
    {"host", [](Plan& p) { p.service.host = "ww.example"; }},
    {"port", [](Plan& p) { p.service.port = 444; }},
    {"transport", [](Plan& p) { p.service.transport = danelaw::tlsa::Transport::Udp; }},
    {"mode", [](Plan& p) { p.policy.mode = danelaw::verify::Mode::Mandatory; }},
    {"profile", [](Plan& p) { p.policy.profile = danelaw::verify::Profile::Srv; }},
    {"DANE-EE names", [](Plan& p) { p.policy.dane_ee_names = danelaw::verify::DaneEeNames::Skip; }},
    {"lookup errors",
     [](Plan& p) { p.policy.lookup_errors = danelaw::verify::LookupErrors::InsecureIgnore; }},
    {"outcome", [](Plan& p) { p.evidence = TlsaOutcome(SecureAbsent{}); }},
    {"records", [](Plan& p) { p.evidence = records_for(peers().renewed); }},
    {"base domain", [](Plan& p) { p.base_domain = "alias.example"; }},
    {"names", [](Plan& p) { p.reference_identifiers.push_back("alias.example"); }},
    {"names, split otherwise",
     [](Plan& p) {
       p.reference_identifiers = {"www.exa", "mple"};
     }},
};

}  // namespace

TEST_SUITE("decision 0006: the tag on a session") {
  TEST_CASE("decision 0006: what is written is read again") {
    for (const Kind kind : {Kind::Unresumable, Kind::Authenticated, Kind::NotApplicable}) {
      const SessionTag tag = SessionTag::for_plan(kind, *base_plan());
      const auto read = SessionTag::parse(tag.serialize());
      REQUIRE(read.has_value());
      CHECK(read->kind() == kind);
      CHECK(read->serialize() == tag.serialize());
      CHECK(read->allows(*base_plan(), 4999) == (kind != Kind::Unresumable));
    }
  }

  TEST_CASE("decision 0006: a tag allows nothing but its own plan") {
    const SessionTag tag = SessionTag::for_plan(Kind::Authenticated, *base_plan());
    for (const Change& change : changes) {
      INFO(change.what);
      Plan other = *base_plan();
      change.make(other);
      CHECK_FALSE(tag.allows(other, 1));
      CHECK(binding_of(other) != binding_of(*base_plan()));
    }
  }

  TEST_CASE("decision 0006: where much decides its digest is bound, and allows as much") {
    constexpr std::size_t longest_in_full = 512;
    Plan empty = *base_plan();
    empty.reference_identifiers = {"www.example", ""};
    Plan plan = empty;
    plan.reference_identifiers.back().assign(longest_in_full - binding_of(empty).size(), 'a');
    CHECK(binding_of(plan).size() == longest_in_full);
    const SessionTag in_full = SessionTag::for_plan(Kind::Authenticated, plan);
    Plan longer = plan;
    longer.reference_identifiers.back() += 'a';
    CHECK(binding_of(longer).size() == 33);  // the form and SHA2-256
    const SessionTag digest = SessionTag::for_plan(Kind::Authenticated, longer);
    CHECK(in_full.allows(plan, 1));
    CHECK(digest.allows(longer, 1));
    CHECK_FALSE(in_full.allows(longer, 1));
    CHECK_FALSE(digest.allows(plan, 1));
    for (const Change& change : changes) {
      INFO(change.what);
      Plan other = longer;
      change.make(other);
      CHECK_FALSE(digest.allows(other, 1));
    }
    CHECK(SessionTag::parse(digest.serialize())->allows(longer, 1));
  }

  TEST_CASE("decision 0006: a tag that an older version wrote allows nothing") {
    Buffer octets = SessionTag::for_plan(Kind::Authenticated, *base_plan()).serialize();
    CHECK(octets.at(7) == 3);
    octets[7] = 2;
    const auto tag = SessionTag::parse(octets);
    REQUIRE(tag.has_value());
    CHECK_FALSE(tag->allows(*base_plan(), 1));
  }

  TEST_CASE("decision 0006: a tag allows nothing once it or the present plan has expired") {
    const SessionTag tag = SessionTag::for_plan(Kind::Authenticated, *base_plan());
    Plan later = *base_plan();
    later.expires = 9000;
    CHECK(tag.allows(later, 4999));
    CHECK_FALSE(tag.allows(later, 5000));
    Plan sooner = *base_plan();
    sooner.expires = 4000;
    CHECK(tag.allows(sooner, 3999));
    CHECK_FALSE(tag.allows(sooner, 4000));
  }

  TEST_CASE("decision 0006: octets that are not exactly a tag allow nothing") {
    const SessionTag tag = SessionTag::for_plan(Kind::Authenticated, *base_plan());
    const Buffer octets = tag.serialize();
    for (std::size_t length = 0; length < octets.size(); ++length) {
      INFO(length);
      const auto cut = SessionTag::parse(danelaw::Bytes(octets).first(length));
      CHECK_FALSE((cut && cut->allows(*base_plan(), 1)));
    }
    Buffer longer = octets;
    longer.push_back(0);
    REQUIRE(SessionTag::parse(longer).has_value());
    CHECK(SessionTag::parse(longer)->kind() == Kind::Unresumable);
    for (std::size_t at = 0; at + sizeof(EpochSeconds) < octets.size(); ++at) {
      INFO(at);
      Buffer altered = octets;
      altered[at] ^= 0x40;
      const auto read = SessionTag::parse(altered);
      CHECK_FALSE((read && read->allows(*base_plan(), 1)));
    }
    CHECK_FALSE(SessionTag::parse(danelaw::as_bytes("the application's own data")).has_value());
  }
}
