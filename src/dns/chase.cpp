#include "dns/chase.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "dns/stub_answer.hpp"
#include "dnssec/proof.hpp"

namespace danelaw::dns {
namespace {

using dnssec::ResourceRecord;
using tlsa::LookupFault;

/// Zones that signed something of the reply, and owners of its records: where aliases lead.
struct Hints {
  std::set<DnsName> signers;
  std::set<DnsName> owners;
};

Hints hints_in(const dnssec::Message& message) {
  Hints hints;
  for (const auto* section : {&message.answer(), &message.authority()}) {
    for (const ResourceRecord& record : *section) {
      if (hints.signers.size() + hints.owners.size() == max_guesses_per_reply) return hints;
      if (section == &message.answer()) hints.owners.insert(record.owner);
      if (record.type != RrType::Rrsig) continue;
      if (const auto rrsig = dnssec::Rrsig::from_rdata(record.rdata)) hints.signers.insert(rrsig->signer);
    }
  }
  return hints;
}

bool has_signature(const dnssec::Message& message) {
  const auto is_signature = [](const ResourceRecord& record) { return record.type == RrType::Rrsig; };
  return std::ranges::any_of(message.answer(), is_signature) ||
         std::ranges::any_of(message.authority(), is_signature);
}

void attach_proof(Answer& answer, const std::vector<ResourceRecord>& records, const Question& question,
                  const Ground& ground) {
  auto proof = dnssec::proof_in(records, question, ground.anchors, ground.now);
  if (!proof) return;
  const auto shared = std::make_shared<const std::vector<ResourceRecord>>(std::move(proof->records));
  if (auto* const secure = std::get_if<SecureRrset>(&answer)) secure->proof = shared;
  if (auto* const denial = std::get_if<SecureDenial>(&answer)) denial->proof = shared;
  if (auto* const insecure = std::get_if<InsecureAnswer>(&answer)) insecure->proof = shared;
}

std::string shown(const Question& question) {
  if (question.type == RrType::Ds) return question.name.to_text() + " DS";
  if (question.type == RrType::Dnskey) return question.name.to_text() + " DNSKEY";
  return question.name.to_text();
}

}  // namespace

void Chase::put(std::vector<Question>& out, const Question& question, Want want) {
  if (m_asked.contains(question)) return;
  if (m_asked.size() >= max_questions_per_lookup) {
    m_past_limit = m_past_limit || want == Want::Needed;
    return;
  }
  m_asked.emplace(question, Asked{want});
  out.push_back(question);
}

void Chase::put_all(std::vector<Question>& out, const std::vector<Question>& questions, Want want) {
  for (const Question& question : questions) put(out, question, want);
}

std::vector<Question> Chase::begin(const Ground& ground) {
  std::vector<Question> out;
  put(out, m_question, Want::Needed);
  put_all(out, guessed_chain(m_question, ground), Want::Awaited);
  return out;
}

std::vector<Question> Chase::take(const Question& question, const std::shared_ptr<const Fetched>& fetched,
                                  const Ground& ground) {
  const auto asked = m_asked.find(question);
  if (asked == m_asked.end() || asked->second.fetched) return {};
  asked->second.fetched = fetched;
  const auto* const reply = std::get_if<Reply>(fetched.get());
  if (reply == nullptr) return {};
  const dnssec::Message& message = reply->message;
  bool& seen = m_signatures_seen[reply->resolver];
  seen = seen || has_signature(message);
  if (m_records.size() + message.answer().size() + message.authority().size() > max_records_per_lookup) {
    m_past_limit = true;
    return {};
  }
  m_records.insert(m_records.end(), message.answer().begin(), message.answer().end());
  m_records.insert(m_records.end(), message.authority().begin(), message.authority().end());
  if (question != m_question) return {};
  std::vector<Question> out;
  const Hints hints = hints_in(message);
  for (const DnsName& signer : hints.signers) put_all(out, chain_to(signer, ground), Want::Idle);
  for (const DnsName& owner : hints.owners)
    put_all(out, guessed_chain({owner, m_question.type}, ground), Want::Idle);
  return out;
}

bool Chase::is_open(Want want) const {
  return std::ranges::any_of(
      m_asked, [want](const auto& asked) { return asked.second.want == want && !asked.second.fetched; });
}

const Fetched* Chase::reply_to_question() const {
  const auto asked = m_asked.find(m_question);
  return asked == m_asked.end() ? nullptr : asked->second.fetched.get();
}

bool Chase::is_ready() const {
  const Fetched* const reply = reply_to_question();
  if (reply == nullptr) return false;
  if (std::holds_alternative<FailedAnswer>(*reply) || m_past_limit) return true;
  if (is_open(Want::Needed)) return false;
  if (!m_patient) return true;
  return !is_open(Want::Awaited) && !(m_wait_for_all && is_open(Want::Idle));
}

bool Chase::waits_for_guesses() const {
  return !is_ready() && reply_to_question() != nullptr && !is_open(Want::Needed);
}

Chase::Step Chase::judge(const Ground& ground, dnssec::Known& learned) {
  Step step = decide(ground, learned);
  if (auto* const answer = std::get_if<Answer>(&step))
    std::visit([&](auto& any) { any.trace = trace(ground); }, *answer);
  return step;
}

SharedTrace Chase::trace(const Ground& ground) const {
  if (m_proofs != Proofs::KeepAndTrace) return nullptr;
  return std::make_shared<const dnssec::Trace>(
      dnssec::trace(m_question, m_records, ground.anchors, ground.now));
}

Chase::Step Chase::decide(const Ground& ground, dnssec::Known& learned) {
  const Fetched& fetched = *reply_to_question();
  if (const auto* const failure = std::get_if<FailedAnswer>(&fetched)) return *failure;
  if (m_past_limit || ++m_rounds > max_rounds_per_lookup)
    return FailedAnswer{LookupFault::Limit, "the proof takes more questions than are asked"};
  const dnssec::JudgeOptions options{.known = &ground.known};
  dnssec::Judgement judgement = dnssec::judge(m_question, m_records, ground.anchors, ground.now, options);
  learned = std::move(judgement.learned);
  const dnssec::Verdict& verdict = judgement.verdict;
  const auto* const missing = std::get_if<dnssec::Missing>(&verdict);
  const auto* const bogus = std::get_if<dnssec::Bogus>(&verdict);
  m_unproven =
      missing != nullptr || (bogus != nullptr && bogus->reason == dnssec::BogusReason::SignatureMissing);
  if (missing != nullptr) return step_for(*missing, ground);
  if (const auto* const insecure = std::get_if<dnssec::Insecure>(&verdict);
      insecure != nullptr && !is_settled(*insecure))
    return step_for({insecure->unless, {}}, ground);
  // What is on its way may still prove it.
  if (bogus != nullptr && m_patient && !m_wait_for_all && is_open(Want::Idle)) {
    m_wait_for_all = true;
    return std::vector<Question>();
  }
  Answer answer = answer_of(verdict, std::get<Reply>(fetched).message, ground.now);
  if (m_proofs != Proofs::Forget) attach_proof(answer, m_records, m_question, ground);
  return answer;
}

Chase::Step Chase::step_for(const dnssec::Missing& missing, const Ground& ground) {
  std::vector<Question> out;
  put_all(out, missing.needed, Want::Needed);
  const bool waiting = promote_open(missing.needed);
  if (out.empty() && !waiting) {
    put_all(out, missing.cuts, Want::Needed);
    if (out.empty() && !promote_open(missing.cuts)) return exhausted(missing);
  }
  if (m_past_limit) return exhausted(missing);
  // Whose keys are needed, those above it will be needed too.
  const std::vector<Question> asked = out;
  for (const Question& question : asked)
    if (question.type == RrType::Dnskey) put_all(out, chain_to(question.name, ground), Want::Idle);
  return out;
}

/// All that could prove more was answered; and by the zone itself where its denial is what counts, which it signs.
bool Chase::is_settled(const dnssec::Insecure& insecure) const {
  const auto reply_to = [this](const Question& question) -> const Reply* {
    const auto asked = m_asked.find(question);
    if (asked == m_asked.end() || asked->second.fetched == nullptr) return nullptr;
    return std::get_if<Reply>(asked->second.fetched.get());
  };
  if (dnssec::stands_alone(insecure)) return true;
  const auto& unless = insecure.unless;
  if (!std::ranges::all_of(unless, reply_to)) return false;
  return unless.front().type != RrType::Ds || has_signature(reply_to(unless.front())->message);
}

/// True where any of these is still on its way, and waited for from now on.
bool Chase::promote_open(const std::vector<Question>& questions) {
  bool any = false;
  for (const Question& question : questions) {
    const auto asked = m_asked.find(question);
    if (asked == m_asked.end() || asked->second.fetched) continue;
    asked->second.want = Want::Needed;
    any = true;
  }
  return any;
}

/// All was asked for. Where a question failed, that is why.
FailedAnswer Chase::exhausted(const dnssec::Missing& missing) {
  if (m_past_limit) return {LookupFault::Limit, "the proof takes more questions than are asked"};
  m_unproven = false;
  std::string what;
  for (const auto* list : {&missing.needed, &missing.cuts}) {
    for (const Question& question : *list) {
      const auto asked = m_asked.find(question);
      if (asked == m_asked.end() || !asked->second.fetched) continue;
      if (const auto* const failure = std::get_if<FailedAnswer>(asked->second.fetched.get()))
        return {failure->fault, shown(question) + ": " + failure->reason};
      if (what.empty()) what = shown(question);
    }
  }
  m_unproven = true;
  return {LookupFault::Indeterminate, "no proof could be had" + (what.empty() ? "" : " about " + what)};
}

std::optional<std::size_t> Chase::stripping_resolver() const {
  if (!m_unproven) return std::nullopt;
  for (const auto& [resolver, seen] : m_signatures_seen)
    if (!seen) return resolver;
  return std::nullopt;
}

std::optional<std::size_t> Chase::only_resolver() const {
  if (m_signatures_seen.size() != 1) return std::nullopt;
  return m_signatures_seen.begin()->first;
}

}  // namespace danelaw::dns
