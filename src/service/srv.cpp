#include "service/srv.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "dns/idn.hpp"
#include "service/names.hpp"
#include "service/private_names.hpp"

namespace danelaw::service {
namespace {

class SrvItinerary final : public Itinerary {
 public:
  explicit SrvItinerary(SrvQuestion question) : m_asked(std::move(question)) {
    m_asked.policy.profile = verify::Profile::Srv;
  }

  [[nodiscard]] std::string domain() const override { return m_asked.domain.to_text(); }
  [[nodiscard]] verify::Policy policy() const override { return m_asked.policy; }
  [[nodiscard]] tlsa::Transport transport() const override { return m_asked.transport; }
  [[nodiscard]] std::optional<dns::Question> question() const override {
    if (is_private(m_asked.domain, m_asked.never_asked)) return std::nullopt;
    return dns::Question{m_asked.owner, RrType::Srv};
  }
  [[nodiscard]] ReferralResult direct() const override {
    return NoReferral{NoReferral::Why::NoRecords, "private-name",
                      "the name is private: DNS is never asked about it"};
  }
  [[nodiscard]] ReferralResult read(const dns::Answer& answer) const override {
    return srv_referral(answer, m_asked.random);
  }

  /// R7673-3a: the target is an attacker's choice, so the peer is to be whom the user asked for, by name and by SNI.
  [[nodiscard]] verify::SharedPlan plan_without_lookup(const Referral& referral,
                                                       const Candidate& candidate) const override {
    if (referral.standing == Standing::Secure) return nullptr;
    return verify::plan_without_records(
        {domain(), candidate.port, m_asked.transport}, m_asked.policy,
        tlsa::TlsaOutcome(tlsa::Insecure{"the SRV records of " + domain() + " are " + referral.reason}));
  }

  /// R7673-4a: target and service domain.
  void refine(const Referral& referral, verify::Plan& plan) const override {
    if (referral.standing == Standing::Secure) add_name(plan, domain());
  }

  void describe(const Referral& referral, RouteHost& host) const override {
    host.speaks_for_domain = referral.standing == Standing::Secure;
    if (!host.speaks_for_domain && host.requirement == Requirement::Opportunistic) host.code = "srv-insecure";
  }

 private:
  SrvQuestion m_asked;
};

bool is_label_character(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '-';
}

}  // namespace

Result<DnsName> srv_owner(std::string_view service, tlsa::Transport transport, const DnsName& domain) {
  constexpr std::size_t most_characters = 15;  // RFC 6335 section 5.1
  const std::string_view bare = service.starts_with('_') ? service.substr(1) : service;
  if (bare.empty() || bare.size() > most_characters ||
      !std::all_of(bare.begin(), bare.end(), is_label_character))
    return Problem{Fault::Name, dns::quoted(service) + " is no service name; imaps and xmpp-client are"};
  const auto below = domain.child("_" + std::string(tlsa::to_string(transport)));
  if (!below) return below.problem();
  return below->child("_" + std::string(bare));
}

std::unique_ptr<const Itinerary> srv_itinerary(SrvQuestion question) {
  return std::make_unique<SrvItinerary>(std::move(question));
}

}  // namespace danelaw::service
