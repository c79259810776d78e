#include <doctest/doctest.h>

#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace {

struct Row {
  std::string_view owner;
  RrType type;
  std::string_view want;
};

void check_rows(std::initializer_list<Row> rows) {
  const World& world = common_world();
  for (const Row& row : rows) {
    INFO(row.owner << " " << static_cast<unsigned>(row.type));
    CHECK(summary(world.verdict(question(row.owner, row.type))) == row.want);
  }
}

}  // namespace

TEST_SUITE("RFC 4035 section 5: a tree of zones, every kind of answer") {
  TEST_CASE("R4035-5.3a: RRsets of secure zones are secure, whatever proves denials there") {
    check_rows({{"www.n1.example", RrType::A, "secure www.n1.example"},
                {"www.n3.example", RrType::A, "secure www.n3.example"},
                {"www.oo.example", RrType::A, "secure www.oo.example"},
                {"_443._tcp.www.n1.example", RrType::Tlsa, "secure _443._tcp.www.n1.example"},
                {"_443._tcp.www.child.n1.example", RrType::Tlsa, "secure _443._tcp.www.child.n1.example"},
                {"_443._tcp.www.child.n3.example", RrType::Tlsa, "secure _443._tcp.www.child.n3.example"},
                {"_443._tcp.www.child.oo.example", RrType::Tlsa, "secure _443._tcp.www.child.oo.example"},
                {"child.oo.example", RrType::Ds, "secure child.oo.example"},
                {"example", RrType::Dnskey, "secure example"},
                {".", RrType::Dnskey, "secure ."},
                {".", RrType::Soa, "secure ."}});
  }

  TEST_CASE("R4035-5.4a: NSEC proves that names and types do not exist") {
    check_rows({{"no.n1.example", RrType::A, "denied name-error no.n1.example"},
                {"a.b.no.n1.example", RrType::A, "denied name-error a.b.no.n1.example"},
                {"zzz.n1.example", RrType::A, "denied name-error zzz.n1.example"},
                {"www.n1.example", RrType::Tlsa, "denied no-data www.n1.example"},
                {"n1.example", RrType::Tlsa, "denied no-data n1.example"},
                {"empty.n1.example", RrType::A, "denied no-data empty.n1.example"},
                {"_tcp.www.n1.example", RrType::A, "denied no-data _tcp.www.n1.example"},
                {"x.wild.n1.example", RrType::Mx, "denied no-data x.wild.n1.example"},
                {"www.n1.example", RrType::Ds, "denied no-data www.n1.example"},
                {"insecure.n1.example", RrType::Ds, "denied no-data insecure.n1.example"},
                {"no.n1.example", RrType::Ds, "denied name-error no.n1.example"},
                {".", RrType::Ds, "denied no-data ."},
                {"no", RrType::A, "denied name-error no"}});
  }

  TEST_CASE("R5155-8a: NSEC3 proves that names and types do not exist") {
    check_rows({{"no.n3.example", RrType::A, "denied name-error no.n3.example"},
                {"a.b.no.n3.example", RrType::A, "denied name-error a.b.no.n3.example"},
                {"www.n3.example", RrType::Tlsa, "denied no-data www.n3.example"},
                {"n3.example", RrType::Tlsa, "denied no-data n3.example"},
                {"empty.n3.example", RrType::A, "denied no-data empty.n3.example"},
                {"x.wild.n3.example", RrType::Mx, "denied no-data x.wild.n3.example"},
                {"insecure.n3.example", RrType::Ds, "denied no-data insecure.n3.example"},
                {"no.n3.example", RrType::Ds, "denied name-error no.n3.example"},
                {"www.oo.example", RrType::Tlsa, "denied no-data www.oo.example"}});
  }

  TEST_CASE("R5155-8a: a denial by a covering record with Opt-Out is insecure") {
    check_rows({{"no.oo.example", RrType::A, "insecure opt-out no.oo.example"},
                {"a.b.no.oo.example", RrType::A, "insecure opt-out no.oo.example"},
                {"x.wild.oo.example", RrType::A, "insecure opt-out x.wild.oo.example"},
                {"no.oo.example", RrType::Ds, "insecure opt-out no.oo.example"}});
  }

  TEST_CASE("R4035-5.3.4a: wildcard answers are secure with the proof that the name itself does not exist") {
    check_rows({{"x.wild.n1.example", RrType::A, "secure x.wild.n1.example"},
                {"x.y.wild.n1.example", RrType::Tlsa, "secure x.y.wild.n1.example"},
                {"*.wild.n1.example", RrType::A, "secure *.wild.n1.example"},
                {"x.wild.n3.example", RrType::A, "secure x.wild.n3.example"},
                {"x.y.wild.n3.example", RrType::Tlsa, "secure x.y.wild.n3.example"},
                {"*.wild.n3.example", RrType::A, "secure *.wild.n3.example"}});
  }

  TEST_CASE("R6672-5.3a: CNAME and DNAME are followed to the end") {
    check_rows({{"alias.n1.example", RrType::A, "secure www.n1.example"},
                {"alias.n1.example", RrType::Cname, "secure alias.n1.example"},
                {"x.walias.n1.example", RrType::A, "secure www.n1.example"},
                {"there.moved.n1.example", RrType::A, "secure there.wild.n1.example"},
                {"x.moved.n1.example", RrType::A, "secure x.wild.n1.example"},
                {"moved.n1.example", RrType::Dname, "secure moved.n1.example"},
                {"away.n1.example", RrType::A, "secure www.n3.example"},
                {"alias.n3.example", RrType::A, "secure www.n3.example"},
                {"x.walias.n3.example", RrType::A, "secure www.n3.example"},
                {"there.moved.n3.example", RrType::A, "secure there.wild.n3.example"},
                {"alias.n1.example", RrType::Mx, "denied no-data www.n1.example"},
                {"x.walias.oo.example", RrType::A, "insecure opt-out x.walias.oo.example"},
                {"out.n1.example", RrType::A, "insecure unsigned-delegation unsigned.example"}});
  }

  TEST_CASE("R6672-5.3a: a verdict names the aliases that were left on the way, in order") {
    const World& world = common_world();
    const Verdict secure = world.verdict(question("alias.n1.example", RrType::A));
    CHECK(std::get<SecureRrset>(secure).aliases == std::vector{name("alias.n1.example")});
    CHECK(std::get<SecureRrset>(secure).rdatas == std::vector<Buffer>{Buffer{192, 0, 2, 2}});
    const Verdict denial = world.verdict(question("x.moved.n3.example", RrType::Mx));
    CHECK(std::get<SecureDenial>(denial).aliases == std::vector{name("x.moved.n3.example")});
    CHECK(std::get<SecureDenial>(denial).owner == name("x.wild.n3.example"));
    const Verdict insecure = world.verdict(question("out.n1.example", RrType::A));
    CHECK(std::get<Insecure>(insecure).aliases == std::vector{name("out.n1.example")});
    CHECK(std::get<Insecure>(insecure).owner == name("www.unsigned.example"));
    const Verdict direct = world.verdict(question("many.n1.example", RrType::A));
    CHECK(std::get<SecureRrset>(direct).aliases.empty());
    CHECK(std::get<SecureRrset>(direct).rdatas.size() == 3);
  }

  TEST_CASE("R6840-4.4a: below a delegation that is proven to have no DS all is insecure") {
    check_rows({{"www.unsigned.example", RrType::A, "insecure unsigned-delegation unsigned.example"},
                {"no.unsigned.example", RrType::A, "insecure unsigned-delegation unsigned.example"},
                {"www.insecure.n1.example", RrType::A, "insecure unsigned-delegation insecure.n1.example"},
                {"insecure.n1.example", RrType::A, "insecure unsigned-delegation insecure.n1.example"},
                {"www.insecure.n3.example", RrType::A, "insecure unsigned-delegation insecure.n3.example"},
                {"www.insecure.oo.example", RrType::A, "insecure opt-out insecure.oo.example"}});
  }

  TEST_CASE("R-alg: DS records of only unknown algorithms or digests make insecure") {
    check_rows({{"www.strange.n1.example", RrType::A, "insecure unsupported-algorithms strange.n1.example"},
                {"www.odd.n1.example", RrType::A, "insecure unsupported-algorithms odd.n1.example"},
                {"www.strange.oo.example", RrType::A, "insecure unsupported-algorithms strange.oo.example"}});
  }
}
