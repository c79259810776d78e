#include "capi/resolver.hpp"

#include <utility>

#include "capi/errors.hpp"
#include "capi/plan.hpp"
#include "capi/settings.hpp"
#include "dns/recursing_engine.hpp"
#include "dns/stub_engine.hpp"
#include "dns/trust_anchors.hpp"
#include "service/dns_plan_source.hpp"

using namespace danelaw;

namespace {

Result<dns::TrustAnchors> anchors_of(const danelaw_settings& settings) {
  const std::string path = capi::text_of(settings, "trust_anchors");
  return path.empty() ? dns::default_trust_anchors() : dns::load_trust_anchors(path);
}

bool is_recursing(const danelaw_settings& settings) {
  return capi::text_of(settings, "engine") == "recursing";
}

dns::StubSettings stub_of(const danelaw_settings& settings, dns::TrustAnchors anchors) {
  dns::StubSettings stub;
  stub.anchors = std::move(anchors);
  stub.resolvers = capi::resolvers_of(settings);
  return stub;
}

dns::EngineFactory engine_of(const danelaw_settings& settings, dns::TrustAnchors anchors) {
  if (is_recursing(settings))
    return dns::recursing_engine({std::move(anchors), capi::list_of(settings, "root_servers")});
  return dns::stub_engine(stub_of(settings, std::move(anchors)));
}

}  // namespace

Result<std::shared_ptr<dns::Resolver>> capi::proving_resolver(const danelaw_settings& settings) {
  if (is_recursing(settings))
    return Problem{Fault::Unsupported,
                   "the recursing engine keeps no records that would prove an answer; use stub"};
  auto anchors = anchors_of(settings);
  if (!anchors) return anchors.problem();
  dns::StubSettings stub = stub_of(settings, std::move(anchors).value());
  stub.proofs = dns::Proofs::Keep;
  dns::ResolverSettings made;
  made.engine = dns::stub_engine(std::move(stub));
  made.deadline = deadline_of(settings);
  made.cache_entries = 0;
  return dns::Resolver::create(std::move(made));
}

int danelaw_resolver_new(const danelaw_settings* settings, danelaw_resolver** resolver,
                         danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (resolver == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT, "danelaw_resolver_new: resolver is needed");
    const danelaw_settings known = capi::or_defaults(settings);
    auto anchors = anchors_of(known);
    if (!anchors) return capi::report(problem, anchors.problem());

    dns::ResolverSettings made;
    made.engine = engine_of(known, std::move(anchors).value());
    made.deadline = capi::deadline_of(known);
    made.cache_entries = capi::cache_entries_of(known);
    made.negative_anchors = capi::names_of(known, "negative_anchors");
    auto shared = dns::Resolver::create(std::move(made));
    auto never_asked = capi::names_of(known, "never_asked");
    auto source = service::dns_plan_source(shared, never_asked);
    *resolver = new danelaw_resolver{std::move(shared), std::move(source), std::move(never_asked)};
    return static_cast<int>(DANELAW_OK);
  });
}

void danelaw_resolver_free(danelaw_resolver* resolver) { delete resolver; }

int danelaw_plan_lookup(danelaw_resolver* resolver, const danelaw_settings* settings, const char* host,
                        unsigned port, danelaw_transport transport, danelaw_plan** plan,
                        danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (resolver == nullptr || plan == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT, "danelaw_plan_lookup: resolver and plan are needed");
    const auto service = capi::service_of(host, port, transport);
    if (!service) return capi::report(problem, service.problem());
    const verify::Policy policy = capi::policy_of(capi::or_defaults(settings));
    const auto pending = resolver->source->start(*service, policy, verify::Candidates::FollowAliases);
    const Deadline until = std::chrono::steady_clock::now() + resolver->source->patience();
    verify::SharedPlan made = pending->wait(until);
    if (!made)
      made = verify::plan_without_records(
          *service, policy,
          tlsa::TlsaOutcome(tlsa::LookupError{tlsa::LookupFault::Timeout, "no answer in time"}));
    *plan = new danelaw_plan(std::move(made));
    return static_cast<int>(DANELAW_OK);
  });
}
