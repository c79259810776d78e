#include "service_check.hpp"

#include <cstring>
#include <utility>

#include "settings.hpp"

namespace danelaw::cli {
namespace {

bool takes_proofs_of_servers(const danelaw_settings& settings) {
  return std::strcmp(danelaw_settings_get(&settings, "dnssec_chain"), "on") == 0;
}

}  // namespace

AddressSearch begin_address_search(const ServiceCheck& known) {
  return AddressSearch(known.address.value_or(known.target.host), known.target.port, known.family);
}

CheckReport try_addresses(const ServiceCheck& known, const danelaw_plan& plan, AddressSearch search,
                          danelaw_resolver* resolver) {
  // What a server proves may need them, too.
  const bool needs_store =
      takes_proofs_of_servers(known.settings) || danelaw_plan_needs_trust_store(&plan) != 0;
  if (!known.has_store && needs_store) SSL_CTX_set_default_verify_paths(&known.context);
  const Approach approach{known.context,  plan,         resolver,
                          known.starttls, known.target, timeout_of(known.settings)};
  const AddressList list = search.wait(approach.timeout);
  std::vector<PeerReport> peers;
  for (const Address& address : list.addresses) peers.push_back(try_peer(address, approach));
  return make_report(known.target, plan, std::move(peers), list.problem);
}

std::optional<CheckReport> check_by_dns(const ServiceCheck& known, danelaw_resolver& resolver,
                                        danelaw_problem& problem) {
  AddressSearch search = begin_address_search(known);
  danelaw_plan* plan = nullptr;
  const int asked = danelaw_plan_lookup(&resolver, &known.settings, known.target.host.c_str(),
                                        known.target.port, DANELAW_TRANSPORT_TCP, &plan, &problem);
  const Plan owner(plan);
  if (!succeeded(asked, problem)) return std::nullopt;
  // Fetched for this run, so good for all of it: a TTL of 0 says no less (RFC 1035 section 3.2.1).
  danelaw_plan_set_expiry(plan, INT64_MAX);
  return try_addresses(known, *plan, std::move(search), &resolver);
}

}  // namespace danelaw::cli
