#include "service/smtp.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "service/names.hpp"
#include "service/private_names.hpp"

namespace danelaw::service {
namespace {

class SmtpItinerary final : public Itinerary {
 public:
  explicit SmtpItinerary(SmtpQuestion question) : m_asked(std::move(question)) {
    m_asked.policy.profile = verify::Profile::Smtp;
  }

  [[nodiscard]] std::string domain() const override { return m_asked.next_hop.service.host; }
  [[nodiscard]] verify::Policy policy() const override { return m_asked.policy; }

  [[nodiscard]] std::optional<dns::Question> question() const override {
    if (m_asked.next_hop.kind != NextHop::Kind::Domain) return std::nullopt;
    const DnsName name = DnsName::from_text(domain()).value();
    if (is_private(name, m_asked.never_asked)) return std::nullopt;
    return dns::Question{name, RrType::Mx};
  }

  [[nodiscard]] ReferralResult direct() const override {
    Referral referral;
    referral.standing = Standing::Direct;
    referral.candidates.push_back({domain(), m_asked.next_hop.service.port, 0, 0, true});
    referral.expires = std::numeric_limits<EpochSeconds>::max();
    return referral;
  }

  [[nodiscard]] ReferralResult read(const dns::Answer& answer) const override {
    return mx_referral(DnsName::from_text(domain()).value(), m_asked.next_hop.service.port, answer,
                       m_asked.random);
  }

  /// RFC 7672 section 2.2.1: whoever forges MX records chooses hosts whose TLSA records are his own.
  [[nodiscard]] verify::SharedPlan plan_without_lookup(const Referral& referral,
                                                       const Candidate& candidate) const override {
    const bool mandatory = m_asked.policy.mode == verify::Mode::Mandatory;
    if (!is_redirected(referral) || (m_asked.insecure_mx != InsecureMx::May && !mandatory)) return nullptr;
    return verify::plan_without_records(
        {candidate.host, candidate.port, tlsa::Transport::Tcp}, m_asked.policy,
        tlsa::TlsaOutcome(tlsa::Insecure{"the MX records of " + domain() + " are " + referral.reason}));
  }

  void refine(const Referral& referral, verify::Plan& plan) const override {
    auto* const outcome = std::get_if<tlsa::TlsaOutcome>(&plan.evidence);
    auto* const usable = outcome == nullptr ? nullptr : std::get_if<tlsa::SecureUsable>(outcome);
    if (usable == nullptr) return;
    // R7672-3.2.2a: the base domain, and where the redirection is secure those on whose behalf it was made.
    if (is_redirected(referral)) {
      if (m_asked.insecure_mx != InsecureMx::Dane)
        plan.evidence = tlsa::TlsaOutcome(tlsa::SecureUnusable{std::move(usable->records)});
      return;
    }
    add_name(plan, domain());
    if (referral.standing == Standing::Secure && !referral.implicit)
      add_name(plan, referral.expanded.to_text());
  }

  void describe(const Referral& referral, RouteHost& host) const override {
    host.speaks_for_domain = !is_redirected(referral);
    const bool records_do_not_decide =
        host.requirement == Requirement::Encrypt || host.requirement == Requirement::Opportunistic;
    if (!is_redirected(referral) || !records_do_not_decide) return;
    host.code = "mx-insecure";
    if (host.requirement == Requirement::Encrypt)
      host.reason = "it has TLSA records, and the MX records that name it are " + referral.reason;
  }

 private:
  /// True where an attacker may have chosen the hosts. A domain that is its own mail host was chosen by the sender.
  static bool is_redirected(const Referral& referral) {
    return referral.standing == Standing::Insecure && !referral.implicit;
  }

  SmtpQuestion m_asked;
};

}  // namespace

std::unique_ptr<const Itinerary> smtp_itinerary(SmtpQuestion question) {
  return std::make_unique<SmtpItinerary>(std::move(question));
}

}  // namespace danelaw::service
