#include "dns/stub_answer.hpp"

#include <algorithm>

#include "dns/reply.hpp"

namespace danelaw::dns {
namespace {

using dnssec::BogusReason;
using tlsa::LookupFault;

EpochSeconds capped(EpochSeconds expires, EpochSeconds now, std::chrono::seconds longest) {
  return std::clamp<EpochSeconds>(expires, now, now + longest.count());
}

struct AnswerOf {
  const dnssec::Message& reply;
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
    for (const dnssec::ResourceRecord& record : reply.authority())
      if (const auto lifetime = denial_lifetime(record)) expires = std::min(expires, now + *lifetime);
    return SecureDenial{denial.owner, denial.kind == dnssec::DenialKind::NoData, expires};
  }

  /// Aliases count only where they were signed: below a cut the very name is unsigned, whatever stands there.
  Answer operator()(const dnssec::Insecure& insecure) const {
    const std::string what = insecure.cut.to_text() + ": " + std::string(to_string(insecure.reason));
    InsecureAnswer answer{"not signed: " + what, capped(insecure.expires, now, max_insecure_lifetime),
                          !insecure.aliases.empty()};
    if (const auto& asked = reply.question())
      answer.referral = referral_in({asked->name, asked->type}, reply);
    return answer;
  }

  Answer operator()(const dnssec::Missing&) const {
    return FailedAnswer{LookupFault::Indeterminate, "what validation needs could not be had"};
  }
};

}  // namespace

Answer answer_of(const dnssec::Verdict& verdict, const dnssec::Message& reply, EpochSeconds now) {
  return std::visit(AnswerOf{reply, now}, verdict);
}

}  // namespace danelaw::dns
