#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "scripted_resolver.hpp"
#include "service/srv.hpp"

using namespace danelaw;
using script::denied;
using script::failed;
using script::record;
using script::secure;
using script::srv;
using script::unsigned_says;
using service::RouteState;
using verify::Mode;
using Names = std::vector<std::string>;

namespace {

constexpr const char* owner = "_imaps._tcp.domain.example";

std::shared_ptr<const service::Route> route_by(script::Resolver& dns_script, dns::Answer answer,
                                               Mode mode = Mode::Opportunistic) {
  dns_script.say(owner, RrType::Srv, std::move(answer));
  const DnsName domain = script::name("domain.example");
  service::SrvQuestion question{domain,
                                service::srv_owner("imaps", tlsa::Transport::Tcp, domain).value(),
                                tlsa::Transport::Tcp,
                                {},
                                {},
                                script::never_moves};
  question.policy.mode = mode;
  const std::shared_ptr<script::Resolver> shared(&dns_script, [](script::Resolver*) {});
  return script::route(shared, service::srv_itinerary(std::move(question)));
}

void fill(script::Resolver& dns_script) {
  dns_script.host("imap.example", {record(3)}, 993);
  dns_script.host("pkix.example", {record(1)}, 993);
  dns_script.host("unusable.example", {record(9)}, 993);
  dns_script.host("plain.example", {}, 993);
  dns_script.host("broken.example", {}, 993);
  dns_script.say("_993._tcp.broken.example", RrType::Tlsa, failed());
}

Names words(const service::Route& route) {
  Names all;
  for (const auto& host : route.hosts) all.emplace_back(to_string(host.requirement));
  return all;
}

}  // namespace

TEST_SUITE("RFC 7673 section 3: SRV and TLSA lookups") {
  TEST_CASE("R7673-3a: TLSA is asked for at the target and its port, for each target") {
    script::Resolver dns_script;
    fill(dns_script);
    const auto route =
        route_by(dns_script, secure(owner, {srv(0, 0, 993, "imap.example"), srv(1, 0, 993, "broken.example"),
                                            srv(2, 0, 993, "plain.example")}));
    CHECK(route->state == RouteState::Usable);
    CHECK(words(*route) == Names{"authenticate", "do-not-use", "opportunistic"});
    CHECK(route->hosts[0].port == 993);
    CHECK(route->hosts[1].code == "bogus");
    CHECK(std::ranges::count(dns_script.asked, "_993._tcp.imap.example/52") == 1);
  }

  TEST_CASE("R7673-3a: a failed SRV lookup means that the service is not used") {
    script::Resolver dns_script;
    const auto route = route_by(dns_script, failed());
    CHECK(route->state == RouteState::Defer);
    CHECK(route->code == "bogus");
  }

  TEST_CASE("R7673-3a: insecure SRV records mean no DANE, and the service domain is the only name") {
    script::Resolver dns_script;
    fill(dns_script);
    const auto route = route_by(dns_script, unsigned_says(owner, {srv(0, 0, 993, "imap.example")}));
    CHECK(words(*route) == Names{"opportunistic"});
    CHECK(route->hosts[0].name == "imap.example");
    CHECK(route->hosts[0].code == "srv-insecure");
    CHECK(route->hosts[0].plan->reference_identifiers == Names{"domain.example"});
    CHECK(route->hosts[0].plan->base_domain == "domain.example");
    CHECK_FALSE(route->hosts[0].speaks_for_domain);
    CHECK(dns_script.asked.size() == 1);
  }

  TEST_CASE("R7673-3a: mandatory mode uses no target of insecure SRV records") {
    script::Resolver dns_script;
    fill(dns_script);
    const auto route =
        route_by(dns_script, unsigned_says(owner, {srv(0, 0, 993, "imap.example")}), Mode::Mandatory);
    CHECK(route->state == RouteState::Defer);
  }

  TEST_CASE("R7673-3a: a service that is not offered or not announced has no hosts") {
    script::Resolver dns_script;
    CHECK(route_by(dns_script, secure(owner, {srv(0, 0, 0, ".")}))->code == "not-offered");
    CHECK(route_by(dns_script, denied(owner))->code == "no-srv");
    CHECK(route_by(dns_script, denied(owner, false))->code == "no-srv");
    CHECK(route_by(dns_script, denied(owner))->state == RouteState::NoHosts);
    CHECK(route_by(dns_script, secure(owner, {Buffer{0, 0}}))->code == "malformed");
  }
}

TEST_SUITE("Private names") {
  TEST_CASE("R-private: nothing is asked about a private domain's services") {
    const auto dns_script = std::make_shared<script::Resolver>();
    for (const char* text : {"localhost", "printer.local", "intern.corp.example"}) {
      const DnsName domain = script::name(text);
      service::SrvQuestion question;
      question.domain = domain;
      question.owner = service::srv_owner("imaps", tlsa::Transport::Tcp, domain).value();
      question.never_asked = {script::name("corp.example")};
      question.random = script::never_moves;
      const auto route = script::route(dns_script, service::srv_itinerary(std::move(question)));
      CHECK(route->state == RouteState::NoHosts);
      CHECK(route->code == "private-name");
    }
    CHECK(dns_script->asked.empty());
  }
}

TEST_SUITE("RFC 7673 section 4: what TLS each target requires") {
  TEST_CASE(
      "R7673-4a: usable records authenticate, unusable ones want ordinary verification, absence is the "
      "application's") {
    script::Resolver dns_script;
    fill(dns_script);
    const auto route = route_by(
        dns_script, secure(owner, {srv(0, 0, 993, "imap.example"), srv(1, 0, 993, "pkix.example"),
                                   srv(2, 0, 993, "unusable.example"), srv(3, 0, 993, "plain.example")}));
    CHECK(words(*route) == Names{"authenticate", "authenticate", "verify", "opportunistic"});
  }

  TEST_CASE("R7673-4a: target and service domain are reference identifiers, and SNI is the target") {
    script::Resolver dns_script;
    fill(dns_script);
    const auto route = route_by(
        dns_script, secure(owner, {srv(0, 0, 993, "imap.example"), srv(1, 0, 993, "unusable.example")}));
    CHECK(route->hosts[0].plan->base_domain == "imap.example");
    CHECK(route->hosts[0].plan->reference_identifiers == Names{"imap.example", "domain.example"});
    CHECK(route->hosts[1].plan->reference_identifiers == Names{"unusable.example", "domain.example"});
    CHECK(route->hosts[0].plan->policy.profile == verify::Profile::Srv);
  }
}

TEST_SUITE("RFC 2782: the order of targets") {
  TEST_CASE("Priority comes first, and within it weight decides how often a target is first") {
    const std::vector<Buffer> rdatas{srv(1, 0, 1, "last.example"), srv(0, 90, 1, "big.example"),
                                     srv(0, 10, 1, "small.example"), srv(0, 0, 1, "never.example")};
    std::map<std::string, int> first;
    for (std::uint32_t drawn = 0; drawn <= 100; ++drawn) {
      bool at_first = true;
      const auto random = [&](std::uint32_t bound) -> std::uint32_t {
        if (!at_first) return 0;
        at_first = false;
        CHECK(bound == 101);
        return drawn;
      };
      const auto result = service::srv_referral(secure(owner, rdatas), random);
      const auto& candidates = std::get<service::Referral>(result).candidates;
      REQUIRE(candidates.size() == 4);
      CHECK(candidates.back().host == "last.example");
      ++first[candidates.front().host];
    }
    CHECK(first["big.example"] == 90);
    CHECK(first["small.example"] == 10);
    CHECK(first["never.example"] == 1);
  }

  TEST_CASE("Services are named as RFC 6335 and RFC 2782 name them") {
    const DnsName domain = script::name("domain.example");
    const auto text = [&](std::string_view service) {
      const auto made = service::srv_owner(service, tlsa::Transport::Tcp, domain);
      return made ? made->to_text() : "";
    };
    CHECK(text("xmpp-client") == "_xmpp-client._tcp.domain.example");
    CHECK(text("_imaps") == "_imaps._tcp.domain.example");
    for (const std::string_view bad : {"", "_", "im.ap", "a-name-that-is-too-long", "im ap"})
      CHECK(text(bad).empty());
  }
}
