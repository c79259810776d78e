#include "dns/stub_answer.hpp"

#include <algorithm>
#include <span>

#include "dns/rcode.hpp"
#include "dns/reply.hpp"

namespace danelaw::dns {
namespace {

using dnssec::BogusReason;
using tlsa::LookupFault;

EpochSeconds capped(EpochSeconds expires, EpochSeconds now, std::chrono::seconds longest) {
  return std::clamp<EpochSeconds>(expires, now, now + longest.count());
}

struct AnswerOf {
  std::span<const dnssec::ResourceRecord> beside;
  EpochSeconds now;

  Answer operator()(const dnssec::Bogus& bogus) const {
    const bool no_anchor =
        bogus.reason == BogusReason::NoTrustAnchor || bogus.reason == BogusReason::TrustAnchorUnusable;
    return FailedAnswer{no_anchor ? LookupFault::NoTrustAnchor : LookupFault::Bogus, bogus.text};
  }

  Answer operator()(const dnssec::SecureRrset& secure) const {
    const EpochSeconds expires = capped(secure.expires, now, max_positive_lifetime);
    return SecureRrset{secure.owner, secure.rdatas, static_cast<std::uint32_t>(expires - now), expires};
  }

  Answer operator()(const dnssec::SecureDenial& denial) const {
    EpochSeconds expires = capped(denial.expires, now, max_denial_lifetime);
    for (const dnssec::ResourceRecord& record : beside)
      if (const auto lifetime = denial_lifetime(record)) expires = std::min(expires, now + *lifetime);
    return SecureDenial{denial.owner, denial.kind == dnssec::DenialKind::NoData, expires};
  }

  /// Aliases count only where they were signed: below a cut the very name is unsigned, whatever stands there.
  Answer operator()(const dnssec::Insecure& insecure) const {
    const std::string what = insecure.cut.to_text() + ": " + std::string(to_string(insecure.reason));
    return InsecureAnswer{"not signed: " + what, capped(insecure.expires, now, max_insecure_lifetime),
                          !insecure.aliases.empty()};
  }

  Answer operator()(const dnssec::Missing&) const {
    return FailedAnswer{LookupFault::Indeterminate, "what validation needs could not be had"};
  }
};

}  // namespace

Answer answer_of(const dnssec::Verdict& verdict, std::span<const dnssec::ResourceRecord> beside,
                 EpochSeconds now) {
  return std::visit(AnswerOf{beside, now}, verdict);
}

Answer answer_of(const dnssec::Verdict& verdict, const dnssec::Message& reply, EpochSeconds now) {
  const auto& asked = reply.question();
  const bool contradicted = contradicts_records(reply.rcode(), asked ? asked->type : RrType());
  if (contradicted && std::holds_alternative<dnssec::SecureRrset>(verdict))
    return FailedAnswer{LookupFault::Contradiction, "records at a name that the rcode says does not exist"};
  Answer answer = answer_of(verdict, reply.authority(), now);
  auto* const insecure = std::get_if<InsecureAnswer>(&answer);
  if (insecure != nullptr && asked) insecure->referral = referral_in({asked->name, asked->type}, reply);
  return answer;
}

Answer answer_of(const dnssec::Verdict& verdict, EpochSeconds now) {
  return answer_of(verdict, std::span<const dnssec::ResourceRecord>(), now);
}

}  // namespace danelaw::dns
