#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scripted_resolver.hpp"
#include "service/smtp.hpp"

using namespace danelaw;
using script::denied;
using script::failed;
using script::insecure;
using script::mx;
using script::record;
using script::secure;
using script::unsigned_says;
using service::InsecureMx;
using service::Requirement;
using service::RouteState;
using service::Standing;
using verify::Mode;
using Names = std::vector<std::string>;

namespace {

struct Asked {
  Mode mode = Mode::Opportunistic;
  InsecureMx insecure_mx = InsecureMx::May;
  std::vector<DnsName> never_asked = {};
};

class World final {
 public:
  std::shared_ptr<script::Resolver> dns = std::make_shared<script::Resolver>();

  World() {
    dns->host("mx.example", {record(3)});
    dns->host("other.example", {record(2)});
    dns->host("plain.example", {});
    dns->host("pkix.example", {record(0), record(1)});
    dns->host("broken.example", {});
    dns->say("_25._tcp.broken.example", RrType::Tlsa, failed());
  }

  std::shared_ptr<const service::Route> route(std::string_view next_hop, const Asked& asked = {}) {
    service::SmtpQuestion question;
    question.next_hop = service::parse_next_hop(next_hop, 25).value();
    question.policy.mode = asked.mode;
    question.insecure_mx = asked.insecure_mx;
    question.never_asked = asked.never_asked;
    question.random = script::never_moves;
    return script::route(dns, service::smtp_itinerary(std::move(question)), asked.never_asked);
  }

  /// The route to a domain whose MX answer is this.
  std::shared_ptr<const service::Route> route_by(dns::Answer answer, const Asked& asked = {}) {
    dns->say("domain.example", RrType::Mx, std::move(answer));
    return route("domain.example", asked);
  }
};

Names hosts(const service::Route& route) {
  Names names;
  for (const auto& host : route.hosts) names.push_back(host.name);
  return names;
}

Names requirements(const service::Route& route) {
  Names words;
  for (const auto& host : route.hosts) words.emplace_back(to_string(host.requirement));
  return words;
}

Names codes(const service::Route& route) {
  Names words;
  for (const auto& host : route.hosts) words.push_back(host.code);
  return words;
}

}  // namespace

TEST_SUITE("RFC 7672 section 2.1: what failed lookups mean") {
  TEST_CASE("R7672-2.1a: a failed MX lookup defers the domain") {
    using tlsa::LookupFault;
    for (const LookupFault fault : {LookupFault::Bogus, LookupFault::ServerFailure, LookupFault::Timeout,
                                    LookupFault::OtherRcode, LookupFault::NoTrustAnchor}) {
      World world;
      for (const Mode mode : {Mode::Off, Mode::Opportunistic, Mode::Mandatory}) {
        const auto route = world.route_by(failed(fault), {mode});
        CHECK(route->state == RouteState::Defer);
        CHECK(route->code == to_string(fault));
        CHECK(route->hosts.empty());
      }
    }
  }

  TEST_CASE("R7672-2.1a: a failed lookup about one host keeps only that one from being used") {
    World world;
    const auto route = world.route_by(
        secure("domain.example", {mx(10, "broken.example"), mx(20, "mx.example"), mx(30, "plain.example")}));
    CHECK(route->state == RouteState::Usable);
    CHECK(hosts(*route) == Names{"broken.example", "mx.example", "plain.example"});
    CHECK(requirements(*route) == Names{"do-not-use", "authenticate", "opportunistic"});
    CHECK(codes(*route) == Names{"bogus", "secure-usable", "secure-absent"});
  }

  TEST_CASE("R7672-2.1a: a failed address lookup, too, although there is a TLSA record") {
    World world;
    world.dns->say("mx.example", RrType::A, failed());
    world.dns->say("mx.example", RrType::Aaaa, failed());
    const auto route = world.route_by(secure("domain.example", {mx(10, "mx.example")}));
    CHECK(requirements(*route) == Names{"do-not-use"});
    CHECK(route->state == RouteState::Defer);
    CHECK(route->code == "no-usable-host");
  }

  TEST_CASE("R7672-2.1a: what has not come by the deadline has failed, and what has come counts") {
    World world;
    world.dns->patience = std::chrono::milliseconds(50);
    world.dns->hanging.insert({"_25._tcp.mx.example", RrType::Tlsa});
    const auto route =
        world.route_by(secure("domain.example", {mx(10, "mx.example"), mx(20, "other.example")}));
    CHECK(requirements(*route) == Names{"do-not-use", "authenticate"});
    CHECK(codes(*route) == Names{"timeout", "secure-usable"});

    world.dns->hanging.insert({"domain.example", RrType::Mx});
    const auto nothing = world.route("domain.example");
    CHECK(nothing->state == RouteState::Defer);
    CHECK(nothing->code == "timeout");
  }
}

TEST_SUITE("RFC 7672 section 2.2: the four outcomes") {
  TEST_CASE("R7672-2.2a, R7672-3.1a: what each asks for, usages 0 and 1 being unusable") {
    World world;
    const auto route =
        world.route_by(secure("domain.example", {mx(1, "mx.example"), mx(2, "other.example"),
                                                 mx(3, "pkix.example"), mx(4, "plain.example")}));
    CHECK(requirements(*route) == Names{"authenticate", "authenticate", "encrypt", "opportunistic"});
    CHECK(codes(*route) == Names{"secure-usable", "secure-usable", "secure-unusable", "secure-absent"});
  }

  TEST_CASE("R7672-2.2a: mandatory mode leaves the hosts alone that DANE authenticates") {
    World world;
    const auto route = world.route_by(
        secure("domain.example",
               {mx(1, "mx.example"), mx(3, "pkix.example"), mx(4, "plain.example"), mx(5, "broken.example")}),
        {Mode::Mandatory});
    CHECK(requirements(*route) == Names{"authenticate", "do-not-use", "do-not-use", "do-not-use"});
    CHECK(codes(*route) ==
          Names{"secure-usable", "mandatory-without-dane", "mandatory-without-dane", "bogus"});
  }

  TEST_CASE("R7672-2.2a: with DANE switched off every host is opportunistic, as long as it can be named") {
    World world;
    const auto route =
        world.route_by(secure("domain.example", {mx(1, "mx.example"), mx(2, "broken.example")}), {Mode::Off});
    CHECK(requirements(*route) == Names{"opportunistic", "opportunistic"});
  }
}

TEST_SUITE("RFC 7672 section 2.2.1: MX resolution") {
  TEST_CASE("R7672-2.2.1a: the hosts of insecure MX records are without DANE by default") {
    World world;
    const auto route =
        world.route_by(unsigned_says("domain.example", {mx(10, "mx.example"), mx(20, "broken.example")}));
    CHECK(route->state == RouteState::Usable);
    CHECK(route->standing == Standing::Insecure);
    CHECK(requirements(*route) == Names{"opportunistic", "opportunistic"});
    CHECK(codes(*route) == Names{"mx-insecure", "mx-insecure"});
    CHECK(world.dns->asked.size() == 1);
  }

  TEST_CASE("R7672-2.2.1a: dane and encrypt want what the hosts' own TLSA records say") {
    const auto answer = unsigned_says("domain.example", {mx(1, "mx.example"), mx(2, "pkix.example"),
                                                         mx(3, "plain.example"), mx(4, "broken.example")});
    World world;
    const auto dane = world.route_by(answer, {Mode::Opportunistic, InsecureMx::Dane});
    CHECK(requirements(*dane) == Names{"authenticate", "encrypt", "opportunistic", "do-not-use"});
    const auto encrypt = world.route_by(answer, {Mode::Opportunistic, InsecureMx::Encrypt});
    CHECK(requirements(*encrypt) == Names{"encrypt", "encrypt", "opportunistic", "do-not-use"});
  }

  TEST_CASE("R7672-2.2.1a: a host of insecure MX records never speaks for the domain") {
    World world;
    const auto answer = unsigned_says("domain.example", {mx(1, "other.example")});
    for (const InsecureMx choice : {InsecureMx::May, InsecureMx::Encrypt, InsecureMx::Dane}) {
      const auto route = world.route_by(answer, {Mode::Opportunistic, choice});
      CHECK_FALSE(route->hosts[0].speaks_for_domain);
      CHECK(route->hosts[0].plan->reference_identifiers == Names{"other.example"});
    }
    CHECK(world.route_by(secure("domain.example", {mx(1, "other.example")}))->hosts[0].speaks_for_domain);
  }

  TEST_CASE("R7672-2.2.1a: mandatory mode defers a domain with insecure MX records, whatever is set") {
    World world;
    for (const InsecureMx choice : {InsecureMx::May, InsecureMx::Encrypt, InsecureMx::Dane}) {
      const auto route =
          world.route_by(unsigned_says("domain.example", {mx(10, "mx.example")}), {Mode::Mandatory, choice});
      CHECK(route->state == RouteState::Defer);
      CHECK(codes(*route) == Names{"mandatory-without-dane"});
    }
  }

  TEST_CASE("R7672-2.2.1a: an unsigned answer of which nothing is known defers") {
    World world;
    const auto route = world.route_by(insecure());
    CHECK(route->state == RouteState::Defer);
    CHECK(route->code == "insecure");
  }

  TEST_CASE("R7672-2.2.1a: preference decides the order, security never") {
    World world;
    const auto route = world.route_by(
        secure("domain.example", {mx(30, "mx.example"), mx(5, "plain.example"), mx(20, "pkix.example")}));
    CHECK(hosts(*route) == Names{"plain.example", "pkix.example", "mx.example"});
  }

  TEST_CASE("R7672-2.2.1b: an alias at the host is followed, and SNI is where the records are") {
    World world;
    world.dns->host("real.example", {record(2)});
    world.dns->say("alias.example", RrType::A, secure("real.example", {Buffer{192, 0, 2, 1}}));
    world.dns->say("alias.example", RrType::Aaaa, denied("real.example"));
    world.dns->say("_25._tcp.alias.example", RrType::Tlsa, denied("_25._tcp.alias.example", false));
    const auto route = world.route_by(secure("domain.example", {mx(10, "alias.example")}));
    REQUIRE(requirements(*route) == Names{"authenticate"});
    CHECK(route->hosts[0].name == "alias.example");
    CHECK(route->hosts[0].plan->base_domain == "real.example");
    CHECK(route->hosts[0].plan->reference_identifiers == Names{"real.example", "domain.example"});
  }

  TEST_CASE("R7672-2.2.1b: null MX means no delivery, for good") {
    for (const auto& answer :
         {secure("domain.example", {mx(0, ".")}), unsigned_says("domain.example", {mx(0, ".")})}) {
      World world;
      const auto route = world.route_by(answer);
      CHECK(route->state == RouteState::NoHosts);
      CHECK(route->code == "null-mx");
    }
  }

  TEST_CASE("R7672-2.2.1b: a null MX beside other records is no host, and takes nothing from them") {
    World world;
    const auto route = world.route_by(secure("domain.example", {mx(0, "."), mx(10, "mx.example")}));
    CHECK(hosts(*route) == Names{"mx.example"});
  }

  TEST_CASE("R7672-2.2.1b: without MX records the domain is its own host") {
    World world;
    world.dns->host("domain.example", {record(2)});
    for (const auto& answer : {denied("domain.example"), unsigned_says("domain.example", {})}) {
      const auto route = world.route_by(answer);
      CHECK(route->implicit);
      CHECK(hosts(*route) == Names{"domain.example"});
      CHECK(requirements(*route) == Names{"authenticate"});
      CHECK(route->hosts[0].plan->reference_identifiers == Names{"domain.example"});
    }
  }

  TEST_CASE("R7672-2.2.1b: a name that does not exist has no mail host") {
    for (const auto& answer : {denied("domain.example", false), unsigned_says("domain.example", {}, false)}) {
      World world;
      const auto route = world.route_by(answer);
      CHECK(route->state == RouteState::NoHosts);
      CHECK(route->code == "no-such-domain");
    }
  }

  TEST_CASE("MX records that cannot be read or connected to are no hosts, and the others stay") {
    World world;
    const auto route =
        world.route_by(secure("domain.example", {Buffer{0, 1, 9}, mx(1, "192.0.2.1"),
                                                 mx(2, "no\\032host.example"), mx(3, "mx.example")}));
    CHECK(route->left_out == 1);
    CHECK(requirements(*route) == Names{"do-not-use", "do-not-use", "authenticate"});
    CHECK(world.route_by(secure("domain.example", {Buffer{}}))->code == "malformed");
  }

  TEST_CASE("A host named twice is tried once, when its turn first comes") {
    World world;
    const auto route = world.route_by(
        secure("domain.example", {mx(30, "mx.example"), mx(10, "MX.example"), mx(20, "other.example")}));
    CHECK(hosts(*route) == Names{"mx.example", "other.example"});
    CHECK(route->hosts[0].preference == 10);
  }

  TEST_CASE("Large sets are cut at the limit, and their lookups run beside each other, bounded") {
    World world;
    std::vector<Buffer> rdatas;
    for (std::uint16_t i = 0; i < 200; ++i) {
      const std::string host = "h" + std::to_string(i) + ".example";
      world.dns->host(host, {record(3)});
      rdatas.push_back(mx(i, host));
    }
    const auto route = world.route_by(secure("domain.example", rdatas));
    CHECK(route->hosts.size() == service::max_candidates);
    CHECK(route->left_out == 200 - service::max_candidates);
    CHECK(world.dns->most_running == service::max_lookups_at_once);
    CHECK(world.dns->running == 0);
    CHECK(std::ranges::all_of(
        route->hosts, [](const auto& host) { return host.requirement == Requirement::Authenticate; }));
  }
}

TEST_SUITE("RFC 7672 section 2.2.2: hosts that no MX record names") {
  TEST_CASE("R7672-2.2.2a: a host in an unsigned zone is without DANE, whatever its TLSA question gave") {
    World world;
    world.dns->say("mx.example", RrType::A, insecure());
    world.dns->say("mx.example", RrType::Aaaa, insecure());
    world.dns->say("_25._tcp.mx.example", RrType::Tlsa, failed());
    const auto route = world.route_by(secure("domain.example", {mx(10, "mx.example")}));
    CHECK(requirements(*route) == Names{"opportunistic"});
    CHECK(codes(*route) == Names{"insecure"});
  }

  TEST_CASE("R7672-2.2.2a: of a signed alias into an unsigned zone the original name's records count") {
    World world;
    dns::InsecureAnswer aliased{"not signed: the target", script::later, true};
    for (const RrType type : {RrType::A, RrType::Aaaa}) world.dns->say("edge.example", type, aliased);
    world.dns->say("edge.example", RrType::Cname, secure("edge.example", {mx(0, "x")}));
    world.dns->say("_25._tcp.edge.example", RrType::Tlsa, secure("_25._tcp.edge.example", {record(3)}));
    const auto route = world.route_by(secure("domain.example", {mx(10, "edge.example")}));
    CHECK(requirements(*route) == Names{"authenticate"});
  }

  TEST_CASE("R7672-2.2.2a: address literals are without DANE, and nothing is asked") {
    for (const std::string_view literal :
         {"[192.0.2.1]", "192.0.2.1", "[IPv6:2001:db8::1]", "[192.0.2.1]:26"}) {
      World world;
      const auto route = world.route(literal);
      CHECK(requirements(*route) == Names{"opportunistic"});
      CHECK(codes(*route) == Names{"ip-literal"});
      CHECK(world.dns->asked.empty());
      CHECK(world.route(literal, {Mode::Mandatory})->state == RouteState::Defer);
    }
  }

  TEST_CASE("R7672-2.2.2a: a host in brackets is asked about without its MX records, at the port named") {
    World world;
    world.dns->host("mx.example", {record(2)}, 587);
    const auto route = world.route("[mx.example]:587");
    CHECK(route->standing == Standing::Direct);
    CHECK(requirements(*route) == Names{"authenticate"});
    CHECK(route->hosts[0].port == 587);
    CHECK(std::ranges::find(world.dns->asked, "mx.example/15") == world.dns->asked.end());
  }

  TEST_CASE("R-private: nothing is asked about private domains") {
    World world;
    for (const char* domain : {"localhost", "printer.local", "intern.corp.example"}) {
      const auto route =
          world.route(domain, {Mode::Opportunistic, InsecureMx::May, {script::name("corp.example")}});
      CHECK(codes(*route) == Names{"private-name"});
    }
    CHECK(world.dns->asked.empty());
  }
}

TEST_SUITE("RFC 7672 section 3.2.2: reference identifiers") {
  TEST_CASE("R7672-3.2.2a: base domain, next-hop domain, and its expansion") {
    World world;
    const auto route = world.route_by(secure("expanded.example", {mx(10, "mx.example")}));
    CHECK(route->hosts[0].plan->reference_identifiers ==
          Names{"mx.example", "domain.example", "expanded.example"});
    CHECK(route->hosts[0].plan->base_domain == "mx.example");
  }

  TEST_CASE("R7672-3.2.2a: for a host of its own that is an alias, its own name comes second") {
    World world;
    world.dns->host("real.example", {record(2)});
    world.dns->say("relay.example", RrType::A, secure("real.example", {Buffer{192, 0, 2, 1}}));
    world.dns->say("relay.example", RrType::Aaaa, denied("real.example"));
    world.dns->say("_25._tcp.relay.example", RrType::Tlsa, denied("_25._tcp.relay.example", false));
    CHECK(world.route("[relay.example]")->hosts[0].plan->reference_identifiers ==
          Names{"real.example", "relay.example"});
  }

  TEST_CASE("R7672-3.2.1a: usage 3 compares no names under the plans of mail hosts") {
    World world;
    const auto route = world.route_by(secure("domain.example", {mx(10, "mx.example")}));
    CHECK_FALSE(verify::dane_ee_checks_names(route->hosts[0].plan->policy));
    CHECK(route->hosts[0].plan->policy.profile == verify::Profile::Smtp);
  }
}

TEST_SUITE("How long a route may be used") {
  TEST_CASE("The least of all TTLs ends it, and one delivery attempt is always within it") {
    World world;
    const auto route = world.route_by(secure("domain.example", {mx(10, "mx.example")}));
    CHECK(route->expires == script::later);
    CHECK(route->hosts[0].plan->expires == script::later);
    const auto short_lived = world.route_by(
        dns::SecureRrset{script::name("domain.example"), {mx(10, "mx.example")}, 0, script::now});
    CHECK(short_lived->expires == script::now + service::attempt_seconds);
    CHECK(short_lived->hosts[0].plan->expires == script::now + service::attempt_seconds);
  }
}
