#include "dnssec/trace_steps.hpp"

#include <algorithm>

#include "dnssec/base32hex.hpp"
#include "dnssec/names.hpp"

namespace danelaw::dnssec {

namespace {

/// What an NSEC or NSEC3 record says in words that RFC 4035 and RFC 5155 have for it, and between which names.
void tell_denial(TraceStep& step, const Denied& denied) {
  const Bytes rdata = denied.rrset->rdatas.front();
  const DnsName& owner = denied.rrset->owner;
  const auto nsec = Nsec::from_rdata(rdata);
  const auto nsec3 = Nsec3::from_rdata(rdata);
  const bool is_nsec = denied.rrset->type == RrType::Nsec && nsec.ok();
  if (!is_nsec && !nsec3.ok()) return;
  step.text = is_nsec ? owner.to_text() + " to " + nsec->next.to_text()
                      : owner.to_text() + " to " + to_base32hex(nsec3->next_hashed) + ", " +
                            std::to_string(nsec3->iterations) + " iterations";
  const TypeBitmap& types = is_nsec ? nsec->types : nsec3->types;
  switch (denied.what) {
    case Denies::Types:
      step.code = !types.is_delegation()  ? "no-data"
                  : types.has(RrType::Ds) ? "delegation-with-ds"
                                          : "delegation-without-ds";
      return;
    case Denies::Encloser:
      step.code = "closest-encloser";
      return;
    case Denies::Name:
      step.code = !is_nsec && nsec3->opt_out() == OptOut::Yes ? "opt-out" : "no-name";
      return;
    case Denies::EmptyNonTerminal:
      step.code = "empty-non-terminal";
      return;
    case Denies::Uncounted:
      step.code = "too-many-iterations";
      return;
  }
}

}  // namespace

TraceSteps::TraceSteps(Session& session)
    : m_session(session),
      m_known{{}, {}, session.signatures.verified()},
      m_work(session.work.limits()),
      m_signatures(session.now(), session.signatures.sha1(), &m_known, m_work, nullptr) {}

std::size_t TraceSteps::put(TraceStep step) {
  m_steps.push_back(std::move(step));
  return m_steps.size() - 1;
}

std::size_t TraceSteps::put_rrset(const Rrset& rrset, const DnsName& zone, StepState state,
                                  std::string_view code) {
  TraceStep step;
  step.kind = StepKind::Rrset;
  step.state = state;
  step.owner = rrset.owner;
  step.type = rrset.type;
  step.zone = zone;
  step.records = static_cast<std::int64_t>(rrset.rdatas.size());
  step.code = code;
  return m_rrsets[&rrset] = put(std::move(step));
}

void TraceSteps::operator()(const LookedInto& entry) {
  TraceStep step;
  step.kind = StepKind::Question;
  step.state = StepState::Unused;
  step.owner = entry.question.name;
  step.type = entry.question.type;
  put(std::move(step));
}

void TraceSteps::operator()(const Checked& entry) {
  const Rrset& rrset = *entry.rrset;
  // The keys of a zone were shown when it was entered.
  if (rrset.type == RrType::Dnskey && m_rrsets.contains(&rrset)) return;
  const SignatureVerdict& verdict = m_session.signatures.checked().at({&rrset, entry.zone});
  const auto* const valid = std::get_if<Signed>(&verdict);
  // One that does not verify need not be missed: the end says so.
  const std::size_t of =
      put_rrset(rrset, entry.zone, valid != nullptr ? StepState::Secure : StepState::Unused,
                valid != nullptr ? "" : to_string(std::get<BogusReason>(verdict)));
  if (valid != nullptr && !valid->covers_itself(rrset.owner))
    m_steps[of].target = wildcard_of(rrset.owner.ancestor(valid->labels));
  put_signatures(rrset, of, entry.zone);
  if (rrset.type != RrType::Ds) return;
  auto leads = put_ds_records(rrset, of);
  if (valid != nullptr) m_leads[&rrset] = std::move(leads);
}

void TraceSteps::operator()(const Entering& entry) {
  const auto leads = entry.ds == nullptr ? put_anchors(entry.zone) : m_leads[entry.ds];
  const auto rrsets = m_session.bag.find(entry.zone, RrType::Dnskey);
  if (leads.empty() || rrsets.empty()) return;
  const bool entered = m_session.zones.find(entry.zone) != nullptr;
  const std::size_t of =
      put_rrset(rrsets.front(), entry.zone, entered ? StepState::Secure : StepState::Unused, "");
  put_keys(rrsets.front(), of, leads);
  put_signatures(rrsets.front(), of, entry.zone);
}

void TraceSteps::operator()(const Denied& entry) {
  TraceStep step;
  step.kind = StepKind::Denial;
  step.state = StepState::Secure;
  step.owner = entry.about;
  step.type = entry.rrset->type;
  step.rrset = m_rrsets.at(entry.rrset);
  step.zone = m_steps[*step.rrset].zone;
  tell_denial(step, entry);
  const bool is_told = std::ranges::any_of(m_steps, [&](const TraceStep& told) {
    return told.kind == StepKind::Denial && told.rrset == step.rrset && told.owner == step.owner &&
           told.code == step.code;
  });
  if (!is_told) put(std::move(step));
}

void TraceSteps::operator()(const Led& entry) {
  TraceStep step;
  step.kind = StepKind::Alias;
  step.state = StepState::Secure;
  step.owner = entry.from;
  step.target = entry.to;
  step.type = entry.rrset->type;
  step.rrset = m_rrsets.at(entry.rrset);
  step.zone = m_steps[*step.rrset].zone;
  put(std::move(step));
}

}  // namespace danelaw::dnssec
