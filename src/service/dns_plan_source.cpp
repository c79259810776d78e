#include "service/dns_plan_source.hpp"

#include <atomic>
#include <utility>

#include "base/ip_address.hpp"
#include "service/private_names.hpp"

namespace danelaw::service {
namespace {

using verify::NotAsked;

tlsa::TlsaOutcome outcome_of(const dns::TlsaResult& result, verify::Profile profile) {
  if (const auto* found = std::get_if<dns::TlsaFound>(&result))
    return tlsa::outcome_of(tlsa::RecordSet::from_rdatas(found->rdatas, verify::usages_of(profile)));
  if (std::holds_alternative<dns::TlsaAbsent>(result)) return tlsa::SecureAbsent{};
  if (const auto* insecure = std::get_if<dns::TlsaInsecure>(&result)) return tlsa::Insecure{insecure->reason};
  return std::get<tlsa::LookupError>(result);
}

bool has_usable_records(const verify::Evidence& evidence) {
  const auto* outcome = std::get_if<tlsa::TlsaOutcome>(&evidence);
  return outcome != nullptr && std::holds_alternative<tlsa::SecureUsable>(*outcome);
}

class PendingFromDns final : public verify::PendingPlan {
 public:
  PendingFromDns(verify::Service service, const verify::Policy& policy,
                 std::shared_ptr<dns::PendingTlsa> lookup)
      : m_service(std::move(service)), m_policy(policy), m_lookup(std::move(lookup)) {}
  ~PendingFromDns() override { delete m_made.load(); }
  PendingFromDns(const PendingFromDns&) = delete;
  PendingFromDns& operator=(const PendingFromDns&) = delete;

  std::optional<std::string> wait_for_base_domain(Deadline deadline) override {
    const auto name = m_lookup->wait_for_base_domain(deadline);
    if (!name) return std::nullopt;
    if (name->to_text() == m_service.host) return m_service.host;
    // Another name than the host's is settled by records found there, so the plan comes with it; the plan knows whether
    // SNI is to carry that name.
    const verify::SharedPlan plan = wait(deadline);
    if (plan == nullptr) return std::nullopt;
    return plan->base_domain;
  }

  verify::SharedPlan wait(Deadline deadline) override {
    const auto answer = m_lookup->wait(deadline);
    return answer ? plan_of(answer) : nullptr;
  }

  int descriptor() override { return m_lookup->descriptor(); }

 private:
  using SharedAnswer = std::shared_ptr<const dns::TlsaAnswer>;
  struct Made {
    SharedAnswer answer;
    verify::SharedPlan plan;
  };

  /// Made at the first wait that has an answer, whichever thread's it is, and shared by all.
  verify::SharedPlan plan_of(const SharedAnswer& answer) {
    const Made* made = m_made.load();
    if (made == nullptr) {
      std::unique_ptr<const Made> fresh(new Made{answer, make_plan(m_service, m_policy, *answer)});
      // Where two threads try at once, one of them wins.
      if (m_made.compare_exchange_strong(made, fresh.get())) made = fresh.release();
    }
    // In a forked child the lookup began anew: its answer is another one.
    return made->answer == answer ? made->plan : make_plan(m_service, m_policy, *answer);
  }

  const verify::Service m_service;
  const verify::Policy m_policy;
  const std::shared_ptr<dns::PendingTlsa> m_lookup;
  std::atomic<const Made*> m_made{nullptr};  // owned; no lock, which a fork could leave held
};

class DnsPlanSource final : public verify::PlanSource {
 public:
  DnsPlanSource(std::shared_ptr<dns::Resolver> resolver, std::vector<DnsName> never_asked,
                std::unique_ptr<verify::ChainJudge> chains)
      : m_resolver(std::move(resolver)), m_never_asked(std::move(never_asked)), m_chains(std::move(chains)) {}

  std::shared_ptr<verify::PendingPlan> start(const verify::Service& service, const verify::Policy& policy,
                                             verify::Candidates candidates) override {
    const auto without = [&](verify::Evidence evidence) {
      return verify::ready(verify::plan_without_records(service, policy, std::move(evidence)));
    };
    if (policy.mode == verify::Mode::Off) return without(NotAsked{NotAsked::Why::ModeOff});
    if (service.host.empty() || service.port == 0) return without(NotAsked{NotAsked::Why::NoService});
    if (is_address_literal(service.host)) return without(NotAsked{NotAsked::Why::AddressLiteral});
    auto name = DnsName::from_text(service.host);
    if (!name)
      return without(tlsa::TlsaOutcome(tlsa::LookupError{tlsa::LookupFault::Internal, name.problem().text}));
    if (is_private(*name, m_never_asked)) return without(NotAsked{NotAsked::Why::PrivateName});

    const auto aliases =
        candidates == verify::Candidates::FollowAliases ? dns::AliasOrder::Follow : dns::AliasOrder::HostOnly;
    return std::make_shared<PendingFromDns>(
        service, policy, m_resolver->look_up({*std::move(name), service.port, service.transport, aliases}));
  }

  /// The resolver keeps its deadline by itself; the margin lets its own word about it arrive.
  [[nodiscard]] std::chrono::milliseconds patience() const override {
    constexpr std::chrono::milliseconds margin{250};
    return m_resolver->deadline() + margin;
  }

  [[nodiscard]] verify::ChainJudge* chain_judge() override { return m_chains.get(); }

 private:
  const std::shared_ptr<dns::Resolver> m_resolver;
  const std::vector<DnsName> m_never_asked;
  const std::unique_ptr<verify::ChainJudge> m_chains;
};

}  // namespace

std::shared_ptr<verify::PlanSource> dns_plan_source(std::shared_ptr<dns::Resolver> resolver,
                                                    std::vector<DnsName> never_asked,
                                                    std::unique_ptr<verify::ChainJudge> chains) {
  return std::make_shared<DnsPlanSource>(std::move(resolver), std::move(never_asked), std::move(chains));
}

verify::SharedPlan make_plan(const verify::Service& service, const verify::Policy& policy,
                             const dns::TlsaAnswer& answer, verify::Origin origin) {
  auto plan = std::make_shared<verify::Plan>();
  plan->service = service;
  plan->policy = policy;
  plan->evidence = outcome_of(answer.result, policy.profile);
  plan->origin = origin;
  // R7671-3a, R7671-7c: SNI and the first reference identifier are the base domain where there are records to match;
  // where the application's own verification decides, it expects the name that it asked for.
  const bool decides = has_usable_records(plan->evidence);
  plan->base_domain = decides ? answer.base_domain.to_text() : service.host;
  plan->reference_identifiers = {plan->base_domain};
  // RFC 7672 section 3.2.2 names the base domain alone where nothing is known but the host.
  const bool host_counts = policy.profile != verify::Profile::Smtp;
  if (host_counts && plan->base_domain != service.host) plan->reference_identifiers.push_back(service.host);
  plan->expires = answer.expires;  // at once for a failed lookup
  return plan;
}

}  // namespace danelaw::service
