#include "dane.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace danelaw::policyd {
namespace {

/// An address where MX records need a name (RFC 5321 section 2.3.5): no client connects there, so it counts for nothing.
bool is_no_host(const HostNeed& host) {
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  return host.requirement == DANELAW_DO_NOT_USE && host.code == "malformed" &&
         (inet_pton(AF_INET, host.host.c_str(), octets.data()) == 1 ||
          inet_pton(AF_INET6, host.host.c_str(), octets.data()) == 1);
}

struct Count {
  std::size_t all = 0;
  std::size_t authenticate = 0;
  std::size_t encrypt = 0;
  std::size_t unusable = 0;
  std::size_t speaking = 0;
  const HostNeed* first_unusable = nullptr;
};

Count count(const std::vector<HostNeed>& hosts) {
  Count counted;
  for (const HostNeed& host : hosts) {
    if (is_no_host(host)) continue;
    ++counted.all;
    if (host.speaks_for_domain) ++counted.speaking;
    if (host.requirement == DANELAW_TLS_AUTHENTICATE) ++counted.authenticate;
    if (host.requirement == DANELAW_TLS_ENCRYPT) ++counted.encrypt;
    if (host.requirement != DANELAW_DO_NOT_USE) continue;
    ++counted.unusable;
    if (counted.first_unusable == nullptr) counted.first_unusable = &host;
  }
  return counted;
}

/// R7672-2.1a: there is no level that says "not this host", but for the one that takes only authenticated hosts.
DaneOpinion deferred_by(const HostNeed& host) {
  return {DaneSays::Defer, host.code, fmt::format("{}: {}", host.host, host.reason)};
}

/// R7672-2.2.1a: what hosts show that unsigned records name says nothing of the domain.
DaneOpinion opinion_of_unsigned(const Count& counted) {
  if (counted.unusable > 0) return deferred_by(*counted.first_unusable);
  if (counted.authenticate > 0)
    return {DaneSays::Unsigned, "", "unsigned MX records name hosts with TLSA records, which are to count"};
  if (counted.encrypt == counted.all)
    return {DaneSays::Encrypt, "", "unsigned MX records name hosts with TLSA records, which need TLS"};
  if (counted.encrypt > 0)
    return {DaneSays::PartlyEncrypt, "", "unsigned MX records name some hosts with TLSA records"};
  return {DaneSays::Nothing, "", "the MX records are not signed"};
}

DaneOpinion opinion_of_hosts(const Count& counted) {
  if (counted.speaking == 0) return opinion_of_unsigned(counted);
  const std::size_t usable = counted.all - counted.unusable;
  if (counted.authenticate == usable && usable > 0 && counted.unusable == 0)
    return {DaneSays::Authenticate, "", "every host has TLSA records that authenticate it"};
  if (counted.authenticate > 0 && counted.unusable > 0)
    return {DaneSays::Authenticate, "",
            fmt::format("{} of {} hosts have TLSA records that authenticate them; nothing is known of {}",
                        counted.authenticate, counted.all, counted.first_unusable->host)};
  if (counted.unusable > 0) return deferred_by(*counted.first_unusable);
  if (counted.authenticate > 0)
    return {DaneSays::Mixed, "",
            fmt::format("{} of {} hosts have TLSA records that authenticate them", counted.authenticate,
                        counted.all)};
  if (counted.encrypt == counted.all)
    return {DaneSays::Encrypt, "", "every host has TLSA records, and none of them is usable"};
  if (counted.encrypt > 0)
    return {DaneSays::PartlyEncrypt, "",
            fmt::format("{} of {} hosts have TLSA records, and none of them is usable", counted.encrypt,
                        counted.all)};
  return {DaneSays::Nothing, "", "no host has TLSA records"};
}

DaneOpinion opinion_of_route(const RouteFacts& route) {
  if (route.state == DANELAW_ROUTE_NO_HOSTS) return {DaneSays::Nothing, "", route.reason};
  if (route.hosts.empty()) {
    // Proven unsigned, and the records themselves could not be had: DANE cannot apply, and nobody can deliver.
    if (route.code == "insecure") return {DaneSays::Nothing, "", route.reason};
    return {DaneSays::Defer, route.code, route.reason};
  }
  const Count counted = count(route.hosts);
  if (counted.all == 0) return {DaneSays::Defer, route.code, route.reason};
  return opinion_of_hosts(counted);
}

}  // namespace

RouteFacts facts_of(const danelaw_route& route) {
  RouteFacts facts;
  facts.domain = danelaw_route_domain(&route);
  facts.state = danelaw_route_get_state(&route);
  facts.code = danelaw_route_code(&route);
  facts.reason = danelaw_route_reason(&route);
  facts.standing = danelaw_route_standing(&route);
  facts.expires = danelaw_route_expiry(&route);
  for (std::size_t i = 0; i < danelaw_route_count(&route); ++i) {
    const danelaw_plan* const plan = danelaw_route_plan(&route, i);
    HostNeed host{danelaw_route_host(&route, i), danelaw_route_requirement(&route, i),
                  danelaw_route_host_code(&route, i), danelaw_route_host_reason(&route, i),
                  danelaw_route_speaks_for_domain(&route, i) != 0};
    for (std::size_t record = 0; record < danelaw_plan_record_count(plan); ++record)
      host.records.emplace_back(danelaw_plan_record_text(plan, record));
    facts.hosts.push_back(std::move(host));
  }
  return facts;
}

std::string_view to_string(DaneSays says) {
  switch (says) {
    case DaneSays::Defer:
      return "defer";
    case DaneSays::Nothing:
      return "nothing";
    case DaneSays::Authenticate:
      return "authenticate";
    case DaneSays::Mixed:
      return "mixed";
    case DaneSays::Encrypt:
      return "encrypt";
    case DaneSays::PartlyEncrypt:
      return "partly-encrypt";
    case DaneSays::Unsigned:
      return "unsigned";
  }
  return "defer";
}

DaneOpinion opinion_of(const RouteFacts& route, Demand demand) {
  DaneOpinion opinion = opinion_of_route(route);
  const bool is_enough = opinion.says == DaneSays::Authenticate || opinion.says == DaneSays::Defer;
  if (demand == Demand::Opportunistic || is_enough || route.state == DANELAW_ROUTE_NO_HOSTS) return opinion;
  // Nothing else stands in for it, whatever the reason is that DANE does not apply.
  return {DaneSays::Defer, "mandatory-without-dane",
          fmt::format("DANE is mandatory and does not apply: {}", opinion.reason)};
}

}  // namespace danelaw::policyd
