#include "dnssec/hop.hpp"

#include <algorithm>

#include "dnssec/alias.hpp"
#include "dnssec/missing.hpp"
#include "dnssec/names.hpp"

namespace danelaw::dnssec {

HopEnd Hop::run() {
  Descent descent = descend(m_session, m_question);
  if (auto* const bogus = std::get_if<Bogus>(&descent)) return std::move(*bogus);
  if (const auto* const cut = std::get_if<Insecure>(&descent))
    return insecure(cut->reason, cut->cut, cut->expires);
  if (const auto* const missing = std::get_if<KeysMissing>(&descent))
    return missing_keys(m_session, m_question, missing->zone);
  m_zone = std::get<Deepest>(descent).zone;
  m_ds_fault = std::move(std::get<Deepest>(descent).fault);

  if (auto end = signed_for_name()) return std::move(*end);
  if (auto end = redirected()) return std::move(*end);
  Denials denials(m_session.bag, *m_zone, m_session.signatures, m_session.hashes, m_session.work.limits());
  const Evidence evidence = evidence_for(denials, m_zone->zone, m_question, m_session.work);
  if (const auto* const cut = std::get_if<Insecure>(&evidence))
    return insecure(cut->reason, cut->cut, cut->expires);
  if (!std::holds_alternative<SecureCut>(evidence)) {
    if (auto end = by_wildcard(denials)) return std::move(*end);
    if (auto end = denied(denials, evidence)) return std::move(*end);
  }
  return unproven(denials, evidence);
}

std::optional<HopEnd> Hop::signed_for_name() {
  for (const Rrset& rrset : m_session.bag.find(m_question.name, m_question.type)) {
    if (auto end = signed_here(rrset)) return end;
  }
  if (m_question.type == RrType::Cname) return std::nullopt;
  for (const Rrset& rrset : m_session.bag.find(m_question.name, RrType::Cname)) {
    if (auto end = signed_here(rrset)) return end;
  }
  return std::nullopt;
}

std::optional<HopEnd> Hop::signed_here(const Rrset& rrset) {
  const SignatureVerdict& verdict = m_session.signatures.check(rrset, *m_zone);
  const auto* const valid = std::get_if<Signed>(&verdict);
  if (valid == nullptr) {
    const BogusReason reason = std::get<BogusReason>(verdict);
    m_fault = std::max(m_fault.value_or(reason), reason);
    return std::nullopt;
  }
  if (valid->covers_itself(rrset.owner)) return judged(rrset, *valid, end_of(*valid));
  // What marks a zone cut or a redirection stands at its own name only (RFC 4592 section 4).
  if (!m_expanded && rrset.type != RrType::Ds) m_expanded = Expanded{&rrset, *valid};
  return std::nullopt;
}

/// RFC 6672 section 5.3: a DNAME of this zone above the name. Only its own substitution counts; a CNAME beside it that says
/// something else has no signature and is as if not there.
std::optional<HopEnd> Hop::redirected() {
  const std::size_t own = m_question.name.label_count();
  for (std::size_t labels = m_zone->zone.label_count(); labels < own; ++labels) {
    for (const Rrset& rrset : m_session.bag.find(m_question.name.ancestor(labels), RrType::Dname)) {
      const auto* const valid = std::get_if<Signed>(&m_session.signatures.check(rrset, *m_zone));
      if (valid == nullptr || !valid->covers_itself(rrset.owner)) continue;
      const auto target = alias_target(rrset.rdatas.front());
      if (!target) return Bogus{BogusReason::AliasMalformed, shown(rrset.owner, RrType::Dname) + ": no name"};
      auto moved = substituted(m_question.name, rrset.owner, *target);
      if (!moved)
        return Bogus{BogusReason::AliasTooLong,
                     shown(rrset.owner, RrType::Dname) + ": the name it makes of this one is too long"};
      m_session.signatures.note<Led>(&rrset, m_question.name, *moved);
      return Alias{std::move(*moved), end_of(*valid)};
    }
  }
  return std::nullopt;
}

EpochSeconds Hop::end_of(const Signed& valid) const {
  return std::min({m_session.now() + valid.ttl, valid.signed_until, m_zone->signed_until});
}

HopEnd Hop::judged(const Rrset& rrset, const Signed& valid, EpochSeconds expires) const {
  if (rrset.type == m_question.type) {
    SecureRrset secure{rrset.owner, rrset.type, {}, valid.ttl, {}, expires};
    for (const Bytes rdata : rrset.rdatas) secure.rdatas.push_back(to_buffer(rdata));
    return secure;
  }
  auto target = alias_target(rrset.rdatas.front());
  if (!target) return Bogus{BogusReason::AliasMalformed, shown(rrset.owner, RrType::Cname) + ": no name"};
  m_session.signatures.note<Led>(&rrset, m_question.name, *target);
  return Alias{std::move(*target), expires};
}

/// R4035-5.3.4a: the wildcard's parent must be the closest encloser, so the name one label longer must not exist.
std::optional<HopEnd> Hop::by_wildcard(Denials& denials) const {
  if (!m_expanded) return std::nullopt;
  const DnsName next_closer = m_question.name.ancestor(m_expanded->valid.labels + 1);
  const auto absence = denials.covered(next_closer);
  if (!absence) return std::nullopt;
  if (absence->opt_out == OptOut::Yes) return insecure(InsecureReason::OptOut, next_closer, absence->expires);
  return judged(*m_expanded->rrset, m_expanded->valid, std::min(end_of(m_expanded->valid), absence->expires));
}

/// R6840-4.3a, R6840-4.1a; for DS, which is the parent's, the child's apex has no say (R4035-5.4a).
bool Hop::denies_type(const TypeBitmap& types) const {
  if (types.has(m_question.type) || types.has(RrType::Cname)) return false;
  if (m_question.type != RrType::Ds) return !types.is_delegation();
  return !types.has(RrType::Soa) || m_question.name.is_root();
}

std::optional<HopEnd> Hop::denied(Denials& denials, const Evidence& evidence) const {
  if (const auto* const closer = std::get_if<NextCloser>(&evidence))
    return denied_by_wildcard(denials, *closer);
  const auto wanted = [this](const TypeBitmap& types) { return denies_type(types); };
  if (const auto matched = denials.matched(m_question.name, wanted))
    return denial(DenialKind::NoData, matched->expires);
  if (const auto expires = denials.empty_non_terminal(m_question.name))
    return denial(DenialKind::NoData, *expires);
  // For DS the evidence ends above the name.
  if (m_question.type != RrType::Ds || m_question.name == m_zone->zone) return std::nullopt;
  const auto absence = denials.absent(m_question.name);
  if (!absence) return std::nullopt;
  if (absence->opt_out == OptOut::Yes)
    return insecure(InsecureReason::OptOut, m_question.name, absence->expires);
  return denied_by_wildcard(denials, NextCloser{m_question.name, absence->expires});
}

std::optional<HopEnd> Hop::denied_by_wildcard(Denials& denials, const NextCloser& closer) const {
  const auto wildcard = wildcard_of(closer.name.parent());
  if (!wildcard) return denial(DenialKind::NameError, closer.expires);
  const auto wanted = [this](const TypeBitmap& types) { return denies_type(types); };
  if (const auto matched = denials.matched(*wildcard, wanted))
    return denial(DenialKind::NoData, std::min(closer.expires, matched->expires));
  if (const auto expires = denials.empty_non_terminal(*wildcard))
    return denial(DenialKind::NoData, std::min(closer.expires, *expires));
  const auto absence = denials.absent(*wildcard);
  if (!absence) return std::nullopt;
  return denial(DenialKind::NameError, std::min(closer.expires, absence->expires));
}

HopEnd Hop::denial(DenialKind kind, EpochSeconds expires) const {
  return SecureDenial{kind, m_question.name, {}, std::min(expires, m_zone->signed_until)};
}

HopEnd Hop::insecure(InsecureReason reason, const DnsName& cut, EpochSeconds expires) const {
  const EpochSeconds signed_until = m_zone != nullptr ? m_zone->signed_until : Insecure::never;
  return Insecure{reason, cut, m_question.name, {}, std::min(expires, signed_until)};
}

HopEnd Hop::unproven(Denials& denials, const Evidence& evidence) const {
  const bool zone_signed = m_fault && *m_fault > BogusReason::WrongSigner;
  if (zone_signed)
    return Bogus{*m_fault, shown(m_question.name, m_question.type) + ": " + std::string(to_string(*m_fault))};
  if (const auto* const cut = std::get_if<SecureCut>(&evidence)) {
    if (m_ds_fault) return *m_ds_fault;
    return missing_chain(m_session, {cut->name});
  }
  const auto signers = signers_below(m_session.bag, m_question, m_zone->zone);
  if (m_ds_fault && m_ds_fault->reason > BogusReason::WrongSigner) return *m_ds_fault;
  const Missing chain = missing_chain(m_session, signers);
  const auto is_ds = [](const Question& question) { return question.type == RrType::Ds; };
  if (!std::ranges::all_of(chain.needed, is_ds)) return chain;
  // Also of a signed zone whose DS records are not here: that there are none may be what takes so many iterations.
  if (const auto expires = denials.beyond_iterations()) return beyond_proof(*expires);
  if (!chain.needed.empty()) return chain;
  if (m_ds_fault) return *m_ds_fault;
  return unsigned_answer(std::get_if<Open>(&evidence));
}

/// R9276-3a
HopEnd Hop::beyond_proof(EpochSeconds expires) const {
  HopEnd end = insecure(InsecureReason::Nsec3Iterations, m_zone->zone, expires);
  auto& unless = std::get<Insecure>(end).unless;
  const std::size_t most = deepest_apex_labels(m_question);
  for (std::size_t labels = m_zone->zone.label_count() + 1; labels <= most; ++labels)
    unless.push_back({m_question.name.ancestor(labels), RrType::Ds});
  unless.push_back(m_question);
  return end;
}

HopEnd Hop::unsigned_answer(const Open* open) const {
  const std::string what = shown(m_question.name, m_question.type);
  if (m_expanded)
    return Bogus{BogusReason::WildcardUnproven, what + ": no proof that the name itself does not exist"};
  Missing missing =
      missing_answer(m_session, m_question, open != nullptr ? open->unknown : std::vector<DnsName>{});
  if (!missing.needed.empty() || !missing.cuts.empty()) return missing;
  return Bogus{m_fault.value_or(BogusReason::SignatureMissing),
               what + ": not signed by " + m_zone->zone.to_text() + ", which is signed"};
}

}  // namespace danelaw::dnssec
