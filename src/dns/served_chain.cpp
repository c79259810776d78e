#include "dns/served_chain.hpp"

#include <utility>

#include "dns/stub_answer.hpp"
#include "dnssec/authentication_chain.hpp"
#include "dnssec/judge.hpp"

namespace danelaw::dns {
namespace {

struct ResultOf {
  Result<TlsaResult> operator()(FailedAnswer failed) const {
    return Problem{Fault::Lookup, std::move(failed.reason)};
  }
  Result<TlsaResult> operator()(SecureRrset rrset) const {
    return TlsaResult(TlsaFound{std::move(rrset.rdatas)});
  }
  Result<TlsaResult> operator()(const SecureDenial&) const { return TlsaResult(TlsaAbsent{}); }
  Result<TlsaResult> operator()(InsecureAnswer insecure) const {
    return TlsaResult(TlsaInsecure{std::move(insecure.reason)});
  }
};

}  // namespace

Result<ServedAnswer> judge_served_chain(const TlsaQuestion& question, Bytes extension_data,
                                        const TrustAnchors& anchors, EpochSeconds now) {
  auto owner = tlsa::owner_name(question.port, question.transport, question.host);
  if (!owner) return Problem{Fault::Name, "the name is too long to have TLSA records"};
  const auto chain = dnssec::DnssecChainExtension::from_wire(extension_data);
  if (!chain) return chain.problem();
  const auto judgement = dnssec::judge({*std::move(owner), RrType::Tlsa}, chain->records, anchors, now);
  if (!dnssec::stands_alone(judgement.verdict))
    return Problem{Fault::Lookup, "the chain does not show that nothing better was left out"};
  Answer answer = answer_of(judgement.verdict, chain->records, now);
  const EpochSeconds expires = expiry_of(answer);
  auto result = std::visit(ResultOf(), std::move(answer));
  if (!result) return result.problem();
  return ServedAnswer{{std::move(result).value(), question.host, false, expires},
                      std::chrono::hours(chain->support_lifetime)};
}

}  // namespace danelaw::dns
