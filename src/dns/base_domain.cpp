#include "dns/base_domain.hpp"

#include <algorithm>
#include <utility>

namespace danelaw::dns {
namespace {

using tlsa::LookupError;
using tlsa::LookupFault;

/// Where TLSA would stand for `base`; nothing where that name would be too long to exist.
std::optional<Question> tlsa_question(const TlsaQuestion& question, const DnsName& base) {
  const auto owner = tlsa::owner_name(question.port, question.transport, base);
  if (!owner) return std::nullopt;
  return Question{*owner, RrType::Tlsa};
}

/// The name at the end of a validated answer's aliases; null for an answer that is not validated.
const DnsName* secure_owner(const Answer& answer) {
  if (const auto* rrset = std::get_if<SecureRrset>(&answer)) return &rrset->owner;
  if (const auto* denial = std::get_if<SecureDenial>(&answer)) return &denial->owner;
  return nullptr;
}

LookupError error_about(const Question& question, const FailedAnswer& failed) {
  const char* what = question.type == RrType::Tlsa    ? "TLSA of "
                     : question.type == RrType::Cname ? "CNAME of "
                                                      : "the addresses of ";
  return LookupError{failed.fault, what + question.name.to_text() + ": " + failed.reason};
}

}  // namespace

BaseDomainSearch::BaseDomainSearch(TlsaQuestion question)
    : m_question(std::move(question)),
      m_a{m_question.host, RrType::A},
      m_aaaa{m_question.host, RrType::Aaaa} {
  // Everything that is sure to be needed goes out at once; TLSA at the host nearly always is.
  need(m_a);
  need(m_aaaa);
  if (const auto at_host = tlsa_question(m_question, m_question.host)) need(*at_host);
  if (m_question.aliases == AliasOrder::HostOnly) settle(m_question.host);
}

std::vector<Question> BaseDomainSearch::missing() { return std::exchange(m_missing, {}); }

void BaseDomainSearch::take(const Question& question, const Answer& answer) {
  const auto asked = m_questions.find(question);
  if (m_answer || asked == m_questions.end() || asked->second) return;
  asked->second = answer;
  advance();
}

/// The answer, or null while there is none; asks for it if nobody has.
const Answer* BaseDomainSearch::need(const Question& question) {
  const auto [at, first_time] = m_questions.try_emplace(question);
  if (first_time) m_missing.push_back(question);
  return at->second ? &*at->second : nullptr;
}

const Answer* BaseDomainSearch::known(const Question& question) const {
  const auto at = m_questions.find(question);
  return at != m_questions.end() && at->second ? &*at->second : nullptr;
}

/// One family is enough: both say the same about aliases and about the zone being signed (decision 0009).
const Answer* BaseDomainSearch::secure_address() const {
  for (const Question* question : {&m_a, &m_aaaa}) {
    const Answer* answer = known(*question);
    if (answer != nullptr && secure_owner(*answer) != nullptr) return answer;
  }
  return nullptr;
}

void BaseDomainSearch::give_up(const FailedAnswer& failure) {
  // What failed may have been of no consequence, or may lead to new questions, which fail too.
  for (bool open = !m_answer; open && !m_answer;) {
    open = false;
    const auto questions = m_questions;
    for (const auto& [question, answer] : questions) {
      if (answer) continue;
      open = true;
      take(question, failure);
    }
  }
  if (!m_answer) finish(LookupError{failure.fault, failure.reason}, m_question.host, Candidate::Host);
}

void BaseDomainSearch::advance() {
  if (const Answer* address = secure_address()) return with_secure_address(*address);
  const Answer* a = known(m_a);
  const Answer* aaaa = known(m_aaaa);
  if (a != nullptr && aaaa != nullptr) without_secure_address(*a, *aaaa);
}

/// RFC 7671 section 7: the fully CNAME-expanded name is the preferred TLSA base domain, if all of the way there is secure,
/// and the original name comes after it. Names in between are never candidates.
void BaseDomainSearch::with_secure_address(const Answer& address) {
  const DnsName& host = m_question.host;
  const DnsName& expanded = *secure_owner(address);
  if (expanded == host || m_question.aliases == AliasOrder::HostOnly) {
    settle(host);
    if (!tlsa_question(m_question, host))
      use_until(expiry_of(address));  // nothing else will have been consulted
    return decide_at(host, Candidate::Host);
  }
  use_until(expiry_of(address));
  const auto question = tlsa_question(m_question, expanded);
  if (question) {
    const Answer* answer = need(*question);
    if (answer == nullptr) return;
    const bool goes_on =
        std::holds_alternative<SecureDenial>(*answer) || std::holds_alternative<InsecureAnswer>(*answer);
    if (!goes_on) return decide_at(expanded, Candidate::Expanded);
    use_until(expiry_of(*answer));
    if (const auto* insecure = std::get_if<InsecureAnswer>(answer)) m_insecure_candidate = insecure->reason;
  }
  settle(host);
  decide_at(host, Candidate::Host);
}

/// RFC 7671 section 7, RFC 7672 section 2.2.2: the host is the only candidate, and only if its own first CNAME is secure.
/// Where the host itself is unsigned no answer about TLSA counts, not even a failure.
void BaseDomainSearch::without_secure_address(const Answer& a, const Answer& aaaa) {
  const DnsName& host = m_question.host;
  const auto* insecure = std::get_if<InsecureAnswer>(&a);
  if (insecure == nullptr) insecure = std::get_if<InsecureAnswer>(&aaaa);
  if (insecure == nullptr) return finish(error_about(m_a, std::get<FailedAnswer>(a)), host, Candidate::Host);

  settle(host);
  use_until(insecure->expires);
  if (!insecure->may_be_aliased) return finish(TlsaInsecure{insecure->reason}, host, Candidate::Host);
  const Question first_alias{host, RrType::Cname};
  const Answer* alias = need(first_alias);
  if (alias == nullptr) return;
  if (std::holds_alternative<SecureRrset>(*alias)) {
    use_until(expiry_of(*alias));
    return decide_at(host, Candidate::Host);
  }
  if (const auto* failed = std::get_if<FailedAnswer>(alias))
    return finish(error_about(first_alias, *failed), host, Candidate::Host);
  if (std::holds_alternative<SecureDenial>(*alias))
    return finish(
        LookupError{LookupFault::Contradiction, host.to_text() + " has unsigned addresses, and a signed "
                                                                 "proof that it is no alias"},
        host, Candidate::Host);
  finish(TlsaInsecure{insecure->reason}, host, Candidate::Host);
}

/// The candidate counts; what TLSA says there is the end of the search.
void BaseDomainSearch::decide_at(const DnsName& base, Candidate candidate) {
  const auto question = tlsa_question(m_question, base);
  // No such name can exist below one that is this long, and the zone is signed: that is absence.
  if (!question) return finish(TlsaAbsent{}, base, candidate);
  const Answer* answer = need(*question);
  if (answer == nullptr) return;
  use_until(expiry_of(*answer));
  if (const auto* rrset = std::get_if<SecureRrset>(answer))
    return finish(TlsaFound{rrset->rdatas}, base, candidate);
  if (std::holds_alternative<SecureDenial>(*answer) && m_insecure_candidate)
    return finish(TlsaInsecure{*m_insecure_candidate}, base, candidate);
  if (std::holds_alternative<SecureDenial>(*answer)) return finish(TlsaAbsent{}, base, candidate);
  if (const auto* insecure = std::get_if<InsecureAnswer>(answer))
    return finish(TlsaInsecure{insecure->reason}, base, candidate);
  finish(error_about(*question, std::get<FailedAnswer>(*answer)), m_question.host, Candidate::Host);
}

void BaseDomainSearch::settle(const DnsName& name) {
  if (!m_settled) m_settled = name;
}

void BaseDomainSearch::use_until(EpochSeconds expires) {
  m_expires = std::min(expires, m_expires.value_or(expires));
}

void BaseDomainSearch::finish(TlsaResult result, const DnsName& base, Candidate candidate) {
  settle(base);
  m_answer = TlsaAnswer{std::move(result), base, candidate == Candidate::Expanded, m_expires.value_or(0)};
}

}  // namespace danelaw::dns
