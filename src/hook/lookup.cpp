#include "hook/lookup.hpp"

#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/dns_name.hpp"
#include "hook/quiet_errors.hpp"

namespace danelaw::hook {
namespace {

/// No source may hold a handshake up for longer.
constexpr std::chrono::milliseconds longest_patience = std::chrono::hours(1);

/// The name for SNI, which an address has not; fails where the service is none.
Result<std::string> server_name_for(const verify::Service& service) {
  if (service.port == 0) return Problem{Fault::Port, "port 0 is no port: give 1 to 65535"};
  if (auto name = server_name_of(service.host)) return *std::move(name);
  if (is_address_literal(service.host)) return std::string();
  return Problem{Fault::Name, "\"" + service.host + "\" is neither a host name nor an IP address"};
}

bool has_usable_records(const verify::Plan& plan) {
  const auto* outcome = std::get_if<tlsa::TlsaOutcome>(&plan.evidence);
  return outcome != nullptr && std::holds_alternative<tlsa::SecureUsable>(*outcome);
}

}  // namespace

bool is_address_literal(const std::string& host) {
  const std::string address = host.substr(0, host.find('%'));  // RFC 4007 section 11: %zone
  const bool may_be_v6 = address.find(':') != std::string::npos;
  if (!may_be_v6 && address.find_first_not_of("0123456789.") != std::string::npos) return false;
  const QuietErrors quiet;
  ASN1_OCTET_STRING* octets = a2i_IPADDRESS(address.c_str());
  ASN1_OCTET_STRING_free(octets);
  return octets != nullptr;
}

std::optional<std::string> server_name_of(const std::string& text) {
  const bool escaped = text.find('\\') != std::string::npos;
  if (escaped || is_address_literal(text)) return std::nullopt;
  const auto name = DnsName::from_text(text);
  if (!name.ok() || !name->is_host_name()) return std::nullopt;
  return name->to_text();
}

Result<Lookup> Lookup::start(const verify::Service& service, const verify::Policy& policy,
                             std::shared_ptr<verify::PlanSource> source, verify::Candidates candidates) {
  auto name = server_name_for(service);
  if (!name) return name.problem();
  const bool is_address = name->empty();
  const std::string host = is_address ? service.host : *name;
  Lookup lookup({host, service.port, service.transport}, std::move(*name), policy);

  using Why = verify::NotAsked::Why;
  std::optional<Why> not_asked;
  if (policy.mode == verify::Mode::Off) not_asked = Why::ModeOff;
  if (is_address) not_asked = Why::AddressLiteral;
  if (not_asked) {
    lookup.m_pending =
        verify::ready(verify::plan_without_records(lookup.m_service, policy, verify::NotAsked{*not_asked}));
    return lookup;
  }
  if (source == nullptr)
    return Problem{Fault::State, "the SSL_CTX was attached without a source of plans: hand one over instead"};
  lookup.m_source = std::move(source);
  lookup.m_chain_source = lookup.m_source;
  lookup.m_candidates = candidates;
  lookup.ask(candidates);
  return lookup;
}

Result<Lookup> Lookup::hand_over(verify::SharedPlan plan, std::shared_ptr<verify::PlanSource> source) {
  if (plan == nullptr) return Problem{Fault::Argument, "there is no plan to hand over"};
  const auto& name = plan->kept.server_name.get([&plan] { return server_name_for(plan->service); });
  if (!name) return name.problem();
  Lookup lookup(plan->service, *name, plan->policy);
  lookup.m_handed_over = plan;
  lookup.m_chain_source = std::move(source);
  lookup.m_pending = verify::ready(std::move(plan));
  return lookup;
}

void Lookup::ask(verify::Candidates candidates) {
  replace_pending(nullptr);
  m_proven = false;
  m_asker = getpid();
  m_asked_for = candidates;
  m_weaker = nullptr;
  m_pending = m_source->start(m_service, m_policy, candidates);
  m_asked = std::chrono::steady_clock::now();
  m_used = false;
}

/// What was waited for goes, and with it its search; but not the descriptor that somebody polls.
void Lookup::replace_pending(std::shared_ptr<verify::PendingPlan> pending) {
  if (m_pending != nullptr && m_watched) m_replaced.push_back(std::move(m_pending));
  m_pending = std::move(pending);
  m_watched = false;
}

bool Lookup::follow_fork() {
  if (m_source == nullptr || m_proven || m_asker == getpid()) return false;
  // WARNING: what is pending must not even be looked at: a lock of it may be held by a thread that is not here.
  const bool used = m_used;
  ask(m_asked_for);
  m_used = used;
  return true;
}

void Lookup::renew_if_stale(EpochSeconds now) {
  m_weaker = nullptr;
  if (m_handed_over != nullptr && m_proven) {
    replace_pending(verify::ready(m_handed_over));
    m_proven = false;
  }
  if (m_source == nullptr) return;
  follow_fork();
  const verify::SharedPlan plan = m_pending == nullptr ? nullptr : m_pending->wait(no_waiting);
  const bool expired = plan != nullptr && now >= plan->expires;
  const auto* outcome = plan == nullptr ? nullptr : std::get_if<tlsa::TlsaOutcome>(&plan->evidence);
  const bool error = outcome != nullptr && std::holds_alternative<tlsa::LookupError>(*outcome);
  // What was fetched for this very handshake is good for it, even with a TTL of 0.
  const bool for_another = m_used || std::chrono::steady_clock::now() - m_asked > patience();
  if (m_pending == nullptr || (for_another && (expired || error))) ask(m_candidates);
  m_used = true;
}

void Lookup::restrict_to_host() {
  if (m_source == nullptr) return;
  ask(verify::Candidates::HostOnly);
  m_used = true;
}

verify::ChainJudge* Lookup::chain_judge() const {
  return m_chain_source == nullptr ? nullptr : m_chain_source->chain_judge();
}

bool Lookup::wants_chain() const {
  if (m_policy.mode == verify::Mode::Off || chain_judge() == nullptr) return false;
  const verify::SharedPlan known = m_pending == nullptr ? nullptr : m_pending->wait(no_waiting);
  return known == nullptr || verify::lookup_error_of(*known) != nullptr;
}

Result<verify::ProvenPlan> Lookup::judge_chain(Bytes extension_data) const {
  return chain_judge()->judge(m_service, m_policy, extension_data);
}

void Lookup::use_chain(const verify::SharedPlan& proven) {
  const verify::SharedPlan known = m_pending == nullptr ? nullptr : m_pending->wait(no_waiting);
  if (known != nullptr && verify::is_at_least_as_strong(*known, *proven)) return;
  if (!has_usable_records(*proven)) {
    // What takes DANE away may be old, and says nothing of the names that the host is an alias of: the search goes on, and where
    // aliases count (RFC 7671 section 7) its failure stays a failure.
    if (m_source != nullptr && m_asked_for == verify::Candidates::HostOnly) m_weaker = proven;
    return;
  }
  replace_pending(verify::ready(proven));
  m_proven = true;
}

std::optional<std::string> Lookup::server_name(Deadline until) const {
  if (m_pending == nullptr) return own_server_name();
  const auto base_domain = m_pending->wait_for_base_domain(until);
  if (!base_domain) return std::nullopt;
  if (*base_domain == own_server_name()) return base_domain;
  // Where the base domain is no name to send, plan() will not take the plan.
  return server_name_of(*base_domain).value_or(own_server_name());
}

verify::SharedPlan Lookup::plan(Deadline until, std::string_view server_name, EpochSeconds now) const {
  using tlsa::LookupFault;
  if (m_pending == nullptr) return failed(LookupFault::Source, "the plan source started no search");
  verify::SharedPlan plan = m_pending->wait(until);
  if (plan == nullptr) return nullptr;
  if (m_policy.mode == verify::Mode::Off) return plan;  // nothing rests on it
  if (m_weaker != nullptr && verify::lookup_error_of(*plan) != nullptr) plan = m_weaker;
  if (const auto* error = verify::lookup_error_of(*plan))
    return failed(error->fault, error->reason, plan->origin);
  if (!(plan->service == m_service))
    return failed(LookupFault::Source, "the plan is for " + to_text(plan->service));
  if (!(plan->policy == m_policy)) return failed(LookupFault::Source, "the plan is for another policy");
  // RFC 7671 section 7: the name that is matched is the name that was sent.
  if (plan->base_domain != server_name && server_name_of(plan->base_domain).value_or("") != server_name)
    return failed(LookupFault::Source, "the plan is for the base domain \"" + plan->base_domain +
                                           "\", but SNI was \"" + std::string(server_name) + "\"");
  if (m_handed_over != nullptr && !m_proven && now >= plan->expires)
    return failed(LookupFault::Source, "the plan that was handed over has expired");
  return plan;
}

verify::SharedPlan Lookup::too_late() const {
  return failed(tlsa::LookupFault::Timeout, "no plan within " + std::to_string(patience().count()) + " ms");
}

bool Lookup::is_ready() const { return m_pending == nullptr || m_pending->wait(no_waiting) != nullptr; }

int Lookup::descriptor() {
  if (m_pending == nullptr) return -1;
  m_watched = true;
  return m_pending->descriptor();
}

std::chrono::milliseconds Lookup::patience() const {
  if (m_source == nullptr) return std::chrono::milliseconds(0);
  return std::clamp(m_source->patience(), std::chrono::milliseconds(0), longest_patience);
}

verify::SharedPlan Lookup::failed(tlsa::LookupFault fault, std::string reason, verify::Origin origin) const {
  auto plan = std::make_shared<verify::Plan>(*verify::plan_without_records(
      m_service, m_policy, tlsa::TlsaOutcome(tlsa::LookupError{fault, std::move(reason)})));
  plan->origin = origin;
  return plan;
}

}  // namespace danelaw::hook
