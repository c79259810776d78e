// smtp.h: what routes say. Of one that is not there yet nothing is known, and what is not known refuses.
#include "capi/route.hpp"

using namespace danelaw;

namespace {

const char* text_or_null(const service::RouteHost* host, std::string service::RouteHost::*text) {
  return host == nullptr ? nullptr : (host->*text).c_str();
}

}  // namespace

danelaw_route_state danelaw_route_get_state(const danelaw_route* route) {
  if (route == nullptr || !route->route) return DANELAW_ROUTE_DEFER;
  switch (route->route->state) {
    case service::RouteState::Defer:
      return DANELAW_ROUTE_DEFER;
    case service::RouteState::Usable:
      return DANELAW_ROUTE_USABLE;
    case service::RouteState::NoHosts:
      return DANELAW_ROUTE_NO_HOSTS;
  }
  return DANELAW_ROUTE_DEFER;
}

const char* danelaw_route_state_name(danelaw_route_state state) {
  switch (state) {
    case DANELAW_ROUTE_DEFER:
      return "defer";
    case DANELAW_ROUTE_USABLE:
      return "usable";
    case DANELAW_ROUTE_NO_HOSTS:
      return "no-hosts";
  }
  return "unknown";
}

const char* danelaw_route_code(const danelaw_route* route) {
  return route == nullptr || !route->route ? "pending" : route->route->code.c_str();
}
const char* danelaw_route_reason(const danelaw_route* route) {
  return route == nullptr || !route->route ? "the search is not done" : route->route->reason.c_str();
}
const char* danelaw_route_domain(const danelaw_route* route) {
  return route == nullptr || !route->route ? "" : route->route->domain.c_str();
}

danelaw_standing danelaw_route_standing(const danelaw_route* route) {
  if (route == nullptr || !route->route) return DANELAW_STANDING_INSECURE;
  switch (route->route->standing) {
    case service::Standing::Insecure:
      return DANELAW_STANDING_INSECURE;
    case service::Standing::Secure:
      return DANELAW_STANDING_SECURE;
    case service::Standing::Direct:
      return DANELAW_STANDING_DIRECT;
  }
  return DANELAW_STANDING_INSECURE;
}

const char* danelaw_standing_name(danelaw_standing standing) {
  switch (standing) {
    case DANELAW_STANDING_INSECURE:
      return "insecure";
    case DANELAW_STANDING_SECURE:
      return "secure";
    case DANELAW_STANDING_DIRECT:
      return "direct";
  }
  return "unknown";
}

int danelaw_route_is_implicit(const danelaw_route* route) {
  return route != nullptr && route->route && route->route->implicit ? 1 : 0;
}
size_t danelaw_route_left_out(const danelaw_route* route) {
  return route == nullptr || !route->route ? 0 : route->route->left_out;
}
int64_t danelaw_route_expiry(const danelaw_route* route) {
  return route == nullptr || !route->route ? 0 : route->route->expires;
}

const char* danelaw_requirement_name(danelaw_requirement requirement) {
  switch (requirement) {
    case DANELAW_DO_NOT_USE:
      return "do-not-use";
    case DANELAW_TLS_AUTHENTICATE:
      return "authenticate";
    case DANELAW_TLS_ENCRYPT:
      return "encrypt";
    case DANELAW_TLS_VERIFY:
      return "verify";
    case DANELAW_TLS_OPPORTUNISTIC:
      return "opportunistic";
  }
  return "unknown";
}

size_t danelaw_route_count(const danelaw_route* route) {
  return route == nullptr || !route->route ? 0 : route->route->hosts.size();
}
const char* danelaw_route_host(const danelaw_route* route, size_t index) {
  return route == nullptr ? nullptr : text_or_null(route->host(index), &service::RouteHost::name);
}
unsigned danelaw_route_port(const danelaw_route* route, size_t index) {
  const service::RouteHost* host = route == nullptr ? nullptr : route->host(index);
  return host == nullptr ? 0 : host->port;
}
unsigned danelaw_route_preference(const danelaw_route* route, size_t index) {
  const service::RouteHost* host = route == nullptr ? nullptr : route->host(index);
  return host == nullptr ? 0 : host->preference;
}
unsigned danelaw_route_weight(const danelaw_route* route, size_t index) {
  const service::RouteHost* host = route == nullptr ? nullptr : route->host(index);
  return host == nullptr ? 0 : host->weight;
}

danelaw_requirement danelaw_route_requirement(const danelaw_route* route, size_t index) {
  const service::RouteHost* host = route == nullptr ? nullptr : route->host(index);
  if (host == nullptr) return DANELAW_DO_NOT_USE;
  switch (host->requirement) {
    case service::Requirement::DoNotUse:
      return DANELAW_DO_NOT_USE;
    case service::Requirement::Authenticate:
      return DANELAW_TLS_AUTHENTICATE;
    case service::Requirement::Encrypt:
      return DANELAW_TLS_ENCRYPT;
    case service::Requirement::Verify:
      return DANELAW_TLS_VERIFY;
    case service::Requirement::Opportunistic:
      return DANELAW_TLS_OPPORTUNISTIC;
  }
  return DANELAW_DO_NOT_USE;
}

const char* danelaw_route_host_code(const danelaw_route* route, size_t index) {
  return route == nullptr ? nullptr : text_or_null(route->host(index), &service::RouteHost::code);
}
const char* danelaw_route_host_reason(const danelaw_route* route, size_t index) {
  return route == nullptr ? nullptr : text_or_null(route->host(index), &service::RouteHost::reason);
}
int danelaw_route_speaks_for_domain(const danelaw_route* route, size_t index) {
  const service::RouteHost* host = route == nullptr ? nullptr : route->host(index);
  return host != nullptr && host->speaks_for_domain ? 1 : 0;
}
const char* danelaw_route_name(const danelaw_route* route, size_t index, size_t name) {
  const service::RouteHost* host = route == nullptr ? nullptr : route->host(index);
  if (host == nullptr || name >= host->plan->reference_identifiers.size()) return nullptr;
  return host->plan->reference_identifiers[name].c_str();
}
const danelaw_plan* danelaw_route_plan(const danelaw_route* route, size_t index) {
  return route == nullptr || index >= route->plans.size() ? nullptr : &route->plans[index];
}
