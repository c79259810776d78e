// danelaw_ssl_set_route_host: what a host of a route asks of one SSL.
#include <openssl/x509v3.h>

#include "capi/errors.hpp"
#include "capi/route.hpp"
#include "hook/attach.hpp"

using namespace danelaw;

namespace {

/// R7673-4a: the names that the application's own verification accepts are the plan's.
bool expect_names(SSL* ssl, const verify::Plan& plan) {
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (SSL_set1_host(ssl, nullptr) != 1) return false;
  for (const std::string& name : plan.reference_identifiers)
    if (SSL_add1_host(ssl, name.c_str()) != 1) return false;
  return true;
}

/// R7672-8a. A floor that the application has set higher stays.
bool require_modern_tls(SSL* ssl) {
  const auto floor = SSL_get_min_proto_version(ssl);
  return floor >= TLS1_2_VERSION || SSL_set_min_proto_version(ssl, TLS1_2_VERSION) == 1;
}

int verify_mode_of(const service::RouteHost& host) {
  const bool mail = host.plan->policy.profile == verify::Profile::Smtp;
  // RFC 7672 section 2.2: opportunistic TLS authenticates nobody, and must not fail as if it did.
  return mail && host.requirement == service::Requirement::Opportunistic ? SSL_VERIFY_NONE : SSL_VERIFY_PEER;
}

bool prepare(SSL* ssl, const service::RouteHost& host) {
  const bool opportunistic = host.requirement == service::Requirement::Opportunistic;
  SSL_set_verify(ssl, verify_mode_of(host), SSL_get_verify_callback(ssl));
  if (!opportunistic && !require_modern_tls(ssl)) return false;
  return host.plan->policy.profile != verify::Profile::Srv || expect_names(ssl, *host.plan);
}

int hand_over(SSL* ssl, const service::RouteHost& host, danelaw_problem* problem) {
  // SNI is the base domain (R7672-8a), whatever the SSL_CTX says.
  hook::ConnectionSettings settings;
  settings.policy = host.plan->policy;
  const auto configured = hook::configure(ssl, settings);
  if (!configured) return capi::report(problem, configured.problem());
  if (!prepare(ssl, host)) return capi::report(problem, DANELAW_ERR_RESOURCE, "OpenSSL has no memory left");
  const auto set = hook::set_plan(ssl, host.plan);
  return set ? DANELAW_OK : capi::report(problem, set.problem());
}

}  // namespace

int danelaw_ssl_set_route_host(SSL* ssl, const danelaw_route* route, size_t index, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (ssl == nullptr || route == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_ssl_set_route_host: an SSL and a route are needed");
    if (!route->route)
      return capi::report(problem, DANELAW_ERR_STATE, "the search for the route is not done");
    const service::RouteHost* const host = route->host(index);
    if (host == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT, "danelaw_ssl_set_route_host: no such host");
    if (host->requirement == service::Requirement::DoNotUse)
      return capi::report(problem, DANELAW_ERR_STATE, host->name + " must not be used now: " + host->reason);
    return hand_over(ssl, *host, problem);
  });
}
