#include "domain_check.hpp"

#include "parallel.hpp"
#include "settings.hpp"
#include "smtp_faults.hpp"

namespace danelaw::cli {
namespace {

constexpr std::size_t hosts_at_once = 4;

/// EHLO, STARTTLS and handshake with every address of the host; nothing is sent after that.
void connect(const DomainCheck& check, const danelaw_route& route, std::size_t index, MxHost& host) {
  if (host.requirement == DANELAW_DO_NOT_USE) return;
  AddressSearch search(host.name, host.port, Family::Any);
  const Target target{host.name, host.port, is_address(host.name)};
  const Approach approach{.context = check.context,
                          .plan = *danelaw_route_plan(&route, index),
                          .starttls = find_starttls("smtp"),
                          .target = target,
                          .timeout = timeout_of(check.settings),
                          .route = &route,
                          .host = index};
  const AddressList list = search.wait(approach.timeout);
  host.address_problem = list.problem;
  for (const Address& address : list.addresses) host.peers.push_back(try_peer(address, approach));
  judge_peers(host);
}

std::vector<MxHost> look_at_hosts(const DomainCheck& check, const danelaw_route& route) {
  std::vector<MxHost> hosts;
  for (std::size_t i = 0; i < danelaw_route_count(&route); ++i) hosts.push_back(mx_host(route, i));
  if (check.connect == Connect::Yes)
    in_parallel(hosts.size(), hosts_at_once, [&](std::size_t i) { connect(check, route, i, hosts[i]); });
  return hosts;
}

}  // namespace

DomainReport look_at(const DomainCheck& check, const std::string& domain) {
  danelaw_problem problem{};
  danelaw_route* raw = nullptr;
  const int code = danelaw_smtp_plan(&check.resolver, &check.settings, domain.c_str(), &raw, &problem);
  const Route route(raw);
  if (code != DANELAW_OK) return report_without_route(domain, problem);
  DomainReport report = make_domain_report(*route, look_at_hosts(check, *route));
  explain_faults(report, check.find_faults == FindFaults::ByMoreQuestions ? &check.resolver : nullptr);
  return report;
}

}  // namespace danelaw::cli
