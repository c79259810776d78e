// One name of the alias chain: what the bag says about it, or where it leads on. Inside only; judge() goes from hop to hop.
//
// The order is that of proof: what the deepest secure zone signed for the name itself needs no denial; then what is proven
// about cuts; then wildcards, then denial. Only what is proven ends it; if nothing is, the failure nearest the name is told.
#pragma once

#include <optional>
#include <variant>

#include "dnssec/denials.hpp"
#include "dnssec/descent.hpp"
#include "dnssec/evidence.hpp"
#include "dnssec/judgement.hpp"
#include "dnssec/session.hpp"

namespace danelaw::dnssec {

struct Alias {
  DnsName target;
  EpochSeconds expires = 0;
};
/// Results have no aliases yet.
using HopEnd = std::variant<Bogus, SecureRrset, SecureDenial, Insecure, Missing, Alias>;

class Hop final {
 public:
  Hop(Session& session, const Question& question) : m_session(session), m_question(question) {}
  HopEnd run();

 private:
  /// An RRset whose signature is a wildcard's: it counts only with a proof that no closer name exists.
  struct Expanded {
    const Rrset* rrset;
    Signed valid;
  };
  std::optional<HopEnd> signed_for_name();
  std::optional<HopEnd> redirected();
  std::optional<HopEnd> signed_here(const Rrset& rrset);
  HopEnd judged(const Rrset& rrset, const Signed& valid, EpochSeconds expires) const;
  std::optional<HopEnd> by_wildcard(Denials& denials) const;
  std::optional<HopEnd> denied(Denials& denials, const Evidence& evidence) const;
  std::optional<HopEnd> denied_by_wildcard(Denials& denials, const NextCloser& closer) const;
  HopEnd denial(DenialKind kind, EpochSeconds expires) const;
  HopEnd insecure(InsecureReason reason, const DnsName& cut, EpochSeconds expires) const;
  HopEnd unproven(Denials& denials, const Evidence& evidence) const;
  HopEnd beyond_proof(EpochSeconds expires) const;
  HopEnd unsigned_answer(const Open* open) const;
  [[nodiscard]] bool denies_type(const TypeBitmap& types) const;
  [[nodiscard]] EpochSeconds end_of(const Signed& valid) const;

  Session& m_session;
  Question m_question;
  ZoneKeys* m_zone = nullptr;
  std::optional<Bogus> m_ds_fault = {};
  std::optional<BogusReason> m_fault = {};  ///< of the answer's signatures, the one nearest to a valid one
  std::optional<Expanded> m_expanded = {};
};

}  // namespace danelaw::dnssec
