#include "capi/resolver.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/ip_address.hpp"
#include "capi/errors.hpp"
#include "capi/plan.hpp"
#include "capi/settings.hpp"
#include "dns/anchor_keeper.hpp"
#include "dns/proof_files.hpp"
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

/// For those who take only what servers prove in the handshake.
dns::EngineFactory no_engine() {
  return [](dns::EventLoop&, dns::FailedAnswer& failure) -> std::unique_ptr<dns::Engine> {
    failure = {tlsa::LookupFault::NotDone, "DNS is not asked (engine = none)"};
    return nullptr;
  };
}

std::string engine_name(const danelaw_settings& settings) { return capi::text_of(settings, "engine"); }

/// Read now, so that what is wrong with it is said at once.
Result<std::monostate> look_at_anchor_state(const danelaw_settings& settings,
                                            const dns::TrustAnchors& anchors) {
  const std::string state = capi::text_of(settings, "trust_anchor_state");
  if (state.empty()) return std::monostate();
  const auto keeper = dns::AnchorKeeper::open(state, anchors);
  if (!keeper) return keeper.problem();
  return std::monostate();
}

dns::StubSettings stub_of(const danelaw_settings& settings, dns::TrustAnchors anchors) {
  dns::StubSettings stub;
  stub.anchor_state = capi::text_of(settings, "trust_anchor_state");
  stub.anchors = std::move(anchors);
  stub.resolvers = capi::resolvers_of(settings);
  stub.tls_ca_file = capi::text_of(settings, "resolver_ca_file");
  return stub;
}

bool asks_a_name_over_tls(const danelaw_settings& settings) {
  return std::ranges::any_of(capi::resolvers_of(settings),
                             [](const auto& one) { return one.tls && !one.tls->name.empty(); });
}

/// What would be ignored was meant for something: a name that was to be asked over TLS only must not go out in the clear.
std::optional<Problem> contradiction_in(const danelaw_settings& settings) {
  const std::string engine = engine_name(settings);
  const auto unsupported = [&](const std::string& key, const std::string& wanted) {
    return Problem{Fault::Unsupported, key + ": the engine " + engine +
                                           " makes no use of it; leave it out, or use engine " + wanted};
  };
  for (const std::string key : {"resolvers", "resolver_ca_file", "trust_anchor_state"})
    if (engine != "stub" && !capi::text_of(settings, key).empty()) return unsupported(key, "stub");
  if (engine != "stub" && !capi::cache_directory_of(settings).empty()) return unsupported("cache", "stub");
  if (engine != "stub" && settings.proof_store != nullptr) return unsupported("proof store", "stub");
  if (engine != "recursing" && !capi::text_of(settings, "root_servers").empty())
    return unsupported("root_servers", "recursing");
  if (!capi::text_of(settings, "resolver_ca_file").empty() && !asks_a_name_over_tls(settings))
    return Problem{Fault::Unsupported,
                   "resolver_ca_file: no resolver is authenticated by its name; leave it out, or name "
                   "tls://IP/NAME among the resolvers"};
  if (capi::text_of(settings, "dnssec_chain_pins") != "off" &&
      capi::text_of(settings, "dnssec_chain") != "on")
    return Problem{
        Fault::Unsupported,
        "dnssec_chain_pins: no server is asked for a chain; leave it out, or set dnssec_chain = on"};
  return std::nullopt;
}

dns::EngineFactory engine_of(const danelaw_settings& settings, dns::TrustAnchors anchors) {
  if (engine_name(settings) == "none") return no_engine();
  if (engine_name(settings) == "recursing")
    return dns::recursing_engine({std::move(anchors), capi::list_of(settings, "root_servers")});
  dns::StubSettings stub = stub_of(settings, std::move(anchors));
  if (const std::string directory = capi::cache_directory_of(settings); !directory.empty())
    stub.stores.push_back(std::make_shared<dns::ProofFiles>(directory));
  if (settings.proof_store != nullptr) stub.stores.push_back(settings.proof_store);
  stub.most_patience = capi::deadline_of(settings) / 4;
  return dns::stub_engine(std::move(stub));
}

}  // namespace

Result<std::shared_ptr<dns::Resolver>> capi::proving_resolver(const danelaw_settings& settings,
                                                              dns::Proofs proofs) {
  if (engine_name(settings) != "stub")
    return Problem{Fault::Unsupported,
                   "only the engine stub keeps records that prove an answer, not " + engine_name(settings)};
  if (const auto contradiction = contradiction_in(settings)) return *contradiction;
  auto anchors = anchors_of(settings);
  if (!anchors) return anchors.problem();
  if (const auto looked = look_at_anchor_state(settings, *anchors); !looked) return looked.problem();
  dns::StubSettings stub = stub_of(settings, std::move(anchors).value());
  stub.proofs = proofs;
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
    if (const auto contradiction = contradiction_in(known)) return capi::report(problem, *contradiction);
    auto anchors = anchors_of(known);
    if (!anchors) return capi::report(problem, anchors.problem());
    if (const auto looked = look_at_anchor_state(known, *anchors); !looked)
      return capi::report(problem, looked.problem());

    dns::ResolverSettings made;
    auto chains = service::served_chain_judge(capi::served_chains_of(known, *anchors));
    made.engine = engine_of(known, std::move(anchors).value());
    made.deadline = capi::deadline_of(known);
    made.cache_entries = capi::cache_entries_of(known);
    made.negative_anchors = capi::names_of(known, "negative_anchors");
    auto shared = dns::Resolver::create(std::move(made));
    auto never_asked = capi::names_of(known, "never_asked");
    auto source = service::dns_plan_source(shared, never_asked, std::move(chains));
    *resolver = new danelaw_resolver{std::move(shared), std::move(source), std::move(never_asked),
                                     capi::resolvers_of(known)};
    return static_cast<int>(DANELAW_OK);
  });
}

void danelaw_resolver_free(danelaw_resolver* resolver) { delete resolver; }

int danelaw_check_cache(const danelaw_settings* settings, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    const std::string directory = capi::cache_directory_of(capi::or_defaults(settings));
    const std::string wrong = directory.empty() ? "" : dns::problem_with_directory(directory);
    if (wrong.empty()) return static_cast<int>(DANELAW_OK);
    return capi::report(problem, DANELAW_ERR_RESOURCE, wrong + "; it is not used");
  });
}

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
    if (!made) {
      auto late = std::make_shared<verify::Plan>(*verify::plan_without_records(
          *service, policy,
          tlsa::TlsaOutcome(tlsa::LookupError{tlsa::LookupFault::Timeout, "no answer in time"})));
      late->origin = verify::Origin::Dns;
      made = std::move(late);
    }
    *plan = new danelaw_plan(std::move(made));
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_resolver_asks(const danelaw_resolver* resolver, const char* ip, unsigned port) {
  if (resolver == nullptr || ip == nullptr) return 0;
  const auto address = address_from_text(ip);
  if (!address) return 0;
  return std::ranges::any_of(resolver->asked, [&](const dns::ResolverAddress& one) {
    return one.port == port && address_from_text(one.ip) == address;
  });
}
