// smtp.h: how routes are made, at once or bit by bit.
#include "capi/route.hpp"

#include <random>
#include <utility>

#include "capi/errors.hpp"
#include "capi/resolver.hpp"
#include "capi/settings.hpp"
#include "dns/idn.hpp"
#include "service/smtp.hpp"
#include "service/srv.hpp"

using namespace danelaw;

namespace {

std::uint32_t random_below(std::uint32_t bound) {
  static thread_local std::random_device source;
  return std::uniform_int_distribution<std::uint32_t>(0, bound - 1)(source);
}

service::InsecureMx insecure_mx_of(const danelaw_settings& settings) {
  const std::string word = capi::text_of(settings, "insecure_mx");
  if (word == "dane") return service::InsecureMx::Dane;
  return word == "encrypt" ? service::InsecureMx::Encrypt : service::InsecureMx::May;
}

/// The route, once it is there. False where it is not.
bool look(danelaw_route& route, Deadline until) {
  if (route.route) return true;
  if (!route.search) return false;
  auto found = route.search->wait(until);
  if (!found) return false;
  for (const service::RouteHost& host : found->hosts) route.plans.emplace_back(host.plan);
  route.route = std::move(found);
  return true;
}

std::unique_ptr<danelaw_route> begin(danelaw_resolver& resolver,
                                     std::unique_ptr<const service::Itinerary> itinerary) {
  auto made = std::make_unique<danelaw_route>();
  made->search = std::make_unique<service::RouteSearch>(
      service::RouteSources{resolver.resolver, resolver.source}, std::move(itinerary));
  return made;
}

constexpr Deadline whenever = Deadline::max();  // the search keeps a deadline of its own

/// What a _begin() gave, waited for.
int finish(int code, danelaw_route* begun, danelaw_route** route, danelaw_problem* problem) {
  if (code != DANELAW_OK) return code;
  std::unique_ptr<danelaw_route> made(begun);
  return capi::guarded(problem, [&] {
    if (!look(*made, whenever))
      return capi::report(problem, DANELAW_ERR_INTERNAL, "the search for a route has no end");
    *route = made.release();
    return static_cast<int>(DANELAW_OK);
  });
}

}  // namespace

int danelaw_smtp_begin(danelaw_resolver* resolver, const danelaw_settings* settings, const char* next_hop,
                       danelaw_route** route, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (resolver == nullptr || next_hop == nullptr || route == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_smtp_begin: resolver, next hop and route are needed");
    constexpr unsigned smtp_port = 25;
    auto hop = service::parse_next_hop(next_hop, smtp_port);
    if (!hop) return capi::report(problem, hop.problem());
    const danelaw_settings known = capi::or_defaults(settings);
    service::SmtpQuestion question{*std::move(hop), capi::policy_of(known), insecure_mx_of(known),
                                   resolver->never_asked, random_below};
    *route = begin(*resolver, service::smtp_itinerary(std::move(question))).release();
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_srv_begin(danelaw_resolver* resolver, const danelaw_settings* settings, const char* service,
                      danelaw_transport transport, const char* domain, danelaw_route** route,
                      danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (resolver == nullptr || service == nullptr || domain == nullptr || route == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_srv_begin: resolver, service, domain and route are needed");
    if (!capi::is_transport(transport))
      return capi::report(problem, DANELAW_ERR_ARGUMENT, "danelaw_srv_begin: unknown transport");
    const auto name = dns::host_name_from_text(domain);
    if (!name) return capi::report(problem, name.problem());
    const auto known_transport = static_cast<tlsa::Transport>(transport);
    const auto owner = service::srv_owner(service, known_transport, *name);
    if (!owner) return capi::report(problem, owner.problem());
    service::SrvQuestion question{*name,
                                  *owner,
                                  known_transport,
                                  capi::policy_of(capi::or_defaults(settings)),
                                  resolver->never_asked,
                                  random_below};
    *route = begin(*resolver, service::srv_itinerary(std::move(question))).release();
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_route_wait(danelaw_route* route, unsigned milliseconds) {
  return capi::guarded(nullptr, [&]() -> int {
    if (route == nullptr) return DANELAW_ERR_ARGUMENT;
    const Deadline until = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    return look(*route, until) ? DANELAW_OK : DANELAW_ERR_PENDING;
  });
}

int danelaw_route_descriptor(danelaw_route* route) {
  return capi::guarded_value(
      -1, [&] { return route == nullptr || !route->search ? -1 : route->search->descriptor(); });
}

int danelaw_smtp_plan(danelaw_resolver* resolver, const danelaw_settings* settings, const char* next_hop,
                      danelaw_route** route, danelaw_problem* problem) {
  danelaw_route* begun = nullptr;
  const int code =
      danelaw_smtp_begin(resolver, settings, next_hop, route == nullptr ? nullptr : &begun, problem);
  return finish(code, begun, route, problem);
}

int danelaw_srv_plan(danelaw_resolver* resolver, const danelaw_settings* settings, const char* service,
                     danelaw_transport transport, const char* domain, danelaw_route** route,
                     danelaw_problem* problem) {
  danelaw_route* begun = nullptr;
  const int code = danelaw_srv_begin(resolver, settings, service, transport, domain,
                                     route == nullptr ? nullptr : &begun, problem);
  return finish(code, begun, route, problem);
}

void danelaw_route_free(danelaw_route* route) { delete route; }
